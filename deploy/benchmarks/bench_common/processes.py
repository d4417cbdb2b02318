"""What the processes of a server cost, read from /proc."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# What reading /proc raises about a process that ended meanwhile, as helpers of a database do.
ENDED = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Memory:
    """Resident memory of one process in MB (10⁶ bytes)."""

    command: str
    now: float
    highest: float


def tree(pid):
    """The process and all its descendants, parents first."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(_after_name(stat)[1])
        except ENDED:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


@contextlib.contextmanager
def standing_still(pids):
    """Stops the processes and their children for a while: idle servers aren't always idle (MLflow's job workers use a
    fifth of a machine with two cores)."""
    stopped = [pid for root in pids for pid in tree(root)]
    _send(signal.SIGSTOP, stopped)
    try:
        yield
    finally:
        _send(signal.SIGCONT, stopped)


def _send(number, pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def cpu_seconds(pids):
    """CPU time that the processes have used so far, in user and kernel mode, with that of their children that ended."""
    ticks = 0
    for pid in pids:
        try:
            fields = _after_name(Path(f"/proc/{pid}/stat"))
        except ENDED:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS_PER_SECOND


def tree_cpu_seconds(roots):
    """The same of these processes with all their descendants."""
    return cpu_seconds(pid for root in roots for pid in tree(root))


def machine_busy_seconds():
    """CPU time that all processes of the machine have used since it started."""
    user, nice, system, _, _, interrupts, soft_interrupts = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8])
    return (user + nice + system + interrupts + soft_interrupts) / TICKS_PER_SECOND


def memory(pid):
    """VmRSS and VmHWM of one process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    # A process that has ended and that its parent hasn't noticed yet has none.
    kilobytes = {name: int(values.get(name, "0").split()[0]) for name in ("VmRSS", "VmHWM")}
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    return Memory(command, kilobytes["VmRSS"] * 1024 / 1e6, kilobytes["VmHWM"] * 1024 / 1e6)


def _after_name(stat):
    """The fields of a stat file that follow the process name (which may hold spaces): state, parent, …"""
    return stat.read_text().rsplit(")", 1)[1].split()

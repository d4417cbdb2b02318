"""CPU time and memory of a server's processes, read from /proc."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# The exceptions from reading /proc for a process that has just exited, such as a database worker.
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
def suspended(pids):
    """Suspends the processes and their children during the context: idle servers still use CPU time, such as MLflow's job workers."""
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
    """User and system CPU time of the processes so far, including their exited children, in seconds."""
    ticks = 0
    for pid in pids:
        try:
            fields = _after_name(Path(f"/proc/{pid}/stat"))
        except ENDED:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS_PER_SECOND


def tree_cpu_seconds(roots):
    """The same for these processes and all their descendants."""
    return cpu_seconds(pid for root in roots for pid in tree(root))


def machine_busy_seconds():
    """CPU time of all processes of the machine since boot, in seconds."""
    user, nice, system, _, _, interrupts, soft_interrupts = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8])
    return (user + nice + system + interrupts + soft_interrupts) / TICKS_PER_SECOND


def memory(pid):
    """VmRSS and VmHWM of one process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    # A zombie has none.
    kilobytes = {name: int(values.get(name, "0").split()[0]) for name in ("VmRSS", "VmHWM")}
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    return Memory(command, kilobytes["VmRSS"] * 1024 / 1e6, kilobytes["VmHWM"] * 1024 / 1e6)


def _after_name(stat):
    """The fields of a stat file after the process name (which may contain spaces): state, parent, …"""
    return stat.read_text().rsplit(")", 1)[1].split()

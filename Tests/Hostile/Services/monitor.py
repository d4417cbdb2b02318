"""The memory and CPU use of a service under attack, and the response times of its probes."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

# Probes run in a separate process, since the attackers' threads would delay them. Each uses a new connection, like Kubernetes' probes.
PROBE = """
import http.client, json, os, sys, time
host, port, path, stop, result = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
try:
    os.nice(-10)
except OSError:
    pass
times, failures = [], []
while True:
    is_last = os.path.exists(stop)
    start = time.perf_counter()
    try:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            failures.append(status)
    except OSError as error:
        failures.append(repr(error))
    times.append(time.perf_counter() - start)
    if is_last:
        break
    time.sleep(0.01)
with open(result, "w") as file:
    json.dump({"times": times, "failures": failures}, file)
"""


class Monitor:
    """The measurements of an attack; complete once the context has ended."""

    def __init__(self) -> None:
        self.peak_memory = 0
        self.cpu_seconds = 0.0
        self.probe_times: list[float] = []
        self.probe_failures: list[Any] = []

    @property
    def slowest_probe(self) -> float:
        return max(self.probe_times)

    def __str__(self) -> str:
        times = sorted(self.probe_times)
        return (
            f"{self.peak_memory / 1e6:.0f} MB at the peak, {self.cpu_seconds:.1f} s of CPU, {len(times)} probes: "
            f"median {times[len(times) // 2] * 1000:.1f} ms, slowest {times[-1] * 1000:.1f} ms, failures {self.probe_failures[:3]}")


def _cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """The peak resident memory of the process since its start or since `reset_peak_memory`, in bytes."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def reset_peak_memory(pid: int) -> None:
    # proc(5), clear_refs: 5 resets the peak.
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


@contextlib.contextmanager
def monitoring(url: str, pid: int, path: str = "/livez") -> Iterator[Monitor]:
    """Probes `path` of a service and monitors its process for the duration of the context."""
    parts = urllib.parse.urlsplit(url)
    monitor = Monitor()
    with tempfile.TemporaryDirectory() as directory:
        stop, result = pathlib.Path(directory, "stop"), pathlib.Path(directory, "result")
        probe = subprocess.Popen(
            [sys.executable, "-c", PROBE, parts.hostname or "", str(parts.port), path, str(stop), str(result)])
        time.sleep(0.5)
        reset_peak_memory(pid)
        began = _cpu_seconds(pid)
        try:
            yield monitor
        finally:
            stop.touch()
            probe.wait(60)
        monitor.cpu_seconds = _cpu_seconds(pid) - began
        monitor.peak_memory = peak_memory(pid)
        figures = json.loads(result.read_text())
        monitor.probe_times, monitor.probe_failures = figures["times"], figures["failures"]

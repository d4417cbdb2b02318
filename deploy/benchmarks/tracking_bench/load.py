"""Drives a server with wrk, which costs the machine little beside the server it measures."""

import json
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw."""

    requests: int
    """Answers received."""
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int
    """Answers with a status of 400 or more, broken connections and timeouts."""
    cpu_seconds: float
    """CPU time that wrk itself used."""


def drive(url, workload, *, connections, seconds, experiment_id, run_ids=(), first_step=0):
    """Keeps `connections` connections busy with one workload of load.lua for `seconds`."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "60s", "--script", str(SCRIPT), url, "--"]
    command += [workload, str(first_step), str(experiment_id), *run_ids]
    used = _children_cpu_seconds()
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    counts = json.loads(finished.stdout.strip().splitlines()[-1])
    return Load(
        requests=counts["requests"],
        seconds=counts["duration"] / 1e6,
        p50_ms=counts["p50"] / 1e3,
        p99_ms=counts["p99"] / 1e3,
        errors=counts["refused"] + counts["broken"],
        cpu_seconds=_children_cpu_seconds() - used,
    )


def _children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

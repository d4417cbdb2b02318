"""Drives a server with wrk, which uses little CPU time compared with the measured server."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """The results of a run of wrk."""

    requests: int
    """Responses received."""
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int
    """Responses with a status of 400 or more, broken connections and timeouts."""


def drive(url: str, script: Path, arguments: list[str], *, connections: int, seconds: int) -> Load:
    """Keeps `connections` connections busy for `seconds` with the requests of a script, which loads done.lua."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "60s", "--script", str(script), url, "--", *arguments]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    counts = json.loads(finished.stdout.strip().splitlines()[-1])
    return Load(
        requests=counts["requests"],
        seconds=counts["duration"] / 1e6,
        p50_ms=counts["p50"] / 1e3,
        p99_ms=counts["p99"] / 1e3,
        errors=counts["rejected"] + counts["broken"],
    )

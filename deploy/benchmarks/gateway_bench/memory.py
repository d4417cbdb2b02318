"""Resident memory of a side over many requests."""

from dataclasses import dataclass

from bench_common import processes

from .load import drive
from .sides import Target

CHUNK_SECONDS = 10
"""Seconds per run of wrk: the load is split up, as wrk counts its requests only at the end."""


@dataclass(frozen=True)
class Growth:
    """Resident memory of all processes of a side before, halfway through and after a number of requests, in MB (10⁶ bytes)."""

    requests: int
    processes: int
    before: float
    halfway: float
    after: float
    errors: int

    @property
    def second_half(self) -> float:
        return self.after - self.halfway


def grown(target: Target, requests: int, connections: int) -> Growth:
    """Sends at least `requests` requests to a newly started side."""
    before = _resident(target)
    first, first_errors = _send(target, requests // 2, connections)
    halfway = _resident(target)
    second, second_errors = _send(target, requests - first, connections)
    return Growth(
        requests=first + second, processes=len(processes.tree(target.pid)), before=before, halfway=halfway,
        after=_resident(target), errors=first_errors + second_errors)


def _send(target: Target, requests: int, connections: int) -> tuple[int, int]:
    completed = errors = 0
    seconds = 1
    while completed < requests:
        load = drive(target.url, connections=connections, seconds=seconds)
        if not load.requests and seconds == CHUNK_SECONDS:
            raise RuntimeError(f"{target.name} doesn't respond")
        completed += load.requests
        errors += load.errors
        # LiteLLM doesn't respond in its first second.
        needed = (requests - completed) * load.seconds / load.requests if load.requests else CHUNK_SECONDS
        seconds = max(1, min(CHUNK_SECONDS, round(needed)))
    return completed, errors


def _resident(target: Target) -> float:
    return sum(processes.memory(pid).now for pid in processes.tree(target.pid))

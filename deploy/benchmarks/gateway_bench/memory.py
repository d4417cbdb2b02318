"""Resident memory of a side over many requests."""

from dataclasses import dataclass

from bench_common import processes

from .load import drive
from .sides import Target

CHUNK_SECONDS = 10
"""The load comes in pieces, as wrk counts its requests only in the end."""


@dataclass(frozen=True)
class Growth:
    """Resident memory of all processes of one side, in MB (10⁶ bytes), after so many requests."""

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
    """Sends a side that was just started at least so many requests."""
    before = _resident(target)
    first, first_errors = _send(target, requests // 2, connections)
    halfway = _resident(target)
    second, second_errors = _send(target, requests - first, connections)
    return Growth(
        requests=first + second, processes=len(processes.tree(target.pid)), before=before, halfway=halfway,
        after=_resident(target), errors=first_errors + second_errors)


def _send(target: Target, requests: int, connections: int) -> tuple[int, int]:
    answered = errors = 0
    seconds = 1
    while answered < requests:
        load = drive(target.url, connections=connections, seconds=seconds)
        if not load.requests and seconds == CHUNK_SECONDS:
            raise RuntimeError(f"{target.name} answers nothing")
        answered += load.requests
        errors += load.errors
        # LiteLLM answers nothing in its first second.
        needed = (requests - answered) * load.seconds / load.requests if load.requests else CHUNK_SECONDS
        seconds = max(1, min(CHUNK_SECONDS, round(needed)))
    return answered, errors


def _resident(target: Target) -> float:
    return sum(processes.memory(pid).now for pid in processes.tree(target.pid))

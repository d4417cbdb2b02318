"""Requests over many connections and over one, on the sides in turn."""

from collections.abc import Iterator, Sequence

from bench_common import processes
from bench_common.metering import metered
from bench_common.rounds import Result, together

from .load import drive
from .sides import Target

WARM_SECONDS = 1
"""Seconds of warm-up before a measurement: the side was stopped, and the previous load ended amid its requests."""


def in_turn(targets: Sequence[Target], rounds: int, connections: int) -> Iterator[tuple[Target, int]]:
    """Yields each target `rounds` times, warmed up and with the other proxies stopped, with the number of the round.

The first target is the upstream, which serves all others and keeps running.
    """
    for turn in range(rounds):
        for target in targets:
            others = [other.pid for other in targets[1:] if other is not target]
            with processes.suspended(others):
                drive(target.url, connections=connections, seconds=WARM_SECONDS)
                yield target, turn


def pids(target: Target, upstream: Target) -> tuple[list[int], list[int]]:
    """The processes that are measured, and the helpers."""
    return [target.pid], [] if target is upstream else [upstream.pid]


def compare(targets: Sequence[Target], *, connections: int, seconds: int, rounds: int) -> dict[str, Result]:
    """Runs the same load on all targets and returns the results by name."""
    upstream = targets[0]
    seen = {target.name: [] for target in targets}
    for target, _ in in_turn(targets, rounds, connections):
        seen[target.name].append(metered(
            lambda url=target.url: drive(url, connections=connections, seconds=seconds), *pids(target, upstream)))
    return {name: together(several) for name, several in seen.items()}

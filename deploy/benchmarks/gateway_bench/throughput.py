"""Requests over many connections and over one, the sides in turn."""

from collections.abc import Iterator, Sequence

from bench_common import processes
from bench_common.metering import metered
from bench_common.rounds import Result, together

from .load import drive
from .sides import Target

WARM_SECONDS = 1
"""What a side is driven before it is measured: it has stood still, and the last load ended amid its requests."""


def in_turn(targets: Sequence[Target], rounds: int, connections: int) -> Iterator[tuple[Target, int]]:
    """Each target warm, the other proxies standing still, `rounds` times; with the number of the round.

    The first target is the upstream, which works for all others.
    """
    for turn in range(rounds):
        for target in targets:
            others = [other.pid for other in targets[1:] if other is not target]
            with processes.standing_still(others):
                drive(target.url, connections=connections, seconds=WARM_SECONDS)
                yield target, turn


def pids(target: Target, upstream: Target) -> tuple[list[int], list[int]]:
    """The processes that are measured, and those that help."""
    return [target.pid], [] if target is upstream else [upstream.pid]


def compare(targets: Sequence[Target], *, connections: int, seconds: int, rounds: int) -> dict[str, Result]:
    """The same load on all targets; answers what came of it, by name."""
    upstream = targets[0]
    seen = {target.name: [] for target in targets}
    for target, _ in in_turn(targets, rounds, connections):
        seen[target.name].append(metered(
            lambda: drive(target.url, connections=connections, seconds=seconds), *pids(target, upstream)))
    return {name: together(several) for name, several in seen.items()}

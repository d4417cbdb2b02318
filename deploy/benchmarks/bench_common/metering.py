"""CPU use of a server under load, and of everything else on the machine."""

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from . import processes

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Metered(Generic[Seen]):
    """One measurement."""

    seen: Seen
    """The results of the load generator."""
    server_seconds: float
    """CPU time of the server, in seconds."""
    elsewhere: float
    """Fraction of the machine's CPU time used by neither the server, its helpers nor the load generator."""


def metered(load: Callable[[], Seen], server_pids: Sequence[int], helper_pids: Sequence[int] = ()) -> Metered[Seen]:
    """Runs a load on a server that consists of these processes and their descendants, which may come and go.

The helpers' CPU time counts neither as the server's nor as other programs'.
    """
    def used() -> tuple[float, float, float]:
        server, helpers = (processes.tree_cpu_seconds(pids) for pids in (server_pids, helper_pids))
        return server, helpers + _ended_children_seconds(), processes.machine_busy_seconds()

    before, begin = used(), time.monotonic()
    seen = load()
    server, ours, machine = (after - earlier for after, earlier in zip(used(), before, strict=True))
    elsewhere = (machine - server - ours) / (time.monotonic() - begin) / os.cpu_count()
    return Metered(seen, server, max(0, elsewhere))


def _ended_children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

"""What a server costs while it is under load, and what else the machine was busy with."""

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
    """What the program that made the load saw."""
    server_seconds: float
    """CPU time of the server."""
    elsewhere: float
    """Share of the machine's CPU time that neither the server, its helpers nor the load took."""


def metered(load: Callable[[], Seen], server_pids: Sequence[int], helper_pids: Sequence[int] = ()) -> Metered[Seen]:
    """Runs a program that loads a server, which consists of these processes and their descendants; those may come and go.

    The CPU time of the helpers is neither the server's nor anybody else's.
    """
    def used() -> tuple[float, float, float]:
        server, helpers = (processes.tree_cpu_seconds(pids) for pids in (server_pids, helper_pids))
        return server, helpers + _ended_children_seconds(), processes.machine_busy_seconds()

    before, begin = used(), time.monotonic()
    seen = load()
    server, ours, machine = (after - earlier for after, earlier in zip(used(), before))
    elsewhere = (machine - server - ours) / (time.monotonic() - begin) / os.cpu_count()
    return Metered(seen, server, max(0, elsewhere))


def _ended_children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

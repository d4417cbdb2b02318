"""Several rounds of one load on one server, taken together."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from .metering import Metered
from .wrk import Load


@dataclass(frozen=True)
class Result:
    """One load on one server: the rate over all rounds together, the medians of their times."""

    per_second: float
    """Over all rounds: in some, a server may answer hardly anything, which the median of three may hide or show alone."""
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """CPU time of the server for one request: unlike the rate, hardly touched by busy neighbours."""
    errors: int
    elsewhere: float
    """Share of the machine's CPU time that was used by others; on a quiet machine about 0."""


def together(rounds: Sequence[Metered[Load]]) -> Result:
    """All rounds of one load on one server."""
    loads = [each.seen for each in rounds]
    return Result(
        per_second=sum(load.requests for load in loads) / sum(load.seconds for load in loads),
        p50_ms=statistics.median(load.p50_ms for load in loads),
        p99_ms=statistics.median(load.p99_ms for load in loads),
        cpu_ms=statistics.median(each.server_seconds / max(each.seen.requests, 1) * 1e3 for each in rounds),
        errors=sum(load.errors for load in loads),
        elsewhere=statistics.median(each.elsewhere for each in rounds),
    )

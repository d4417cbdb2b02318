"""Several rounds of a load on a server, combined."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from .metering import Metered
from .wrk import Load


@dataclass(frozen=True)
class Result:
    """A load on a server: the rate over all rounds, the medians of the times."""

    per_second: float
    """Over all rounds: in some, a server may serve hardly any requests, which a median could hide or exaggerate."""
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """CPU time of the server per request: unlike the rate, it hardly depends on other load on the machine."""
    errors: int
    elsewhere: float
    """Fraction of the machine's CPU time used by other programs; about 0 on an idle machine."""


def together(rounds: Sequence[Metered[Load]]) -> Result:
    """Combines all rounds of a load on a server."""
    loads = [each.seen for each in rounds]
    return Result(
        per_second=sum(load.requests for load in loads) / sum(load.seconds for load in loads),
        p50_ms=statistics.median(load.p50_ms for load in loads),
        p99_ms=statistics.median(load.p99_ms for load in loads),
        cpu_ms=statistics.median(each.server_seconds / max(each.seen.requests, 1) * 1e3 for each in rounds),
        errors=sum(load.errors for load in loads),
        elsewhere=statistics.median(each.elsewhere for each in rounds),
    )

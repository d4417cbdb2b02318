"""Many concurrent streams, on the sides in turn."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_common.metering import Metered, metered

from .load import Streams, read_streams
from .programs import compiled
from .sides import Side, Target
from .throughput import in_turn, pids


@dataclass(frozen=True)
class Frames:
    """All rounds of one side: sums of the counts, medians of the times."""

    frames: int
    lost: int
    misordered: int
    repeated: int
    broken: int
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """CPU time of the side per frame."""
    elsewhere: float

    @property
    def spotless(self) -> bool:
        """Whether every frame arrived exactly once and in order, and every stream ended properly."""
        return not (self.lost or self.misordered or self.repeated or self.broken)


def compare(
    targets: Sequence[Target], sides: Sequence[Side], directory: Path, *, streams: int, frames: int, pace: float, rounds: int,
    connections: int,
) -> dict[str, Frames]:
    """Runs the same streams through all targets and returns the results by name."""
    program = compiled("streams", directory)
    limits = {side.name: side.stream_rounds for side in sides}
    seen = {target.name: [] for target in targets}
    for target, turn in in_turn(targets, rounds, connections):
        if turn < (limits.get(target.name) or rounds):
            seen[target.name].append(metered(
                lambda url=target.url: read_streams(program, url, streams, frames, pace), *pids(target, targets[0])))
    return {name: _together(several) for name, several in seen.items()}


def _together(rounds: Sequence[Metered[Streams]]) -> Frames:
    seen = [each.seen for each in rounds]
    return Frames(
        frames=sum(streams.frames for streams in seen),
        lost=sum(streams.lost for streams in seen),
        misordered=sum(streams.misordered for streams in seen),
        repeated=sum(streams.repeated for streams in seen),
        broken=sum(streams.broken for streams in seen),
        p50_ms=statistics.median(streams.p50_ms for streams in seen),
        p99_ms=statistics.median(streams.p99_ms for streams in seen),
        cpu_us=statistics.median(each.server_seconds / max(each.seen.frames, 1) * 1e6 for each in rounds),
        elsewhere=statistics.median(each.elsewhere for each in rounds),
    )

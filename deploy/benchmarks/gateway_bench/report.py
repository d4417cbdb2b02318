"""The results as Markdown tables, with the goals and notes on anomalies of the run."""

from collections.abc import Mapping, Sequence

from bench_common.rounds import Result
from bench_common.text import machine, number, ratio, times

from .memory import Growth
from .streaming import Frames


class Report:
    """Collects the tables of all sides. A ratio is how many times better ours is than the side in its row."""

    def __init__(self, direct: str, bare: str, peer: str, ours: str, settings: Mapping[str, str]) -> None:
        """The names of the sides: the upstream without a proxy, the bare proxy, the other gateway, and ours."""
        self.direct, self.bare, self.peer, self.ours = direct, bare, peer, ours
        self.settings = {**settings, **machine()}
        self.failed = False
        self._tables: list[str] = []
        self._warnings: list[str] = []
        self._goals: list[tuple[str, str, str, bool]] = []
        self._memory: dict[str, Growth] = {}
        self._starts: dict[str, float] = {}

    def add_rates(self, results: Mapping[str, Result], connections: int) -> None:
        """Each side's requests a second."""
        ours = results[self.ours].per_second
        self._add_table(f"{connections} connections", ("requests a second", "p50 / p99", "CPU per request", "ratio"), [
            (name, number(r.per_second), f"{number(r.p50_ms)} / {number(r.p99_ms)} ms", f"{number(r.cpu_ms)} ms",
             self._compared(name, ours, r.per_second)) for name, r in results.items()])
        for name, least in ((self.bare, 0.3), (self.peer, 40)):
            if name in results:
                seen = ours / results[name].per_second
                self._add_goal(f"rate beside {name}", f"at least {number(least)}×", times(seen), seen >= least)
        self._note_errors(results, "the rate")
        self._note_neighbours(results, "the rate")

    def add_latencies(self, results: Mapping[str, Result]) -> None:
        """Each side's median over one connection."""
        direct = results[self.direct].p50_ms
        added = {name: r.p50_ms - direct for name, r in results.items() if name != self.direct}
        self._add_table("one request at a time", ("median", "added", "p99", "ratio"), [
            (name, f"{number(r.p50_ms)} ms", f"{number(added[name])} ms" if name in added else "", f"{number(r.p99_ms)} ms",
             self._compared(name, added.get(name, 0), added[self.ours])) for name, r in results.items()])
        self._add_goal(
            "added to one request, median", "at most 0.25 ms", f"{number(added[self.ours])} ms", added[self.ours] <= 0.25)
        self._note_errors(results, "one request at a time")
        self._note_neighbours(results, "one request at a time")

    def add_streams(self, results: Mapping[str, Frames], streams: int, frames: int, pace: float) -> None:
        """Each side's frames."""
        direct = results[self.direct]
        added = {name: (r.p50_ms - direct.p50_ms, r.p99_ms - direct.p99_ms) for name, r in results.items()
                 if name != self.direct}
        self._add_table(f"{streams} streams, a frame each {number(pace * 1e3)} ms", (
            "frames", "lost", "out of order", "twice", "broken streams", "p50 / p99", "added p50 / p99", "CPU per frame",
            "ratio"), [
            (name, f"{r.frames:,}", str(r.lost), str(r.misordered), str(r.repeated), str(r.broken), _pair(r.p50_ms, r.p99_ms),
             _pair(*added[name]) if name in added else "", f"{number(r.cpu_us)} µs",
             self._compared(name, added.get(name, (0, 0))[1], added[self.ours][1])) for name, r in results.items()])
        self._add_goal(
            f"added to a frame of {streams} streams, p99", "at most 1 ms", f"{number(added[self.ours][1])} ms",
            added[self.ours][1] <= 1)
        for name, r in results.items():
            if not r.spotless:
                self._complain(name, f"{name} lost, repeated or misordered frames, or broke streams of {frames} frames")
        self._note_neighbours(results, "streams")

    def add_memory(self, name: str, growth: Growth) -> None:
        """A side's resident memory; call it for ours, too."""
        self._memory[name] = growth
        if growth.errors:
            self._complain(name, f"{name} had errors in {growth.errors} requests while its memory was measured")

    def add_start(self, name: str, milliseconds: float) -> None:
        """A side's time from start to first response; call it for ours, too."""
        self._starts[name] = milliseconds

    def add_failure(self, what: str) -> None:
        """Adds a problem that makes the comparison unfair or wrong."""
        self.failed = True
        self._warnings.append(what)

    def markdown(self) -> str:
        """The whole report."""
        parts = [*self._tables]
        if self._memory:
            parts.append(self._memory_table())
        if self._starts:
            parts.append(_table("start to first response", ("time", "ratio"), [
                (name, f"{number(value)} ms", self._compared(name, value, self._starts[self.ours]))
                for name, value in self._starts.items()]))
        if self._goals:
            parts.append(_table("goals", ("goal", "measured", ""), [
                (what, goal, seen, "reached" if reached else "missed") for what, goal, seen, reached in self._goals]))
        parts += [f"{name}: {value}" for name, value in self.settings.items()]
        parts += [f"Warning: {warning}." for warning in self._warnings]
        return "\n".join(parts)

    def _memory_table(self) -> str:
        ours = self._memory[self.ours].after
        return _table("resident memory", ("processes", "requests", "before", "halfway", "after", "second half", "ratio"), [
            (name, str(g.processes), f"{g.requests:,}", f"{number(g.before)} MB", f"{number(g.halfway)} MB",
             f"{number(g.after)} MB", f"{_signed(g.second_half)} MB", self._compared(name, g.after, ours))
            for name, g in self._memory.items()])

    def _compared(self, name: str, more: float, less: float) -> str:
        # On a busy machine, the overhead of a proxy may be negative.
        comparable = name not in (self.ours, self.direct) and min(more, less) > 0
        return times(ratio(more, less)) if comparable else ""

    def _add_table(self, what: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._tables.append(_table(what, columns, rows))

    def _add_goal(self, what: str, goal: str, seen: str, reached: bool) -> None:
        self._goals.append((what, goal, seen, reached))

    def _complain(self, name: str, what: str) -> None:
        """Adds a failure, or just a note for the peer, whose own errors don't invalidate the comparison."""
        if name == self.peer:
            self._warnings.append(what)
        else:
            self.add_failure(what)

    def _note_errors(self, results: Mapping[str, Result], what: str) -> None:
        for name, result in results.items():
            if result.errors:
                self._complain(name, f"{name} had errors in {result.errors} requests of {what}")

    def _note_neighbours(self, results: Mapping[str, Result | Frames], what: str) -> None:
        for name, result in results.items():
            if result.elsewhere > 0.1:
                self._warnings.append(
                    f"other programs used {result.elsewhere:.0%} of the machine's CPU time while {name} was measured for {what}")


def _signed(value: float) -> str:
    rounded = round(value, 1)
    return f"{rounded:+}" if rounded else "0"


def _pair(p50: float, p99: float) -> str:
    return f"{number(p50)} / {number(p99)} ms"


def _table(what: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {what} | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"

"""The invariants after the load of the money test."""

from __future__ import annotations

import bisect
import itertools
import time
from collections.abc import Iterable, Sequence

from support.crowd import ChatRequest, Crowd, Outcome
from support.ledger import ABANDONED, BROKEN, INTERRUPTED, Entry

from .money_fleet import ADMIN, Fleet, probe_limit_name
from .money_load import CLIENTS, MONEY, TOKENS, WELL


class Findings(list[str]):
    """Collects every violation, so that one run reports all of them."""

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.append(otherwise)

    def check(self) -> None:
        assert not self, "\n".join(f"- {finding}" for finding in self)


class Stopwatch:
    """The durations of a test's parts, so that none hangs unnoticed."""

    #: The limit for all parts together, in seconds.
    LIMIT = 90

    def __init__(self) -> None:
        self._moments = [("start", time.monotonic())]

    def lap(self, part: str) -> None:
        """Records the end of a part."""
        self._moments.append((part, time.monotonic()))

    def check(self, found: Findings) -> None:
        parts = [f"{name} {end - start:.1f} s" for (_, start), (name, end) in itertools.pairwise(self._moments)]
        print(", ".join(parts))
        found.expect(self._moments[-1][1] - self._moments[0][1] < self.LIMIT, f"this took too long: {', '.join(parts)}")


def check_caps(fleet: Fleet, found: Findings) -> None:
    """No cap is exceeded: neither in the provider's count, nor in the ledger, nor in the limits' counters."""
    counts, entries, unit, cap = fleet.counts(), fleet.ledger.entries(), fleet.unit, fleet.cap
    prompt = sum(count["prompt_tokens"] for count in counts.values())
    completion = sum(count["completion_tokens"] for count in counts.values())
    completed = sum(count["requests"] for count in counts.values())
    bill = sum(count["bill"] for count in counts.values())
    used = {"requests": completed, "usd": bill, "tokens": prompt + completion}[unit.name]
    found.expect(used <= cap, f"the provider has counted {used} {unit.name}, the cap is {cap}")
    in_ledger = {
        "requests": sum(entry.rows for entry in entries if entry.attempts), "usd": sum(entry.cost for entry in entries),
        "tokens": sum(entry.prompt_tokens + entry.completion_tokens for entry in entries)}[unit.name]
    found.expect(in_ledger <= cap, f"the ledger has {in_ledger} {unit.name}, the cap is {cap}")
    window = fleet.ledger.window(unit.name)
    found.expect(window.taken <= cap, f"{window.taken} {unit.name} are spent or promised, the cap is {cap}")
    found.expect(used <= window.spent, f"only {window.spent} {unit.name} count towards the cap, the provider has counted {used}")


def check_charges(fleet: Fleet, requests: Sequence[ChatRequest], found: Findings) -> None:
    """The tokens that count towards a limit are at least what the provider has counted, or caps could be exceeded. They are at most
    what was used where the usage is known, and what was reserved where it is not."""
    entries = fleet.ledger.entries()
    for route, count in fleet.counts().items():
        provided = count["prompt_tokens"] + count["completion_tokens"]
        spent = fleet.ledger.window(probe_limit_name(route)).spent
        most = sum(TOKENS.final(request) for request in requests if request.route == route)
        if route == "faulty":
            # An attempt whose response was lost counts too, in addition to its retry.
            others = [entry for entry in rows(entries, route) if entry.status != 500]
            most += sum(entry.attempts - entry.rows for entry in others if entry.attempts) * max(map(TOKENS.worst, requests))
        found.expect(provided <= spent, f"{route}: only {spent} tokens count towards limits, the provider has counted {provided}")
        found.expect(spent <= most, f"{route}: {spent} tokens count towards limits, known or reserved were only {most}")


def check_refusals(fleet: Fleet, requests: Sequence[ChatRequest], rejected: Sequence[ChatRequest], found: Findings) -> None:
    """No request was rejected while more than 5% of the cap was left.

    When a request was rejected, the requests that had ended before it was sent counted with their usage. Those in flight at any time
    until its response arrived may have counted with all that was reserved for them.
    """
    unit, cap = fleet.unit, fleet.cap
    admitted = [request for request in requests if request.outcome not in (Outcome.REJECTED, Outcome.UNSENT)]
    ends, used = running_sums((request.ended, unit.final(request)) for request in admitted)
    starts, begun = running_sums((request.started, unit.worst(request)) for request in admitted)
    _, over = running_sums((request.ended, unit.worst(request)) for request in admitted)
    found.expect(bool(rejected), f"nothing was rejected: the cap of {cap} {unit.name} is too high for this test")
    found.extend(
        f"rejected by another limit: {request.error_body!r}"
        for request in rejected[:3] if f"'{unit.name}'".encode() not in request.error_body)
    early: list[tuple[float, ChatRequest]] = []
    for request in rejected:
        before = bisect.bisect_left(ends, request.started)
        taken = used[before] + begun[bisect.bisect_left(starts, request.ended)] - over[before]
        if taken < cap * 0.95:
            early.append((1 - taken / cap, request))
    if early:
        left, request = max(early, key=lambda pair: pair[0])
        found.append(
            f"{len(early)} of {len(rejected)} rejections came while more than 5% of {cap} {unit.name} were left, "
            f"the worst at {left:.1%}: {request}")


def running_sums(amounts: Iterable[tuple[float, int]]) -> tuple[list[float], list[int]]:
    """The times in order, and the sums of the first 0, 1, 2, … amounts."""
    ordered = sorted(amounts)
    return [moment for moment, _ in ordered], list(itertools.accumulate((amount for _, amount in ordered), initial=0))


def check_clients(crowd: Crowd, requests: Sequence[ChatRequest], found: Findings, killed: str | None = None) -> None:
    """The clients got the expected outcomes: responses, rejections, and faults only where they asked for them."""
    found.extend(crowd.complaints[:3])
    found.expect(crowd.most_connected == CLIENTS, f"only {crowd.most_connected} clients were connected at the same time")
    allowed = {
        **dict.fromkeys(WELL, {Outcome.DONE}), "leaving": {Outcome.LEFT}, "vanishing": {Outcome.LEFT},
        "faulty": {Outcome.FAILED, Outcome.CUT}}
    wrong = [
        request for request in requests
        if request.outcome not in allowed[request.route] and request.outcome is not Outcome.REJECTED
        and not (request.outcome is Outcome.BROKEN and request.url == killed)]
    found.extend(f"{len(wrong)} requests had an unexpected outcome, for example: {request}" for request in wrong[:1])


def having(requests: Sequence[ChatRequest], route: str, *outcomes: Outcome) -> list[ChatRequest]:
    return [request for request in requests if request.route == route and request.outcome in outcomes]


def rows(entries: Sequence[Entry], route: str, *, flags: int = 0, without: int = 0, status: int | None = None) -> list[Entry]:
    """The entries of a route that have all of `flags` and none of `without`."""
    return [
        entry for entry in entries
        if entry.route == route and entry.flags & flags == flags and not entry.flags & without
        and (status is None or entry.status == status)]


def sums(entries: Sequence[Entry]) -> tuple[int, int, int]:
    """Rows, prompt tokens and completion tokens."""
    return (
        sum(entry.rows for entry in entries), sum(entry.prompt_tokens for entry in entries),
        sum(entry.completion_tokens for entry in entries))


def acknowledged(requests: Sequence[ChatRequest]) -> tuple[int, int, int]:
    """The same, as the clients received it."""
    return len(requests), sum(request.prompt_tokens for request in requests), sum(request.completion_tokens for request in requests)


def print_summary(fleet: Fleet, crowd: Crowd, requests: Sequence[ChatRequest]) -> None:
    """Prints a summary, which pytest shows if the test fails."""
    counts = {outcome.value: sum(request.outcome is outcome for request in requests) for outcome in Outcome}
    print(f"{counts}, at most {crowd.most_under_way} in flight at once, cap {fleet.cap}, {fleet.ledger.window(fleet.unit.name)}")
    print(fleet.urls)
    for route, count in fleet.counts().items():
        print(route, count)
    for entry in fleet.ledger.entries():
        print(entry)


def check_equality(fleet: Fleet, requests: Sequence[ChatRequest], found: Findings) -> None:
    """The ledger equals the provider's count, what the clients received, and what the gateway reports."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    response = fleet.gateways[0].get("/api/unladen/1.0/usage?by=route&last=1d", headers={"Authorization": f"Bearer {ADMIN}"})
    assert response.status == 200, response.body
    report = {row["route"]: row for row in response.json()["rows"]}
    for route in WELL:
        count = counts[route]
        provided = (count["requests"], count["prompt_tokens"], count["completion_tokens"])
        in_ledger, got = sums(rows(entries, route)), acknowledged(having(requests, route, Outcome.DONE))
        expectation = f"(requests, prompt tokens, completion tokens): the provider has counted {provided}"
        found.expect(in_ledger == provided, f"{route} {expectation}, the ledger has {in_ledger}")
        reported = tuple(report[route][name] for name in ("requests", "prompt_tokens", "completion_tokens"))
        found.expect(reported == in_ledger, f"{route}: the report says {reported}, the ledger {in_ledger}")
        found.expect(got == provided, f"{route} {expectation}, the clients received {got}")
        found.expect(count["aborted"] == 0, f"{route}: {count['aborted']} responses were cut off unexpectedly")
        for name in ("cached_tokens", "cache_write_tokens", "cache_write_1h_tokens"):
            kept = sum(getattr(entry, name) for entry in rows(entries, route))
            found.expect(
                kept == count[name] == report[route][name],
                f"{route}: the ledger has {kept} {name}, the provider has counted {count[name]}, the report says {report[route][name]}")
        cost, priced = (sum(getattr(entry, name) for entry in rows(entries, route)) for name in ("cost", "priced"))
        right = sum(MONEY.used(request) for request in having(requests, route, Outcome.DONE))
        found.expect(
            cost == count["bill"] == right,
            f"{route}: the ledger has costs of {cost}, the provider's bill is {count['bill']}, the requests should cost {right}")
        found.expect(priced == in_ledger[0], f"{route}: {priced} of {in_ledger[0]} rows have a cost")
        attempts, asked = sum(entry.attempts for entry in rows(entries, route)), count["requests"] + count["errors"]
        found.expect(attempts == asked, f"{route}: the ledger has {attempts} attempts, the provider received {asked}")
    retried = counts["retried"]
    found.expect(retried["errors"] == retried["requests"], f"each was to fail once: {retried}")


def check_others(fleet: Fleet, requests: Sequence[ChatRequest], found: Findings) -> None:
    """Every disconnected client and every faulty response has a row, with the flag or status that indicates what happened."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    left = len(having(requests, "leaving", Outcome.LEFT))
    count = counts["leaving"]
    found.expect(
        (count["requests"], count["aborted"]) == (left, left), f"{left} clients left in mid-stream, the provider has {count}")
    for entry in rows(entries, "leaving"):
        found.expect(bool(entry.flags & ABANDONED), f"not flagged as abandoned: {entry}")
    kept = sums(rows(entries, "leaving"))[0]
    found.expect(kept == left, f"{left} clients left in mid-stream, the ledger has {kept} rows")
    vanished, sent = sums(rows(entries, "vanishing"))[0], len(having(requests, "vanishing", Outcome.LEFT))
    found.expect(
        counts["vanishing"]["requests"] <= vanished <= sent,
        f"{sent} clients left before a response, the ledger has {vanished} rows, the provider {counts['vanishing']}")
    cut, broken = len(having(requests, "faulty", Outcome.CUT)), sums(rows(entries, "faulty", flags=BROKEN))[0]
    found.expect(cut == broken, f"{cut} clients saw a stream fail, {broken} rows are flagged as broken")
    for status in {request.status for request in having(requests, "faulty", Outcome.FAILED)}:
        seen = sum(request.status == status for request in having(requests, "faulty", Outcome.FAILED))
        kept = sums(rows(entries, "faulty", without=BROKEN, status=status))[0]
        found.expect(seen == kept, f"{seen} clients got the status {status}, the ledger has {kept}")


def check_loss(fleet: Fleet, requests: Sequence[ChatRequest], found: Findings) -> None:
    """Everything that clients received is in the ledger; only interrupted requests may be missing."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    for route in WELL:
        interrupted = sums(rows(entries, route, flags=INTERRUPTED))[0]
        ended = sums(rows(entries, route, without=INTERRUPTED, status=200))
        got, broken = acknowledged(having(requests, route, Outcome.DONE)), len(having(requests, route, Outcome.BROKEN))
        whole = counts[route]["requests"] - counts[route]["aborted"]
        found.expect(
            all(mine <= theirs for mine, theirs in zip(got, ended, strict=True)),
            f"{route} (requests, prompt tokens, completion tokens): the clients received {got}, the ledger has {ended}")
        found.expect(
            0 <= whole - ended[0] <= interrupted,
            f"{route}: the provider has completed {whole} requests, the ledger has {ended[0]} and {interrupted} interrupted ones")
        found.expect(
            ended[0] + interrupted <= got[0] + broken,
            f"{route}: the ledger has {ended[0]} requests and {interrupted} interrupted ones, the clients sent {got[0] + broken}")

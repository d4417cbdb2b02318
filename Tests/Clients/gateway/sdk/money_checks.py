"""What must hold after the load of the money test, whatever happened."""

from __future__ import annotations

import bisect
import itertools
import time
from collections.abc import Iterable, Sequence

from support.crowd import Ask, Crowd, Outcome
from support.ledger import ABANDONED, BROKEN, INTERRUPTED, Entry

from .money_fleet import ADMIN, Fleet, probe_limit_name
from .money_load import CLIENTS, MONEY, REQUESTS, TOKENS, WELL


class Findings(list[str]):
    """Collects what isn't as it should be, so that one run tells all of it."""

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.append(otherwise)

    def check(self) -> None:
        assert not self, "\n".join(f"- {finding}" for finding in self)


class Stopwatch:
    """How long the parts of a test take: none is to hang unnoticed."""

    #: For all parts together, in seconds.
    LIMIT = 90

    def __init__(self) -> None:
        self._moments = [("start", time.monotonic())]

    def lap(self, part: str) -> None:
        """A part has ended."""
        self._moments.append((part, time.monotonic()))

    def check(self, found: Findings) -> None:
        parts = [f"{name} {end - start:.1f} s" for (_, start), (name, end) in itertools.pairwise(self._moments)]
        print(", ".join(parts))
        found.expect(self._moments[-1][1] - self._moments[0][1] < self.LIMIT, f"this took too long: {', '.join(parts)}")


def check_caps(fleet: Fleet, found: Findings) -> None:
    """No cap is passed: not by what the provider has counted, not by the ledger, and not in the counters of limits."""
    counts, entries, unit, cap = fleet.counts(), fleet.ledger.entries(), fleet.unit, fleet.cap
    prompt = sum(count["prompt_tokens"] for count in counts.values())
    completion = sum(count["completion_tokens"] for count in counts.values())
    answered = sum(count["requests"] for count in counts.values())
    bill = sum(count["bill"] for count in counts.values())
    used = {"requests": answered, "usd": bill, "tokens": prompt + completion}[unit.name]
    found.expect(used <= cap, f"the provider has counted {used} {unit.name}, the cap is {cap}")
    in_ledger = {
        "requests": sum(entry.rows for entry in entries if entry.attempts), "usd": sum(entry.cost for entry in entries),
        "tokens": sum(entry.prompt_tokens + entry.completion_tokens for entry in entries)}[unit.name]
    found.expect(in_ledger <= cap, f"the ledger has {in_ledger} {unit.name}, the cap is {cap}")
    window = fleet.ledger.window(unit.name)
    found.expect(window.taken <= cap, f"{window.taken} {unit.name} are spent or promised, the cap is {cap}")
    found.expect(used <= window.spent, f"only {window.spent} {unit.name} count towards the cap, the provider has counted {used}")


def check_charges(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """What counts towards a limit of tokens is no less than what the provider has counted, or caps could be passed; and no more
    than what was reserved where nobody knows what was used, and than what was used where that is known."""
    entries = fleet.ledger.entries()
    for route, count in fleet.counts().items():
        provided = count["prompt_tokens"] + count["completion_tokens"]
        spent = fleet.ledger.window(probe_limit_name(route)).spent
        most = sum(TOKENS.final(ask) for ask in asks if ask.route == route)
        if route == "faulty":
            # A try whose answer was lost altogether counts, too, and there is another one.
            others = [entry for entry in rows(entries, route) if entry.status != 500]
            most += sum(entry.attempts - entry.rows for entry in others if entry.attempts) * max(map(TOKENS.worst, asks))
        found.expect(provided <= spent, f"{route}: only {spent} tokens count towards limits, the provider has counted {provided}")
        found.expect(spent <= most, f"{route}: {spent} tokens count towards limits, known or reserved were only {most}")


def check_refusals(fleet: Fleet, asks: Sequence[Ask], refused: Sequence[Ask], found: Findings) -> None:
    """Nothing was refused while more than a 20th of the cap was left.

    When a request was refused, what had ended before it was sent counted as used; what was under way at any time until its answer
    came may have counted as all that was reserved for it.
    """
    unit, cap = fleet.unit, fleet.cap
    admitted = [ask for ask in asks if ask.outcome not in (Outcome.REFUSED, Outcome.UNSENT)]
    ends, used = running_sums((ask.ended, unit.final(ask)) for ask in admitted)
    starts, begun = running_sums((ask.started, unit.worst(ask)) for ask in admitted)
    _, over = running_sums((ask.ended, unit.worst(ask)) for ask in admitted)
    found.expect(bool(refused), f"nothing was refused: the cap of {cap} {unit.name} is too high for this test")
    found.extend(
        f"refused by another limit: {ask.told!r}" for ask in refused[:3] if f"'{unit.name}'".encode() not in ask.told)
    early: list[tuple[float, Ask]] = []
    for ask in refused:
        before = bisect.bisect_left(ends, ask.started)
        taken = used[before] + begun[bisect.bisect_left(starts, ask.ended)] - over[before]
        if taken < cap * 0.95:
            early.append((1 - taken / cap, ask))
    if early:
        left, ask = max(early, key=lambda pair: pair[0])
        found.append(
            f"{len(early)} of {len(refused)} refused requests were refused while more than 5% of {cap} {unit.name} were left, "
            f"the worst at {left:.1%}: {ask}")


def running_sums(amounts: Iterable[tuple[float, int]]) -> tuple[list[float], list[int]]:
    """Moments in order, and the sum of the amounts of the first 0, 1, 2, …"""
    ordered = sorted(amounts)
    return [moment for moment, _ in ordered], list(itertools.accumulate((amount for _, amount in ordered), initial=0))


def check_clients(crowd: Crowd, asks: Sequence[Ask], found: Findings, killed: str | None = None) -> None:
    """The clients got what they should: answers, refusals, and faults only where they asked for them."""
    found.extend(crowd.complaints[:3])
    found.expect(crowd.most_connected == CLIENTS, f"only {crowd.most_connected} clients were connected at the same time")
    allowed = {
        **dict.fromkeys(WELL, {Outcome.DONE}), "leaving": {Outcome.LEFT}, "vanishing": {Outcome.LEFT},
        "faulty": {Outcome.FAILED, Outcome.CUT}}
    wrong = [
        ask for ask in asks
        if ask.outcome not in allowed[ask.route] and ask.outcome is not Outcome.REFUSED
        and not (ask.outcome is Outcome.BROKEN and ask.url == killed)]
    found.extend(f"{len(wrong)} requests ended otherwise than they should, one of them: {ask}" for ask in wrong[:1])


def having(asks: Sequence[Ask], route: str, *outcomes: Outcome) -> list[Ask]:
    return [ask for ask in asks if ask.route == route and ask.outcome in outcomes]


def rows(entries: Sequence[Entry], route: str, *, flags: int = 0, without: int = 0, status: int | None = None) -> list[Entry]:
    """Entries of a route that have all of `flags` and none of `without`."""
    return [
        entry for entry in entries
        if entry.route == route and entry.flags & flags == flags and not entry.flags & without
        and (status is None or entry.status == status)]


def sums(entries: Sequence[Entry]) -> tuple[int, int, int]:
    """Rows, tokens of prompts and of answers."""
    return (
        sum(entry.rows for entry in entries), sum(entry.prompt_tokens for entry in entries),
        sum(entry.completion_tokens for entry in entries))


def acknowledged(asks: Sequence[Ask]) -> tuple[int, int, int]:
    """The same of what clients have got."""
    return len(asks), sum(ask.prompt_tokens for ask in asks), sum(ask.completion_tokens for ask in asks)


def print_summary(fleet: Fleet, crowd: Crowd, asks: Sequence[Ask]) -> None:
    """For a failure's message: pytest shows it then."""
    counts = {outcome.value: sum(ask.outcome is outcome for ask in asks) for outcome in Outcome}
    print(f"{counts}, at most {crowd.most_under_way} under way at once, cap {fleet.cap}, {fleet.ledger.window(fleet.unit.name)}")
    print(fleet.urls)
    for route, count in fleet.counts().items():
        print(route, count)
    for entry in fleet.ledger.entries():
        print(entry)


def check_equality(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """The ledger is the provider's count, is what the clients have got, and is what the gateway reports."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    response = fleet.gateways[0].get("/api/unladen/1.0/usage?by=route&last=1d", headers={"Authorization": f"Bearer {ADMIN}"})
    assert response.status == 200, response.body
    report = {row["route"]: row for row in response.json()["rows"]}
    for route in WELL:
        count = counts[route]
        provided = (count["requests"], count["prompt_tokens"], count["completion_tokens"])
        in_ledger, got = sums(rows(entries, route)), acknowledged(having(asks, route, Outcome.DONE))
        told = f"(requests, tokens of prompts, of answers): the provider has counted {provided}"
        found.expect(in_ledger == provided, f"{route} {told}, the ledger has {in_ledger}")
        reported = tuple(report[route][name] for name in ("requests", "prompt_tokens", "completion_tokens"))
        found.expect(reported == in_ledger, f"{route}: the report says {reported}, the ledger {in_ledger}")
        found.expect(got == provided, f"{route} {told}, the clients have got {got}")
        found.expect(count["aborted"] == 0, f"{route}: {count['aborted']} answers were cut off that nobody wanted to be cut off")
        for name in ("cached_tokens", "cache_write_tokens", "cache_write_1h_tokens"):
            kept = sum(getattr(entry, name) for entry in rows(entries, route))
            found.expect(
                kept == count[name] == report[route][name],
                f"{route}: the ledger has {kept} {name}, the provider has counted {count[name]}, the report says {report[route][name]}")
        cost, priced = (sum(getattr(entry, name) for entry in rows(entries, route)) for name in ("cost", "priced"))
        right = sum(MONEY.used(ask) for ask in having(asks, route, Outcome.DONE))
        found.expect(
            cost == count["bill"] == right,
            f"{route}: the ledger has costs of {cost}, the provider's bill is {count['bill']}, the requests should cost {right}")
        found.expect(priced == in_ledger[0], f"{route}: {priced} of {in_ledger[0]} rows have a cost")
        attempts, asked = sum(entry.attempts for entry in rows(entries, route)), count["requests"] + count["errors"]
        found.expect(attempts == asked, f"{route}: the ledger has {attempts} tries, the provider was asked {asked} times")
    retried = counts["retried"]
    found.expect(retried["errors"] == retried["requests"], f"each was to fail once: {retried}")


def check_others(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """Clients that left and answers with faults have a row each, with the flag or the status that tells what happened."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    left = len(having(asks, "leaving", Outcome.LEFT))
    count = counts["leaving"]
    found.expect(
        (count["requests"], count["aborted"]) == (left, left), f"{left} clients left in mid-stream, the provider has {count}")
    for entry in rows(entries, "leaving"):
        found.expect(bool(entry.flags & ABANDONED), f"not flagged as abandoned: {entry}")
    kept = sums(rows(entries, "leaving"))[0]
    found.expect(kept == left, f"{left} clients left in mid-stream, the ledger has {kept} rows")
    vanished, sent = sums(rows(entries, "vanishing"))[0], len(having(asks, "vanishing", Outcome.LEFT))
    found.expect(
        counts["vanishing"]["requests"] <= vanished <= sent,
        f"{sent} clients left before an answer, the ledger has {vanished} rows, the provider {counts['vanishing']}")
    cut, broken = len(having(asks, "faulty", Outcome.CUT)), sums(rows(entries, "faulty", flags=BROKEN))[0]
    found.expect(cut == broken, f"{cut} clients saw a stream fail, {broken} rows are flagged as broken")
    for status in {ask.status for ask in having(asks, "faulty", Outcome.FAILED)}:
        seen = sum(ask.status == status for ask in having(asks, "faulty", Outcome.FAILED))
        kept = sums(rows(entries, "faulty", without=BROKEN, status=status))[0]
        found.expect(seen == kept, f"{seen} clients got the status {status}, the ledger has {kept}")


def check_loss(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """What clients have got is in the ledger, and what is not is only what was interrupted."""
    counts, entries = fleet.counts(), fleet.ledger.entries()
    for route in WELL:
        interrupted = sums(rows(entries, route, flags=INTERRUPTED))[0]
        ended = sums(rows(entries, route, without=INTERRUPTED, status=200))
        got, broken = acknowledged(having(asks, route, Outcome.DONE)), len(having(asks, route, Outcome.BROKEN))
        whole = counts[route]["requests"] - counts[route]["aborted"]
        found.expect(
            all(mine <= theirs for mine, theirs in zip(got, ended)),
            f"{route} (requests, tokens of prompts, of answers): the clients have got {got}, the ledger has {ended}")
        found.expect(
            0 <= whole - ended[0] <= interrupted,
            f"{route}: the provider has answered {whole} requests, the ledger has {ended[0]} and {interrupted} interrupted ones")
        found.expect(
            ended[0] + interrupted <= got[0] + broken,
            f"{route}: the ledger has {ended[0]} requests and {interrupted} interrupted ones, of clients came {got[0] + broken}")

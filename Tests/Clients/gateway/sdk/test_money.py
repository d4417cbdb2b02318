"""The money test: a thousand clients at once over four gateways and one PostgreSQL, while clients go away, providers fail in
mid-stream and a gateway is killed. No cap is passed, nothing is refused while there is room, and the ledger is the provider's own
count.
"""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import itertools
import pathlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.configs import endpoint
from support.books import ABANDONED, BROKEN, INTERRUPTED, Books, Entry
from support.crowd import Ask, Crowd, Outcome, probe
from support.gateways import FakeProvider, Gateway, unladen_gateway
from support.postgresql import PostgreSQL, postgresql

ADMIN = "the-administrators-key-0123456789"
KEY = "the-key-of-the-crowd-0123456789"
CLIENTS = 1000
REPLICAS = 4
#: Of a hundred clients, how many only make such requests; the others make requests that end well. One in ten disconnects.
SHARES = {"leaving": 7, "vanishing": 3, "faulty": 5, "retried": 5}
ROUTES = ["good", *SHARES]
#: US dollars for a million tokens, that is thousandths of a billionth for one.
INPUT, OUTPUT = 0.02, 0.6
#: Of streams and of whole answers.
STREAM_FAULTS = ["reset-after=3", "error-after=3", "end-after=3", "half-event"]
WHOLE_FAULTS = ["status=500", "garbage", "wrong-length"]


# MARK: What is asked

def make_ask(route: str, dice: random.Random, name: str) -> Ask:
    """A request as the clients of a route make them; the name makes its text one of its own."""
    streams, words = dice.random() < 0.5, dice.randrange(20, 60)
    pause, linger, leaves_after = "", 0.0, None
    if route == "leaving":
        # Four seconds in all, so that nobody has the end before the client leaves.
        streams, words, pause, leaves_after = True, 40, "pace=0.1", dice.randrange(3, 12)
    elif route == "vanishing":
        # Dear answers, some of which the provider has given by the time that the gateway hears of it.
        words, leaves_after, linger = 500, 0, dice.choice([0, 0, 0.02, 0.2])
        pause = "delay=0.1" if linger else ""
    elif route == "faulty":
        pause = dice.choice(STREAM_FAULTS if streams else WHOLE_FAULTS)
    elif route == "retried":
        pause = "status=500 once"
    elif streams and dice.random() < 0.3:
        pause = "pace=0.02"
    elif dice.random() < 0.3:
        # An echo: this can be told from any other answer.
        return Ask(
            route, f"say {name}", max_tokens=10, prompt_tokens=2, completion_tokens=3, streams=streams, wants_usage=streams,
            expected=f'say {name}"' if not streams else f'{name}"')
    text = f"say {name} [[{' '.join(filter(None, [f'words={words}', pause]))}]]"
    return Ask(
        route, text, max_tokens=words + dice.choice([0, 0, 10]), prompt_tokens=len(text.split()), completion_tokens=words,
        streams=streams, wants_usage=streams and dice.random() < 0.7, leaves_after=leaves_after, linger=linger,
        expected=f'word{words}"')


def make_plans(each: int, test: str) -> list[list[Ask]]:
    """The requests of each client: `each`, but fewer of those that take seconds. They are the same in each run of a test."""
    dice, serials = random.Random(2026), itertools.count()
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    kinds += ["good"] * (100 - len(kinds))
    return [
        [make_ask(route, dice, f"{test}-{next(serials)}") for _ in range(max(1, each // 3) if route == "leaving" else each)]
        for route in (kinds[number % 100] for number in range(CLIENTS))]


# MARK: What it takes of a limit

@dataclass(frozen=True)
class Unit:
    """What a limit counts, and its name in the configuration."""

    name: str
    #: Of tokens of prompts and of answers, in requests, tokens or billionths of a dollar.
    of: Callable[[int, int], int]

    def worst(self, ask: Ask) -> int:
        """What must be reserved: a token is a byte at least, and a message has up to 16 tokens around it."""
        return self.of(ask.prompt_bytes + 16, ask.max_tokens)

    def final(self, ask: Ask) -> int:
        """What is certain to count in the end, at most: of a request whose usage nobody has told, all that was reserved."""
        if ask.outcome in (Outcome.REFUSED, Outcome.UNSENT):
            return 0
        if ask.outcome is Outcome.DONE:
            return self.of(ask.prompt_tokens, ask.completion_tokens)
        if ask.outcome is Outcome.FAILED and self.name != "requests":
            return 0
        return self.worst(ask)


REQUESTS = Unit("requests", lambda prompt, completion: 1)
TOKENS = Unit("tokens", lambda prompt, completion: prompt + completion)
# Both prices are whole billionths for a token.
MONEY = Unit("usd", lambda prompt, completion: prompt * round(INPUT * 1000) + completion * round(OUTPUT * 1000))


def expected(unit: Unit, plans: Sequence[Sequence[Ask]]) -> int:
    """What all requests take if none is refused."""
    endings = {"good": Outcome.DONE, "retried": Outcome.DONE}
    total = 0
    for ask in itertools.chain.from_iterable(plans):
        known = endings.get(ask.route) is Outcome.DONE
        total += unit.of(ask.prompt_tokens, ask.completion_tokens) if known else unit.worst(ask)
    return total


# MARK: The gateways

@dataclass
class Fleet:
    """Four gateways over one database and one folder of journals, with one limit that is used up."""

    fake: FakeProvider
    books: Books
    unit: Unit
    cap: int
    models: dict[str, str]
    config: dict[str, Any]
    uri: str
    journals: pathlib.Path
    stack: contextlib.ExitStack
    gateways: list[Gateway]
    #: The number of each gateway, by the place in `gateways`.
    numbers: list[int]

    @property
    def urls(self) -> list[str]:
        return [gateway.url for gateway in self.gateways]

    def start_one(self) -> tuple[Gateway, int]:
        """Starts a gateway; its number is told by the lock that it takes."""
        before = self._locks()
        gateway = self.stack.enter_context(
            unladen_gateway(self.config, backend_uri=self.uri, arguments=["--journal-dir", str(self.journals)]))
        (number,) = self._locks() - before
        return gateway, number

    def _locks(self) -> set[int]:
        return {int(path.stem.rpartition("-")[2]) for path in self.journals.glob("*.lock")}

    def files_of(self, number: int) -> list[str]:
        """What a gateway has in the folder of journals."""
        return sorted(
            path.name for path in self.journals.iterdir()
            if path.name.partition("-")[2].startswith((f"{number}-", f"{number}.")))

    def counts(self) -> dict[str, dict[str, int]]:
        """What the provider has counted, by route."""
        none = dict.fromkeys(["requests", "prompt_tokens", "completion_tokens", "aborted", "errors"], 0)
        by_model = self.fake.counts()["by_model"]
        return {route: by_model.get(model, none) for route, model in self.models.items()}

    def wait_until_settled(self) -> None:
        """Waits until nothing is under way and nothing waits for the database."""
        deadline, before, since = time.monotonic() + 30, None, 0.0
        while True:
            metrics = [gateway.get("/metrics").body.decode().splitlines() for gateway in self.gateways]
            waiting = [value(lines, "unladen_gateway_ledger_waiting") for lines in metrics]
            assert not any(value(lines, "unladen_gateway_ledger_lost_total") for lines in metrics), "rows of the ledger are lost"
            now = (self.counts(), self.books.entries(), self.books.window(self.unit.name))
            if now != before or any(waiting):
                before, since = now, time.monotonic()
            elif time.monotonic() - since > 1:
                return
            assert time.monotonic() < deadline, f"the ledger doesn't settle: {waiting} rows wait"
            time.sleep(0.1)


def watch_name(route: str) -> str:
    """A limit that is never reached: its books tell what counts of a route."""
    return f"tokens-of-{route}"


def value(lines: Sequence[str], name: str) -> float:
    """A metric that has one sample."""
    (line,) = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
    return float(line.split()[-1])


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture
def make_fleet(
    fake: FakeProvider, database: PostgreSQL, tmp_path: pathlib.Path, unique: Callable[[str], str]
) -> Iterator[Callable[[Unit, int], Fleet]]:
    # A day and a month must not end in the test.
    if (left := 86400 - time.time() % 86400) < 180:
        time.sleep(left + 1)
    with contextlib.ExitStack() as stack:
        def make(unit: Unit, cap: int) -> Fleet:
            uri = database.create_database(unique("money").replace("-", "_"))
            models = {route: unique(route) for route in ROUTES}
            caps = {"requests": 10**9, "tokens": 10**12, "usd": 10**6, unit.name: cap / 1e9 if unit is MONEY else cap}
            config = {
                "endpoints": [endpoint(fake, route, model_name=model) for route, model in models.items()],
                "teams": [{"name": "research"}], "keys": [{"name": "crowd", "key": KEY, "team": "research"}], "admin_key": ADMIN,
                "limits": [
                    {"name": "requests", "requests": caps["requests"], "per": "day", "team": "research"},
                    {"name": "tokens", "tokens": caps["tokens"], "per": "day", "team": "research"},
                    *({"name": watch_name(route), "tokens": 10**12, "per": "day", "route": route} for route in ROUTES)],
                "budgets": [{"name": "usd", "usd": caps["usd"], "per": "month", "team": "research"}],
                "prices": {model: {"input": INPUT, "output": OUTPUT} for model in models.values()},
                "retries": {"attempts": 2, "backoff": "0.02s"}}
            fleet = Fleet(
                fake, Books(uri), unit, cap, models, config, uri, tmp_path / "journals", stack, gateways=[], numbers=[])
            for _ in range(REPLICAS):
                gateway, number = fleet.start_one()
                fleet.gateways.append(gateway)
                fleet.numbers.append(number)
            time.sleep(1.5)  # Until each knows how many they are.
            return fleet

        yield make


# MARK: The checks

class Findings(list[str]):
    """Collects what isn't as it should be, so that one run tells all of it."""

    def expect(self, isright: bool, otherwise: str) -> None:
        if not isright:
            self.append(otherwise)

    def check(self) -> None:
        assert not self, "\n".join(f"- {finding}" for finding in self)


def check_caps(fleet: Fleet, found: Findings) -> None:
    """No cap is passed: not by what the provider has counted, not by the ledger, and not in the books of limits."""
    counts, entries, unit, cap = fleet.counts(), fleet.books.entries(), fleet.unit, fleet.cap
    prompt = sum(count["prompt_tokens"] for count in counts.values())
    completion = sum(count["completion_tokens"] for count in counts.values())
    answered = sum(count["requests"] for count in counts.values())
    used = answered if unit is REQUESTS else unit.of(prompt, completion)
    found.expect(used <= cap, f"the provider has counted {used} {unit.name}, the cap is {cap}")
    in_ledger = {
        "requests": sum(entry.rows for entry in entries if entry.attempts), "usd": sum(entry.cost for entry in entries),
        "tokens": sum(entry.prompt_tokens + entry.completion_tokens for entry in entries)}[unit.name]
    found.expect(in_ledger <= cap, f"the ledger has {in_ledger} {unit.name}, the cap is {cap}")
    window = fleet.books.window(unit.name)
    found.expect(window.taken <= cap, f"{window.taken} {unit.name} are spent or promised, the cap is {cap}")
    found.expect(used <= window.spent, f"only {window.spent} {unit.name} count towards the cap, the provider has counted {used}")


def check_charges(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """What counts towards a limit of tokens is no less than what the provider has counted, or caps could be passed; and no more
    than what was reserved where nobody knows what was used, and than what was used where that is known."""
    for route, count in fleet.counts().items():
        provided = count["prompt_tokens"] + count["completion_tokens"]
        spent = fleet.books.window(watch_name(route)).spent
        most = sum(TOKENS.final(ask) for ask in asks if ask.route == route)
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
        "good": {Outcome.DONE}, "retried": {Outcome.DONE}, "leaving": {Outcome.LEFT}, "vanishing": {Outcome.LEFT},
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


def tell(fleet: Fleet, crowd: Crowd, asks: Sequence[Ask]) -> None:
    """For a failure's message: pytest shows it then."""
    counts = {outcome.value: sum(ask.outcome is outcome for ask in asks) for outcome in Outcome}
    print(f"{counts}, at most {crowd.most_under_way} under way at once, cap {fleet.cap}, {fleet.books.window(fleet.unit.name)}")
    for route, count in fleet.counts().items():
        print(route, count)
    for entry in fleet.books.entries():
        print(entry)


# MARK: The tests

def use_up(fleet: Fleet) -> list[Ask]:
    """What is left goes to one client that has the gateways for itself."""
    fleet.wait_until_settled()
    dice, serials = random.Random(1), itertools.count()
    asks = asyncio.run(probe(fleet.urls, KEY, lambda: make_ask("good", dice, f"{fleet.unit.name}-last-{next(serials)}")))
    fleet.wait_until_settled()
    return asks


@pytest.mark.parametrize("unit", [MONEY, REQUESTS], ids=lambda unit: unit.name)
def test_a_thousand_clients(make_fleet: Callable[[Unit, int], Fleet], unit: Unit) -> None:
    plans = make_plans(6 if unit is MONEY else 3, unit.name)
    fleet = make_fleet(unit, expected(unit, plans) * 6 // 10)
    crowd = Crowd(fleet.urls, KEY)
    asyncio.run(crowd.run(plans))
    probes = use_up(fleet)
    asks = [*itertools.chain.from_iterable(plans), *probes]
    tell(fleet, crowd, asks)
    found = Findings()
    check_clients(crowd, asks, found)
    check_caps(fleet, found)
    check_charges(fleet, asks, found)
    check_refusals(fleet, asks, [ask for ask in asks if ask.outcome is Outcome.REFUSED], found)
    check_equality(fleet, asks, found)
    check_others(fleet, asks, found)
    found.check()


def check_equality(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """The ledger is the provider's count, is what the clients have got, and is what the gateway reports."""
    counts, entries = fleet.counts(), fleet.books.entries()
    answer = fleet.gateways[0].get("/api/unladen/1.0/usage?by=route&last=1d", headers={"Authorization": f"Bearer {ADMIN}"})
    assert answer.status == 200, answer.body
    reported = {row["route"]: (row["requests"], row["prompt_tokens"], row["completion_tokens"]) for row in answer.json()["rows"]}
    for route in ("good", "retried"):
        count = counts[route]
        provided = (count["requests"], count["prompt_tokens"], count["completion_tokens"])
        in_ledger, got = sums(rows(entries, route)), acknowledged(having(asks, route, Outcome.DONE))
        told = f"(requests, tokens of prompts, of answers): the provider has counted {provided}"
        found.expect(in_ledger == provided, f"{route} {told}, the ledger has {in_ledger}")
        found.expect(reported[route] == in_ledger, f"{route}: the report says {reported[route]}, the ledger {in_ledger}")
        found.expect(got == provided, f"{route} {told}, the clients have got {got}")
        found.expect(count["aborted"] == 0, f"{route}: {count['aborted']} answers were cut off that nobody wanted to be cut off")
        cost = sum(entry.cost for entry in rows(entries, route))
        right = MONEY.of(*in_ledger[1:])
        found.expect(cost == right, f"{route}: the ledger has costs of {cost}, its tokens cost {right}")
        attempts, asked = sum(entry.attempts for entry in rows(entries, route)), count["requests"] + count["errors"]
        found.expect(attempts == asked, f"{route}: the ledger has {attempts} tries, the provider was asked {asked} times")
    retried = counts["retried"]
    found.expect(retried["errors"] == retried["requests"], f"each was to fail once: {retried}")


def check_others(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """Clients that left and answers with faults have a row each, with the flag or the status that tells what happened."""
    counts, entries = fleet.counts(), fleet.books.entries()
    left = len(having(asks, "leaving", Outcome.LEFT))
    count = counts["leaving"]
    found.expect(
        (count["requests"], count["aborted"]) == (left, left), f"{left} clients left in mid-stream, the provider has {count}")
    for entry in rows(entries, "leaving"):
        found.expect(bool(entry.flags & ABANDONED), f"not flagged as abandoned: {entry}")
    found.expect(sums(rows(entries, "leaving"))[0] == left, f"{left} clients left in mid-stream, the ledger has {rows(entries, 'leaving')}")
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


def test_a_replica_that_is_killed(make_fleet: Callable[[Unit, int], Fleet]) -> None:
    plans = make_plans(6, "killed")
    fleet = make_fleet(TOKENS, expected(TOKENS, plans) * 7 // 10)
    victim, number = fleet.gateways[1], fleet.numbers[1]
    crowd = Crowd(fleet.urls, KEY)
    asyncio.run(run_and_kill(fleet, crowd, plans))
    deadline = time.monotonic() + 15
    while fleet.files_of(number) or fleet.books.seen_at(number):
        assert time.monotonic() < deadline, f"nobody takes over what the dead gateway has left: {fleet.files_of(number)}"
        time.sleep(0.1)
    probes = use_up(fleet)
    asks = [*itertools.chain.from_iterable(plans), *probes]
    tell(fleet, crowd, asks)
    found = Findings()
    found.expect(fleet.books.leases(number) == [], f"the dead gateway still holds {fleet.books.leases(number)}")
    found.expect(any(ask.outcome is Outcome.BROKEN for ask in asks), "nothing was under way when the gateway was killed")
    check_clients(crowd, asks, found, killed=victim.url)
    check_caps(fleet, found)
    check_charges(fleet, asks, found)
    # What the dead gateway held has come back: the last requests were only refused when there was nothing left.
    check_refusals(fleet, asks, [ask for ask in probes if ask.outcome is Outcome.REFUSED], found)
    check_loss(fleet, asks, found)
    found.check()


def check_loss(fleet: Fleet, asks: Sequence[Ask], found: Findings) -> None:
    """What clients have got is in the ledger, and what is not is only what was interrupted."""
    counts, entries = fleet.counts(), fleet.books.entries()
    for route in ("good", "retried"):
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


async def run_and_kill(fleet: Fleet, crowd: Crowd, plans: Sequence[Sequence[Ask]]) -> None:
    """Kills a gateway when a third of the requests have ended, and starts another in its place two seconds later."""
    enough, ended = asyncio.Event(), itertools.count(1)
    third = sum(map(len, plans)) // 3

    def count(_: Ask) -> None:
        if next(ended) >= third:
            enough.set()

    async def kill() -> None:
        await enough.wait()
        fleet.gateways[1].kill()
        await asyncio.sleep(2)
        fleet.gateways[1], fleet.numbers[1] = await asyncio.to_thread(fleet.start_one)
        crowd.urls[1] = fleet.gateways[1].url

    crowd.on_end = count
    await asyncio.gather(crowd.run(plans), kill())

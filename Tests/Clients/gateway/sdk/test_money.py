"""The money test: a thousand clients at once over four gateways and one PostgreSQL, while clients go away, providers fail in
mid-stream and a gateway is killed. Providers read from prompt caches and write to them, and answer at other service tiers. No cap is passed,
nothing is refused while there is room, and the ledger is the provider's own count and bill.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pathlib
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from support.crowd import Ask, Crowd, Outcome, use_up
from support.gateways import FakeProvider
from support.postgresql import PostgreSQL, postgresql

from .money_checks import (
    Findings, Stopwatch, check_caps, check_charges, check_clients, check_equality, check_loss, check_others, check_refusals,
    print_summary)
from .money_fleet import KEY, Fleet
from .money_load import MONEY, REQUESTS, ROUTES, TOKENS, Unit, expected, make_last, make_plans, model_name


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture
def make_fleet(
    fake: FakeProvider, database: PostgreSQL, tmp_path: pathlib.Path, unique: Callable[[str], str]
) -> Iterator[Callable[[Unit, int], Fleet]]:
    # A day and a month must not end in the test.
    if (left := 86400 - time.time() % 86400) < 90:
        time.sleep(left + 1)
    with contextlib.ExitStack() as stack:
        def make(unit: Unit, cap: int) -> Fleet:
            uri = database.create_database(unique("money").replace("-", "_"))
            return Fleet(fake, unit, cap, {route: unique(model_name(route)) for route in ROUTES}, uri, tmp_path / "usage-logs", stack)

        yield make


def use_up_remainder(fleet: Fleet, stopwatch: Stopwatch) -> list[Ask]:
    """What is left goes to one client that has the gateways for itself."""
    fleet.wait_until_settled()
    stopwatch.lap("settling")
    serials = itertools.count()
    asks = asyncio.run(use_up(fleet.urls, KEY, lambda: make_last(f"{fleet.unit.name}-{next(serials)}")))
    stopwatch.lap("using up the rest")
    fleet.wait_until_settled()
    stopwatch.lap("settling")
    return asks


@pytest.mark.parametrize("unit", [MONEY, REQUESTS], ids=lambda unit: unit.name)
def test_a_thousand_clients(make_fleet: Callable[[Unit, int], Fleet], unit: Unit) -> None:
    stopwatch = Stopwatch()
    plans = make_plans(6 if unit is MONEY else 3, unit.name)
    fleet = make_fleet(unit, expected(unit, plans) * 6 // 10)
    stopwatch.lap("start")
    crowd = Crowd(fleet.urls, KEY)
    asyncio.run(crowd.run(plans))
    stopwatch.lap("load")
    last = use_up_remainder(fleet, stopwatch)
    asks = [*itertools.chain.from_iterable(plans), *last]
    print_summary(fleet, crowd, asks)
    found = Findings()
    stopwatch.check(found)
    check_clients(crowd, asks, found)
    check_caps(fleet, found)
    check_charges(fleet, asks, found)
    check_refusals(fleet, asks, [ask for ask in asks if ask.outcome is Outcome.REFUSED], found)
    check_equality(fleet, asks, found)
    check_others(fleet, asks, found)
    found.check()


def test_a_replica_that_is_killed(make_fleet: Callable[[Unit, int], Fleet]) -> None:
    stopwatch = Stopwatch()
    plans = make_plans(6, "killed")
    fleet = make_fleet(TOKENS, expected(TOKENS, plans) * 7 // 10)
    stopwatch.lap("start")
    victim, number = fleet.gateways[1], fleet.numbers[1]
    crowd = Crowd(fleet.urls, KEY)
    asyncio.run(run_and_kill(fleet, crowd, plans))
    stopwatch.lap("load")
    deadline = time.monotonic() + 15
    while fleet.files_of(number) or fleet.ledger.seen_at(number):
        assert time.monotonic() < deadline, f"nobody takes over what the dead gateway has left: {fleet.files_of(number)}"
        time.sleep(0.1)
    stopwatch.lap("takeover")
    last = use_up_remainder(fleet, stopwatch)
    asks = [*itertools.chain.from_iterable(plans), *last]
    print_summary(fleet, crowd, asks)
    found = Findings()
    stopwatch.check(found)
    found.expect(fleet.ledger.leases(number) == [], f"the dead gateway still holds {fleet.ledger.leases(number)}")
    found.expect(any(ask.outcome is Outcome.BROKEN for ask in asks), "nothing was under way when the gateway was killed")
    check_clients(crowd, asks, found, killed=victim.url)
    check_caps(fleet, found)
    check_charges(fleet, asks, found)
    # What the dead gateway held has come back: the last requests were only refused when there was nothing left.
    check_refusals(fleet, asks, [ask for ask in last if ask.outcome is Outcome.REFUSED], found)
    check_loss(fleet, asks, found)
    found.check()


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

"""The money test: a thousand concurrent clients of four gateways with one PostgreSQL server, while clients disconnect, providers
fail mid-stream and a gateway is killed. Providers read and write prompt caches and respond at other service tiers. No cap is
exceeded, nothing is rejected while there is room, and the ledger equals the provider's own count and bill.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pathlib
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from support.crowd import ChatRequest, Crowd, Outcome, use_up
from support.gateways import FakeProvider
from support.postgresql import PostgreSQL, postgresql

from .money_checks import (
    Findings,
    Stopwatch,
    check_caps,
    check_charges,
    check_clients,
    check_equality,
    check_loss,
    check_others,
    check_refusals,
    print_summary,
)
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
    # No day or month may end during the test.
    if (left := 86400 - time.time() % 86400) < 90:
        time.sleep(left + 1)
    with contextlib.ExitStack() as stack:
        def make(unit: Unit, cap: int) -> Fleet:
            uri = database.create_database(unique("money").replace("-", "_"))
            return Fleet(fake, unit, cap, {route: unique(model_name(route)) for route in ROUTES}, uri, tmp_path / "usage-logs", stack)

        yield make


def use_up_remainder(fleet: Fleet, stopwatch: Stopwatch) -> list[ChatRequest]:
    """Uses up what is left with a single client."""
    fleet.wait_until_settled()
    stopwatch.lap("settling")
    serials = itertools.count()
    requests = asyncio.run(use_up(fleet.urls, KEY, lambda: make_last(f"{fleet.unit.name}-{next(serials)}")))
    stopwatch.lap("using up the rest")
    fleet.wait_until_settled()
    stopwatch.lap("settling")
    return requests


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
    requests = [*itertools.chain.from_iterable(plans), *last]
    print_summary(fleet, crowd, requests)
    found = Findings()
    stopwatch.check(found)
    check_clients(crowd, requests, found)
    check_caps(fleet, found)
    check_charges(fleet, requests, found)
    check_refusals(fleet, requests, [request for request in requests if request.outcome is Outcome.REJECTED], found)
    check_equality(fleet, requests, found)
    check_others(fleet, requests, found)
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
        assert time.monotonic() < deadline, f"no gateway takes over the killed one's files: {fleet.files_of(number)}"
        time.sleep(0.1)
    stopwatch.lap("takeover")
    last = use_up_remainder(fleet, stopwatch)
    requests = [*itertools.chain.from_iterable(plans), *last]
    print_summary(fleet, crowd, requests)
    found = Findings()
    stopwatch.check(found)
    found.expect(fleet.ledger.leases(number) == [], f"the killed gateway still holds {fleet.ledger.leases(number)}")
    found.expect(any(request.outcome is Outcome.BROKEN for request in requests), "no request was in flight when the gateway was killed")
    check_clients(crowd, requests, found, killed=victim.url)
    check_caps(fleet, found)
    check_charges(fleet, requests, found)
    # The killed gateway's leases were released: the last requests were rejected only once nothing was left.
    check_refusals(fleet, requests, [request for request in last if request.outcome is Outcome.REJECTED], found)
    check_loss(fleet, requests, found)
    found.check()


async def run_and_kill(fleet: Fleet, crowd: Crowd, plans: Sequence[Sequence[ChatRequest]]) -> None:
    """Kills a gateway once a third of the requests have ended, and replaces it two seconds later."""
    enough, ended = asyncio.Event(), itertools.count(1)
    third = sum(map(len, plans)) // 3

    def count(_: ChatRequest) -> None:
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

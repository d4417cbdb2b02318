"""Several gateways with one PostgreSQL database share limits, keys and the ledger."""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.configs import chat, endpoint
from support.gateways import ADMIN_HEADERS, FakeProvider, Gateway, unladen_gateway
from support.postgresql import PostgreSQL, postgresql

ADMIN = "the-administrators-key-0123456789"


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture
def uri(database: PostgreSQL, unique: Callable[[str], str]) -> str:
    return database.create_database(unique("gateway").replace("-", "_"))


def ask(gateway: Gateway, key: str | None = None, **more: Any) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return gateway.post("/v1/chat/completions", chat("chat", "one two", **more), headers=headers).status


def test_a_limit_is_for_all_gateways_together(fake: FakeProvider, uri: str, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)],
        "limits": [{"name": "hundred", "requests": 100, "per": "hour"}, {"name": "tokens", "tokens": 100_000, "per": "hour"}]}
    if 3600 - time.time() % 3600 < 60:
        time.sleep(61)
    with unladen_gateway(config, backend_uri=uri) as first, unladen_gateway(config, backend_uri=uri) as second:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(lambda number: ask((first, second)[number % 2], max_tokens=5), range(300)))
        assert set(statuses) == {200, 429}
        # Never more than the cap; and what one gateway has leased but doesn't need goes to the other in the end.
        while 200 in (more := [ask(gateway, max_tokens=5) for gateway in (first, second)]):
            statuses += more
        assert statuses.count(200) == 100
        time.sleep(2)
        (row,) = first.get("/api/unladen/1.0/usage?by=model", headers=ADMIN_HEADERS).json()["rows"]
    counts = fake.counts()["by_model"][model]
    assert counts["requests"] == 100
    assert (row["prompt_tokens"], row["completion_tokens"]) == (counts["prompt_tokens"], counts["completion_tokens"])


def test_keys_are_for_all_gateways(fake: FakeProvider, uri: str) -> None:
    config = {"endpoints": [endpoint(fake, "chat")], "admin_key": ADMIN}
    with unladen_gateway(config, backend_uri=uri) as first, unladen_gateway(config, backend_uri=uri) as second:
        headers = {"Authorization": f"Bearer {ADMIN}"}
        made = first.post("/api/unladen/1.0/keys", {"name": "x"}, headers=headers).json()
        assert ask(first, made["key"]) == 200 and ask(second, made["key"]) == 200
        assert first.call("DELETE", f"/api/unladen/1.0/keys/{made['entry']['id']}", headers=headers).status == 200
        assert ask(first, made["key"]) == 401
        deadline = time.monotonic() + 6
        while ask(second, made["key"]) != 401:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_database_outage(fake: FakeProvider, database: PostgreSQL, uri: str) -> None:
    """Cached keys stay valid, requests are buffered for the ledger, and nothing is lost."""
    config = {"endpoints": [endpoint(fake, "chat")], "admin_key": ADMIN}
    with unladen_gateway(config, backend_uri=uri) as gateway:
        headers = {"Authorization": f"Bearer {ADMIN}"}
        key = gateway.post("/api/unladen/1.0/keys", {"name": "x"}, headers=headers).json()["key"]
        assert ask(gateway, key) == 200
        database.kill()
        try:
            assert [ask(gateway, key) for _ in range(20)] == [200] * 20
            assert ask(gateway, "a-key-that-nobody-knows") in (401, 503)
        finally:
            database.start()
        deadline = time.monotonic() + 30
        while True:
            response = gateway.get("/api/unladen/1.0/usage?by=route", headers=headers)
            if response.status == 200 and sum(row["requests"] for row in response.json()["rows"]) >= 21:
                break
            assert time.monotonic() < deadline, response.body
            time.sleep(0.5)
        assert [row["requests"] for row in response.json()["rows"]] == [21]

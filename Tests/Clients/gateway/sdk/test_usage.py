"""The ledger: the gateway counts exactly what the provider counts."""

from __future__ import annotations

import concurrent.futures
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.configs import chat, endpoint, route, user
from support.gateways import ADMIN_HEADERS, ADMIN_KEY, FakeProvider, Gateway, unladen_gateway

#: Providers that report usage, with the prefix of a model's name.
TELLING = {
    "openai": "gpt", "anthropic": "claude", "cohere": "command", "gemini": "gemini", "bedrock": "amazon.nova", "mistral": "mistral",
    "ai21labs": "jamba"}


@pytest.fixture
def names(unique: Callable[[str], str]) -> dict[str, str]:
    """Models that no other test uses."""
    return {provider: unique(name) for provider, name in TELLING.items()}


@pytest.fixture
def gateway(fake: FakeProvider, names: dict[str, str], unique: Callable[[str], str]) -> Iterator[Gateway]:
    endpoints = [endpoint(fake, f"chat-{provider}", provider=provider, model_name=name) for provider, name in names.items()]
    endpoints += [
        endpoint(fake, "embeddings", task="embeddings", model_name=unique("embeddings")),
        endpoint(fake, "completions", task="completions", model_name=unique("completions"))]
    config = {"endpoints": endpoints, "routes": [route(fake, "old", model_name=unique("old"))], "retries": {"attempts": 0}}
    with unladen_gateway(config) as server:
        yield server


def rows(gateway: Gateway, by: str) -> list[dict[str, Any]]:
    """The ledger's totals, once everything is in the database."""
    time.sleep(1.5)
    response = gateway.get(f"/api/unladen/1.0/usage?by={by}&last=1d", headers=ADMIN_HEADERS)
    assert response.status == 200, response.body
    return response.json()["rows"]


def check_equal(gateway: Gateway, fake: FakeProvider) -> dict[str, dict[str, Any]]:
    """Checks that the gateway's counts of each model equal the provider's; returns the rows by model."""
    found = {row["model"]: row for row in rows(gateway, "model") if row["model"]}
    counts = fake.counts()["by_model"]
    for name, row in found.items():
        counted = {key: counts[name][key] for key in ("prompt_tokens", "completion_tokens")}
        assert {key: row[key] for key in counted} == counted, name
        assert row["requests"] - row["errors"] == counts[name]["requests"] - counts[name]["aborted"], name
    return found


def test_all_kinds_of_requests(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    for provider in names:
        for number in range(3):
            body = chat(f"chat-{provider}", f"one two three {number}")
            assert gateway.post("/v1/chat/completions", body).status == 200
            assert gateway.post("/v1/chat/completions", {**body, "stream": True}).status == 200
            message = {"model": f"chat-{provider}", "max_tokens": 9, "messages": user("one two"), "stream": number == 1}
            assert gateway.post("/v1/messages", message).status == 200 or provider == "bedrock"
            assert gateway.post(f"/gateway/chat-{provider}/invocations", {"messages": user("one")}).status == 200
    assert gateway.post("/v1/embeddings", {"model": "embeddings", "input": ["one two", "three"]}).status == 200
    assert gateway.post("/v1/completions", {"model": "completions", "prompt": "one two"}).status == 200
    assert gateway.post("/v1/responses", {"model": "chat-openai", "input": "one two"}).status == 200
    assert gateway.post("/v1/responses", {"model": "chat-openai", "input": "one two", "stream": True}).status == 200
    assert gateway.post("/gateway/old/invocations", {"messages": user("one two")}).status == 200
    found = check_equal(gateway, fake)
    assert set(names.values()) <= found.keys() and len(found) == len(names) + 3
    assert found[names["openai"]]["requests"] == 14


def test_many_at_once(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    def one(number: int) -> None:
        provider = list(names)[number % len(names)]
        body = chat(f"chat-{provider}", f"[[words={number % 30 + 1}]]", stream=number % 3 == 0)
        assert gateway.post("/v1/chat/completions", body).status == 200

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        list(pool.map(one, range(700)))
    found = check_equal(gateway, fake)
    assert sum(row["requests"] for row in found.values()) == 700


def test_faults_cost_nothing(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    # The cost of a missing or unreadable response is unknown; these responses are known to cost nothing.
    for fault in ("status=500", "status=429", "status=400", "status=503"):
        assert gateway.post("/v1/chat/completions", chat("chat-openai", f"[[{fault}]]")).status >= 400
    assert gateway.post("/v1/chat/completions", chat("chat-openai", "one")).status == 200
    (row,) = [row for row in rows(gateway, "model") if row["model"] == names["openai"]]
    assert (row["requests"], row["errors"], row["prompt_tokens"], row["completion_tokens"]) == (5, 4, 1, 2)
    statuses = {row["status"]: row["requests"] for row in rows(gateway, "status")}
    assert statuses == {200: 1, 400: 1, 429: 1, 500: 1, 503: 1}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini", "bedrock", "cohere"])
def test_clients_that_disconnect(gateway: Gateway, fake: FakeProvider, names: dict[str, str], provider: str) -> None:
    """What the provider had sent by then is counted; each event is one token."""
    for events in (5, 10, 20):
        body = chat(f"chat-{provider}", "one two [[words=500 pace=0.02]]", stream=True)
        with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=20) as response:
            lines = (line for line in response.iter_lines() if line)
            for _ in range(events):
                next(lines)
    time.sleep(1)
    counts = fake.counts()["by_model"][names[provider]]
    assert counts["aborted"] == 3
    (row,) = [row for row in rows(gateway, "model") if row["model"] == names[provider]]
    assert row["requests"] == 3
    # The provider may have sent one or two events that didn't arrive.
    assert abs(row["completion_tokens"] - counts["completion_tokens"]) <= 3 * 3
    assert row["completion_tokens"] >= 25
    if provider == "anthropic":
        # Anthropic reports prompt tokens at the start of a stream; elsewhere they are estimated.
        assert row["prompt_tokens"] == counts["prompt_tokens"]
    else:
        assert row["prompt_tokens"] > 0


def test_clients_that_leave_a_stream_of_messages(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    """The first event of a message reports one output token, whatever follows; the gateway counts what came after it."""
    body = {"model": "chat-anthropic", "max_tokens": 1000, "stream": True,
            "messages": [{"role": "user", "content": "one two [[words=500 pace=0.02]]"}]}
    with httpx.stream("POST", f"{gateway.url}/v1/messages", json=body, timeout=20) as response:
        lines = (line for line in response.iter_lines() if line.startswith("data:"))
        for _ in range(22):
            next(lines)
    time.sleep(1)
    counts = fake.counts()["by_model"][names["anthropic"]]
    assert counts["aborted"] == 1
    (row,) = [row for row in rows(gateway, "model") if row["model"] == names["anthropic"]]
    # The stream's first events have no text.
    assert abs(row["completion_tokens"] - counts["completion_tokens"]) <= 5 and row["completion_tokens"] >= 15
    assert row["prompt_tokens"] == counts["prompt_tokens"]


def test_a_client_that_disconnects_before_the_response(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{gateway.url}/v1/chat/completions", json=chat("chat-openai", "[[delay=5]]"), timeout=0.5)
    time.sleep(1)
    assert fake.counts()["by_model"][names["openai"]]["aborted"] == 1, "the provider still works for a client that has left"
    assert [(row["status"], row["requests"]) for row in rows(gateway, "status")] == [(499, 1)]


def test_a_stream_that_breaks_is_counted(gateway: Gateway, fake: FakeProvider, names: dict[str, str]) -> None:
    body = chat("chat-openai", "[[words=50 pace=0.01 reset-after=11]]", stream=True)
    gateway.post("/v1/chat/completions", body)
    (row,) = [row for row in rows(gateway, "model") if row["model"] == names["openai"]]
    counted = fake.counts()["by_model"][names["openai"]]["completion_tokens"]
    assert counted == 10 and abs(row["completion_tokens"] - counted) <= 1


def test_teams_keys_and_costs(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)], "teams": [{"name": "a"}, {"name": "b"}],
        "keys": [{"name": f"key-{team}", "key": f"the-key-of-{team}-0123456789", "team": team} for team in "ab"],
        "prices": {model: {"input": 100, "output": 200}}, "admin_key": ADMIN_KEY}
    with unladen_gateway(config) as gateway:
        for team, count in (("a", 2), ("b", 3)):
            for _ in range(count):
                headers = {"Authorization": f"Bearer the-key-of-{team}-0123456789"}
                assert gateway.post("/v1/chat/completions", chat("chat", "one two"), headers=headers).status == 200
        found = rows(gateway, "team,key,model,route,provider")
        assert [(row["team"], row["key"], row["requests"]) for row in found] == [("b", "key-b", 3), ("a", "key-a", 2)]
        assert [row["cost_usd"] for row in found] == pytest.approx([3 * 0.0008, 2 * 0.0008])
        assert {(row["model"], row["route"], row["provider"]) for row in found} == {(model, "chat", "openai")}
        process = gateway.command("usage", "--by", "team", "--last", "7d", "--json")
        assert process.returncode == 0, process.stderr
        assert [(row["team"], row["requests"]) for row in json.loads(process.stdout)["rows"]] == [("b", 3), ("a", 2)]
        table = gateway.command("usage", "--by", "team,model", "--last", "7d")
        assert model in table.stdout and table.returncode == 0
        assert gateway.get("/api/unladen/1.0/usage?by=nonsense", headers=ADMIN_HEADERS).status == 400


def test_nothing_is_lost_when_the_gateway_is_killed(fake: FakeProvider, unique: Callable[[str], str], tmp_path: Any) -> None:
    """Every response that a client received is in the ledger after a restart."""
    model = unique("model")
    config = {"endpoints": [endpoint(fake, "chat", model_name=model)]}
    completed = 0
    for _ in range(3):
        with unladen_gateway(config, tmp_path) as gateway:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                statuses = list(pool.map(
                    lambda number: gateway.post("/v1/chat/completions", chat("chat", "one two", stream=number % 2 == 0)).status,
                    range(100)))
            assert statuses == [200] * 100
            completed += 100
            gateway.kill()
    with unladen_gateway(config, tmp_path) as gateway:
        (row,) = [row for row in rows(gateway, "model") if row["model"] == model]
    counts = fake.counts()["by_model"][model]
    assert (row["requests"], row["prompt_tokens"], row["completion_tokens"]) == (
        completed, counts["prompt_tokens"], counts["completion_tokens"])


def test_the_cache(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {"endpoints": [endpoint(fake, "chat", model_name=model, cache={"ttl": "2s"})]}
    with unladen_gateway(config) as gateway:
        first, second = (gateway.post("/v1/chat/completions", chat("chat", "one two")) for _ in range(2))
        assert first.json() == second.json()
        assert "hit" in second.headers["cache-status"] and "hit" not in first.headers["cache-status"]
        assert gateway.post("/v1/chat/completions", chat("chat", "one two", temperature=0.5)).status == 200
        assert fake.counts()["by_model"][model]["requests"] == 2
        time.sleep(2.1)
        assert gateway.post("/v1/chat/completions", chat("chat", "one two")).status == 200
        assert fake.counts()["by_model"][model]["requests"] == 3
        assert gateway.post("/v1/chat/completions", chat("chat", "[[once status=500]]")).status == 200
        total = rows(gateway, "route")[0]
        assert (total["requests"], total["cached"]) == (5, 1)
        counts = fake.counts()["by_model"][model]
        assert total["prompt_tokens"] == counts["prompt_tokens"] and total["completion_tokens"] == counts["completion_tokens"]

"""What requests cost: anything that changes a price is priced, rejected where a budget applies, or has an unknown cost; it is never
silently billed at the usual price."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.configs import chat, endpoint, user
from support.gateways import ADMIN_HEADERS, FakeProvider, Gateway, unladen_gateway

#: The fake provider's prices (`Tokens.swift`), in US dollars per million tokens.
USUAL = {"input": 0.04, "output": 0.6, "cached_input": 0.004, "cache_write": 0.05, "cache_write_1h": 0.08}
PROVIDERS = {"openai": "gpt", "anthropic": "claude", "bedrock": "anthropic.claude", "gemini": "gemini"}
#: What each provider can bill, as directives to the fake provider.
BILLED = {
    "openai": "read=5 write=6", "anthropic": "read=5 write=6 write-1h=7", "bedrock": "read=5 write=6 write-1h=7",
    "gemini": "read=5 tools=6"}


@pytest.fixture
def names(unique: Callable[[str], str]) -> dict[str, str]:
    return {provider: unique(name) for provider, name in PROVIDERS.items()}


@pytest.fixture
def gateway(fake: FakeProvider, names: dict[str, str]) -> Iterator[Gateway]:
    tiers = {tier: {name: dollars * factor for name, dollars in USUAL.items()} for tier, factor in (("flex", 0.5), ("priority", 2))}
    config = {
        "endpoints": [endpoint(fake, provider, provider=provider, model_name=name) for provider, name in names.items()],
        "prices": {name: {**USUAL, "service_tiers": tiers} for name in names.values()}, "retries": {"attempts": 0}}
    with unladen_gateway(config) as server:
        yield server


def ledger(gateway: Gateway, provider: str) -> dict[str, Any]:
    """The ledger's totals of a route, once everything is in the database."""
    time.sleep(1.5)
    response = gateway.get("/api/unladen/1.0/usage?by=route&last=1d", headers=ADMIN_HEADERS)
    assert response.status == 200, response.body
    (row,) = [row for row in response.json()["rows"] if row["route"] == provider]
    return row


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_ledger_is_the_providers_bill(gateway: Gateway, fake: FakeProvider, names: dict[str, str], provider: str) -> None:
    requests = 0
    for tier in ("default", "flex", "priority"):
        for streams in (False, True):
            text = f"say it [[words=20 tier={tier} {BILLED[provider]}]]"
            options = {"stream": True} if streams else {}
            assert gateway.post("/v1/chat/completions", chat(provider, text, **options)).status == 200
            assert gateway.post("/v1/messages", {"model": provider, "max_tokens": 50, "messages": user(text), **options}).status == 200
            assert gateway.post(f"/gateway/{provider}/invocations", {"messages": user(text), **options}).status == 200
            requests += 3
    if provider == "openai":
        for tier in ("default", "priority"):
            body = {"model": provider, "input": "say it [[words=20 read=5 write=6]]", "service_tier": tier}
            assert gateway.post("/v1/responses", body).status == 200
            assert gateway.post("/v1/responses", {**body, "stream": True}).status == 200
            requests += 2
    row, count = ledger(gateway, provider), fake.counts()["by_model"][names[provider]]
    assert row["requests"] == count["requests"] == requests and row["unpriced_requests"] == 0
    for name in ("prompt_tokens", "completion_tokens", "cached_tokens", "cache_write_tokens", "cache_write_1h_tokens"):
        assert row[name] == count[name], name
    assert round(row["cost_usd"] * 1e9) == count["bill"] > 0


def test_clients_see_the_cache_in_their_own_terms(gateway: Gateway) -> None:
    text = "[[words=5 read=5 write=6 write-1h=7]]"
    words = len(text.split())
    for provider in ("anthropic", "bedrock"):
        usage = gateway.post("/v1/chat/completions", chat(provider, text)).json()["usage"]
        assert usage["prompt_tokens"] == words + 18
        assert usage["prompt_tokens_details"] == {
            "cached_tokens": 5, "cache_write_tokens": 13,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 7}}
        usage = gateway.post("/v1/messages", {"model": provider, "max_tokens": 9, "messages": user(text)}).json()["usage"]
        assert (usage["input_tokens"], usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (words, 5, 13)
        assert usage["cache_creation"] == {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 7}
    text = "[[words=5 read=5 write=6]]"
    usage = gateway.post("/v1/messages", {"model": "openai", "max_tokens": 9, "messages": user(text)}).json()["usage"]
    assert (usage["input_tokens"], usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (len(text.split()), 5, 6)


@pytest.mark.parametrize("body, field", [
    ({"service_tier": "priority"}, "service_tier"), ({"web_search_options": {}}, "web_search_options"),
    ({"modalities": ["text", "audio"]}, "modalities")])
def test_what_has_no_price(fake: FakeProvider, unique: Callable[[str], str], body: dict[str, Any], field: str) -> None:
    """Such a request is rejected where a budget applies; elsewhere it is forwarded, and its cost is unknown."""
    model = unique("gpt")
    config = {
        "endpoints": [endpoint(fake, "counted", model_name=model), endpoint(fake, "free", model_name=model)],
        "prices": {model: {"input": 1, "output": 1}}, "budgets": [{"name": "month", "usd": 5, "per": "month", "route": "counted"}]}
    with unladen_gateway(config) as gateway:
        response = gateway.post("/v1/chat/completions", chat("counted", "hello", **body))
        assert response.status == 400
        error = response.json()["error"]
        assert error["param"] == field and "'month'" in error["message"] and field in error["message"]
        assert gateway.post("/v1/chat/completions", chat("counted", "hello")).status == 200
        assert gateway.post("/v1/chat/completions", chat("free", "hello", **body)).status == 200
        row = ledger(gateway, "free")
        assert (row["requests"], row["cost_usd"], row["unpriced_requests"]) == (1, None, 1)
        assert ledger(gateway, "counted")["requests"] == 1
        sent = [request["body"] for request in fake.requests(last=5) if request["body"].get("model") == model]
        assert any(request.get(name) == value for request in sent for name, value in body.items())


def test_a_budget_reserves_the_dearest_case(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    """A budget with room for the usual price has no room for a one-hour cache write."""
    model = unique("claude")
    text = "x" * 1000
    # A token has at least one byte: about 1,000 tokens at 6 dollars per million, and at most 10 completion tokens.
    config = {
        "endpoints": [endpoint(fake, "chat", provider="anthropic", model_name=model)],
        "prices": {model: {"input": 3, "output": 15}}, "budgets": [{"name": "day", "usd": 0.005, "per": "day"}]}
    with unladen_gateway(config) as gateway:
        assert gateway.post("/v1/chat/completions", chat("chat", text, max_tokens=10)).status == 429
        assert gateway.post("/v1/chat/completions", chat("chat", text[:500], max_tokens=10)).status == 200

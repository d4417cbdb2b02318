"""Limits and budgets: they are exact, named in rejections, and survive restarts."""

from __future__ import annotations

import concurrent.futures
import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import openai
import pytest

from gateway.configs import chat, endpoint, route, user
from support.gateways import ADMIN_HEADERS, FakeProvider, Gateway, Response, unladen_gateway


def wait_for_room_in_the_minute(seconds: float = 20) -> None:
    """Waits until enough of the current minute is left, as windows are aligned to the minute and a test must fit into one."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.1)


def ask(gateway: Gateway, route: str = "chat", text: str = "one two", key: str | None = None, **more: Any) -> Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return gateway.post("/v1/chat/completions", chat(route, text, **more), headers=headers)


def check_refusal(response: Response, name: str) -> None:
    assert response.status == 429, response.body
    error = response.json()["error"]
    assert name in error["message"] and error["type"] == "rate_limit_error"
    assert 1 <= int(response.headers["retry-after"]) <= 31 * 86400


@contextlib.contextmanager
def limited(fake: FakeProvider, *limits: dict[str, Any], **more: Any) -> Iterator[Gateway]:
    config = {
        "endpoints": [endpoint(fake, "chat"), endpoint(fake, "other"), endpoint(fake, "claude", provider="anthropic")],
        "routes": [route(fake, "old")], "limits": list(limits), **more}
    with unladen_gateway(config) as gateway:
        yield gateway


def test_requests(fake: FakeProvider) -> None:
    with limited(fake, {"name": "all-requests", "requests": 5, "per": "minute"}) as gateway:
        wait_for_room_in_the_minute()
        assert [ask(gateway, name).status for name in ("chat", "other", "chat", "chat", "chat")] == [200] * 5
        rejected = ask(gateway)
        check_refusal(rejected, "all-requests")
        assert int(rejected.headers["retry-after"]) <= 60
        for path in ("/gateway/chat/invocations", "/gateway/old/invocations"):
            response = gateway.post(path, {"messages": user("Hello")})
            assert response.status == 429 and "all-requests" in response.json()["detail"] and response.headers["retry-after"]
        message = gateway.post("/v1/messages", {"model": "chat", "max_tokens": 9, "messages": user("Hello")})
        assert message.status == 429 and message.json()["error"]["type"] == "rate_limit_error"
        with pytest.raises(openai.RateLimitError, match="all-requests"):
            openai.OpenAI(api_key="x", base_url=f"{gateway.url}/v1", max_retries=0).chat.completions.create(
                model="chat", messages=user("Hello"))
        with pytest.raises(anthropic.RateLimitError, match="all-requests"):
            anthropic.Anthropic(api_key="x", base_url=gateway.url, max_retries=0).messages.create(
                model="chat", max_tokens=9, messages=user("Hello"))  # type: ignore[arg-type]


def test_a_window_ends(fake: FakeProvider) -> None:
    with limited(fake, {"name": "few", "requests": 2, "per": "2s"}) as gateway:
        time.sleep(2 - time.time() % 2 + 0.05)
        assert [ask(gateway).status for _ in range(3)] == [200, 200, 429]
        time.sleep(2)
        assert ask(gateway).status == 200


def test_requests_under_load_are_counted_exactly(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)], "limits": [{"name": "fifty", "requests": 50, "per": "minute"}]}
    with unladen_gateway(config) as gateway:
        wait_for_room_in_the_minute()
        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            statuses = list(pool.map(lambda _: ask(gateway).status, range(200)))
    assert statuses.count(200) == 50 and statuses.count(429) == 150
    assert fake.counts()["by_model"][model]["requests"] == 50


def test_requests_of_a_team_a_key_and_a_route(fake: FakeProvider) -> None:
    config = {
        "endpoints": [endpoint(fake, "chat"), endpoint(fake, "other")], "teams": [{"name": "a"}, {"name": "b"}],
        "keys": [
            {"name": name, "key": f"the-key-of-{name}-0123456789", "team": team}
            for name, team in [("a1", "a"), ("a2", "a"), ("b1", "b")]],
        "limits": [
            {"name": "team-a", "requests": 3, "per": "minute", "team": "a"},
            {"name": "each-key", "requests": 5, "per": "minute", "each": "key"},
            {"name": "other-only", "requests": 2, "per": "minute", "route": "other"}]}
    with unladen_gateway(config) as gateway:
        wait_for_room_in_the_minute()

        def of(name: str, route: str = "chat") -> Response:
            return ask(gateway, route, key=f"the-key-of-{name}-0123456789")

        assert [of("a1").status, of("a2").status, of("a1").status] == [200] * 3
        check_refusal(of("a2"), "team-a")
        assert [of("b1", "other").status for _ in range(2)] == [200] * 2
        check_refusal(of("b1", "other"), "other-only")
        assert [of("b1").status for _ in range(3)] == [200] * 3
        check_refusal(of("b1"), "each-key")


def test_requests_at_the_same_time(fake: FakeProvider) -> None:
    with limited(fake, {"name": "parallel", "concurrent": 3, "route": "chat"}) as gateway:
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            responses = list(pool.map(lambda _: ask(gateway, text="[[delay=1.5]]"), range(10)))
        rejected = [response for response in responses if response.status == 429]
        assert len(rejected) == 7 and sum(response.status == 200 for response in responses) == 3
        check_refusal(rejected[0], "parallel")
        # There is room again after faults and disconnects, too.
        ask(gateway, text="[[status=500]]")
        ask(gateway, text="[[reset]]")
        with contextlib.suppress(TimeoutError):
            gateway.post("/v1/chat/completions", chat("chat", "[[hang]]"), timeout=0.3)
        time.sleep(0.5)
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            assert [response.status for response in pool.map(lambda _: ask(gateway, text="[[delay=0.2]]"), range(3))] == [200] * 3


def test_tokens(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)], "limits": [{"name": "few-tokens", "tokens": 200, "per": "minute"}]}
    with unladen_gateway(config) as gateway:
        wait_for_room_in_the_minute()
        responses = [ask(gateway, max_tokens=10, stream=number % 2 == 0) for number in range(60)]
        statuses = [response.status for response in responses]
        assert statuses == sorted(statuses) and {200, 429} == set(statuses)
        check_refusal(responses[-1], "few-tokens")
        counts = fake.counts()["by_model"][model]
        used = counts["prompt_tokens"] + counts["completion_tokens"]
        # Each uses 5 tokens; the last one that fits must reserve its worst case.
        assert 100 <= used <= 200 and used == 5 * statuses.count(200)
        check_refusal(ask(gateway, max_tokens=1000), "few-tokens")


@pytest.mark.parametrize("tokens, tries", [(150, 1), (250, 2), (1000, 3)])
def test_a_failed_attempt_may_cost(fake: FakeProvider, unique: Callable[[str], str], tokens: int, tries: int) -> None:
    """The charge for a request without a response is unknown: a retry must have room in addition to it."""
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)], "retries": {"attempts": 2, "backoff": "10ms"},
        "limits": [{"name": "tokens", "tokens": tokens, "per": "minute"}]}
    with unladen_gateway(config) as gateway:
        wait_for_room_in_the_minute()
        # The worst case is the response and the prompt: 80 and 20 tokens.
        response = ask(gateway, text="[[reset]]", max_tokens=80)
        assert response.status == 502 and "closed the connection" in response.json()["error"]["message"]
        assert sum(model in str(request) for request in fake.requests(500)) == tries
        # All of it counts.
        check_refusal(ask(gateway, max_tokens=tokens - 60 * tries), "tokens")


def test_a_response_is_capped_where_tokens_are_limited(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    """A request without max_tokens gets a default, since the limit couldn't be enforced otherwise."""
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model, max_output_tokens=50)],
        "limits": [{"name": "tokens", "tokens": 1000, "per": "minute"}]}
    with unladen_gateway(config) as gateway:
        response = ask(gateway, text="[[words=500]]").json()
        assert response["choices"][0]["finish_reason"] == "length" and response["usage"]["completion_tokens"] == 50


def test_a_budget(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    config = {
        "endpoints": [endpoint(fake, "chat", model_name=model)],
        "prices": {model: {"input": 1000, "output": 2000}},
        "budgets": [
            {"name": "a-month", "usd": 0.2, "per": "month", "action": "reject"},
            {"name": "warning-only", "usd": 0.001, "per": "month", "action": "alert"}]}
    with unladen_gateway(config) as gateway:
        responses = [ask(gateway, max_tokens=10) for _ in range(60)]
        statuses = [response.status for response in responses]
        assert statuses == sorted(statuses) and {200, 429} == set(statuses)
        check_refusal(responses[-1], "a-month")
        # One request costs 2 * 0.001 + 3 * 0.002.
        assert 0.1 <= statuses.count(200) * 0.008 <= 0.2
        time.sleep(1)
        usage = gateway.get("/api/unladen/1.0/usage?by=model", headers=ADMIN_HEADERS).json()["rows"]
        assert [row["model"] for row in usage if row["cost_usd"]] == [model]
        assert usage[0]["cost_usd"] == pytest.approx(statuses.count(200) * 0.008)


def test_mlflows_own_limit(fake: FakeProvider) -> None:
    config = {"endpoints": [endpoint(fake, "chat", limit={"calls": 3, "renewal_period": "minute"}), endpoint(fake, "other")]}
    with unladen_gateway(config) as gateway:
        wait_for_room_in_the_minute()

        def invoke(name: str) -> Response:
            return gateway.post(f"/endpoints/{name}/invocations", {"messages": user("Hello")})

        assert [invoke("chat").status for _ in range(4)] == [200, 200, 200, 429]
        assert isinstance(invoke("chat").json()["detail"], str) and invoke("other").status == 200


@pytest.mark.parametrize("kills", [False, True])
def test_limits_survive_a_restart(fake: FakeProvider, tmp_path: Any, kills: bool) -> None:
    config = {
        "endpoints": [endpoint(fake, "chat")],
        "limits": [{"name": "ten", "requests": 10, "per": "hour"}, {"name": "tokens", "tokens": 5000, "per": "hour"}]}
    if 3600 - time.time() % 3600 < 60:
        time.sleep(61)
    with unladen_gateway(config, tmp_path) as gateway:
        assert [ask(gateway, max_tokens=5).status for _ in range(6)] == [200] * 6
        if kills:
            gateway.kill()
    with unladen_gateway(config, tmp_path) as gateway:
        statuses = [ask(gateway, max_tokens=5).status for _ in range(10)]
        assert statuses == [200] * 4 + [429] * 6


def test_a_limit_that_is_edited(fake: FakeProvider) -> None:
    def config(cap: int) -> dict[str, Any]:
        return {"endpoints": [endpoint(fake, "chat")], "limits": [{"name": "cap", "requests": cap, "per": "hour"}]}

    with unladen_gateway(config(3)) as gateway:
        assert [ask(gateway).status for _ in range(4)] == [200] * 3 + [429]
        gateway.write(config(5))
        time.sleep(2)
        assert [ask(gateway).status for _ in range(3)] == [200] * 2 + [429]

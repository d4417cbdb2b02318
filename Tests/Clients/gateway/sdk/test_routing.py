"""Fallbacks, retries and traffic splits."""

from __future__ import annotations

import concurrent.futures
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.configs import chat, endpoint, split, user
from support.gateways import FakeProvider, Gateway, unladen_gateway

#: The faults of endpoints, as directives in the names of their models, so that the same request succeeds at the next endpoint.
FAULTS = ["status=500", "status=503", "status=429", "status=401", "status=404", "reset", "garbage", "no-http", "hang"]


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    failing = [
        endpoint(fake, f"fails-{number}", model_name=f"fails-[[{fault}]]", fallback=["good"], retries={"attempts": 0})
        for number, fault in enumerate(FAULTS)]
    config: dict[str, Any] = {
        "timeouts": {"first_byte": "1s"},
        "endpoints": [
            endpoint(fake, "good", model_name="good"),
            endpoint(fake, "good-once", model_name="good", retries={"attempts": 0}),
            endpoint(fake, "claude", provider="anthropic", model_name="good-claude"),
            *failing,
            endpoint(fake, "bad-request", model_name="bad-[[status=400]]", fallback=["good"], retries={"attempts": 0}),
            endpoint(fake, "two-deep", model_name="two-[[status=500]]", fallback=["fails-0", "claude"], retries={"attempts": 0}),
            endpoint(fake, "tries", model_name="tries", retries={"attempts": 2, "backoff": "0.05s", "max_backoff": "2s"}),
            endpoint(fake, "heavy", model_name="heavy"),
            endpoint(fake, "light", model_name="light"),
            endpoint(fake, "slow", model_name="slow-[[delay=0.5]]"),
            endpoint(fake, "quick", model_name="quick"),
        ],
        "routes": [
            split("split", ("heavy", 80), ("light", 20)),
            split("split-with-failures", ("fails-0", 50), ("good", 50)),
            {**split("least", ("slow", 50), ("quick", 50)), "routing_strategy": "LEAST_LOADED"},
        ]}
    with unladen_gateway(config) as server:
        yield server


def ask(gateway: Gateway, model: str, text: str, **more: Any) -> httpx.Response:
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=chat(model, text, **more), timeout=30)


def requests_of(fake: FakeProvider, text: str) -> list[str]:
    """The models that the fake provider received in requests with a given text."""
    return [
        request["body"]["model"] for request in fake.requests(last=50)
        if isinstance(request["body"], dict) and text in json.dumps(request["body"].get("messages"))]


@pytest.mark.parametrize("number, fault", enumerate(FAULTS))
def test_a_fallback_responds(gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], number: int, fault: str) -> None:
    text = unique("text")
    response = ask(gateway, f"fails-{number}", text)
    assert response.status_code == 200 and response.json()["choices"][0]["message"]["content"] == f"echo: {text}"
    asked = requests_of(fake, text)
    assert asked[-1] == "good" and set(asked[:-1]) == {f"fails-[[{fault}]]"}
    # The provider may have closed an idle connection, which isn't a failure of the request.
    assert len(asked) <= (3 if fault == "reset" else 2)


@pytest.mark.parametrize("number, fault", [(number, fault) for number, fault in enumerate(FAULTS) if fault != "garbage"])
def test_a_fallback_streams(gateway: Gateway, number: int, fault: str) -> None:
    body = chat(f"fails-{number}", "Hello there", stream=True)
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=30) as response:
        assert response.status_code == 200
        data = [line.removeprefix("data: ") for line in response.iter_lines() if line]
    assert data[-1] == "[DONE]"
    contents = [json.loads(item)["choices"][0]["delta"].get("content") or "" for item in data[:-1]]
    assert "".join(contents) == "echo: Hello there"


def test_what_is_wrong_everywhere_has_no_fallback(gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = unique("text")
    response = ask(gateway, "bad-request", text)
    assert response.status_code == 400 and "was requested" in response.json()["error"]["message"]
    assert requests_of(fake, text) == ["bad-[[status=400]]"]


def test_the_second_fallback_is_of_another_provider(gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = unique("text")
    response = ask(gateway, "two-deep", text)
    assert response.status_code == 200 and response.json()["choices"][0]["message"]["content"] == f"echo: {text}"
    assert requests_of(fake, text) == ["two-[[status=500]]", "fails-[[status=500]]", "good-claude"]


def test_a_fallback_of_messages(gateway: Gateway) -> None:
    body = {"model": "two-deep", "max_tokens": 9, "messages": user("Hello")}
    response = httpx.post(f"{gateway.url}/v1/messages", json=body, timeout=30)
    assert response.status_code == 200 and response.json()["content"] == [{"type": "text", "text": "echo: Hello"}]


@pytest.mark.parametrize("fault", ["status=500", "status=503", "status=429", "status=529"])
def test_retries(gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], fault: str) -> None:
    text = f"{unique('text')} [[fail=2 {fault}]]"
    response = ask(gateway, "tries", text)
    assert response.status_code == 200 and response.json()["choices"][0]["message"]["content"] == f"echo: {text}"
    assert len(requests_of(fake, text)) == 3
    text = f"{unique('text')} [[fail=3 {fault}]]"
    assert ask(gateway, "tries", text).status_code == int(fault.removeprefix("status="))
    assert len(requests_of(fake, text)) == 3


@pytest.mark.parametrize("fault", ["reset", "close"])
def test_retries_after_a_broken_connection(gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], fault: str) -> None:
    text = f"{unique('text')} [[fail=2 {fault}]]"
    response = ask(gateway, "tries", text)
    assert response.status_code == 200 and response.json()["choices"][0]["message"]["content"] == f"echo: {text}"
    text = f"{unique('text')} [[{fault}]]"
    assert ask(gateway, "tries", text).status_code == 502
    assert 3 <= len(requests_of(fake, text)) <= 4


@pytest.mark.parametrize("fault", ["reset", "close"])
def test_a_request_that_breaks_connections_is_not_sent_over_all_of_them(
    gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], fault: str
) -> None:
    """An idle connection may be stale, which justifies one more attempt, but a provider that charges isn't called repeatedly."""
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: ask(gateway, "good", f"Hello {number} [[delay=0.2]]"), range(20)))
    text = f"{unique('text')} [[{fault}]]"
    assert ask(gateway, "good-once", text).status_code == 502
    assert len(requests_of(fake, text)) <= 2


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_what_would_fail_again_is_not_retried(
    gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], status: int
) -> None:
    text = f"{unique('text')} [[status={status}]]"
    assert ask(gateway, "tries", text).status_code >= 400
    assert len(requests_of(fake, text)) == 1


def test_retries_of_a_stream_that_has_not_begun(gateway: Gateway, unique: Callable[[str], str]) -> None:
    text = f"{unique('text')} [[fail=2 reset]]"
    body = chat("tries", text, stream=True)
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=30) as response:
        assert response.status_code == 200
        assert list(line for line in response.iter_lines() if line)[-1] == "data: [DONE]"


@pytest.mark.parametrize("word, seconds", [("retry-after=1", 1.0), ("retry-after-ms=300", 0.3)])
def test_a_retry_waits_as_long_as_the_provider_says(
    gateway: Gateway, unique: Callable[[str], str], word: str, seconds: float
) -> None:
    begin = time.monotonic()
    assert ask(gateway, "tries", f"{unique('text')} [[once status=429 {word}]]").status_code == 200
    assert seconds <= time.monotonic() - begin < seconds + 1.5


def test_a_long_retry_after_is_not_waited_for(gateway: Gateway, unique: Callable[[str], str]) -> None:
    begin = time.monotonic()
    response = ask(gateway, "tries", f"{unique('text')} [[once status=429 retry-after=60]]")
    assert response.status_code == 429 and response.headers["retry-after"] == "60" and time.monotonic() - begin < 2


def test_a_split(gateway: Gateway, fake: FakeProvider) -> None:
    before = fake.counts()["by_model"]

    def count(name: str) -> int:
        return fake.counts()["by_model"].get(name, {"requests": 0})["requests"] - before.get(name, {"requests": 0})["requests"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda number: ask(gateway, "split", f"Hello {number}"), range(400)))
    assert {response.status_code for response in responses} == {200}
    heavy, light = count("heavy"), count("light")
    assert heavy + light == 400
    # Five standard deviations around 320.
    assert 280 <= heavy <= 360


def test_a_split_with_a_failing_half(gateway: Gateway) -> None:
    responses = [ask(gateway, "split-with-failures", f"Hello {number}") for number in range(20)]
    assert {response.status_code for response in responses} == {200}


def test_the_least_loaded_gets_more(gateway: Gateway, fake: FakeProvider) -> None:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda number: ask(gateway, "least", f"Hello {number}"), range(60)))
    assert {response.status_code for response in responses} == {200}
    counts = fake.counts()["by_model"]
    quick, slow = counts["quick"]["requests"], counts["slow-[[delay=0.5]]"]["requests"]
    assert quick + slow == 60 and slow >= 1 and quick > 3 * slow


def test_the_total_timeout(fake: FakeProvider) -> None:
    config = {"endpoints": [endpoint(
        fake, "chat", retries={"attempts": 20, "backoff": "0.2s", "max_backoff": "0.4s"}, timeouts={"total": "1s"})]}
    with unladen_gateway(config) as gateway:
        begin = time.monotonic()
        response = ask(gateway, "chat", "[[status=503]]")
        assert response.status_code in (503, 504) and time.monotonic() - begin < 3
        begin = time.monotonic()
        response = ask(gateway, "chat", "[[delay=10]]")
        assert response.status_code == 504 and time.monotonic() - begin < 3


def test_an_unreachable_provider(fake: FakeProvider) -> None:
    bad = endpoint(fake, "away", retries={"attempts": 1, "backoff": "0.05s"})
    bad["model"]["config"]["openai_api_base"] = "http://127.0.0.1:1/v1"
    name = endpoint(fake, "no-name", retries={"attempts": 0}, fallback=["good"])
    name["model"]["config"]["openai_api_base"] = "http://no-such-host.invalid/v1"
    with unladen_gateway({"endpoints": [bad, name, endpoint(fake, "good")]}) as gateway:
        response = ask(gateway, "away", "Hello")
        assert response.status_code == 502 and response.json()["error"]["message"]
        assert ask(gateway, "no-name", "Hello").status_code == 200

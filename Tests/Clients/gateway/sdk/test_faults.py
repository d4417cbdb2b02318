"""Provider faults: each is reported clearly and in the API's format, and affects no other request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.configs import chat, endpoint, route, user
from support.gateways import FakeProvider, Gateway, unladen_gateway

#: Without a stream: the directive to the fake provider, and the status that the client receives.
FAULTS = [
    ("reset", 502), ("close", 502), ("garbage", 502), ("no-http", 502), ("wrong-length", 502), ("half-event", 502),
    ("endless-headers", 502), ("hang", 504), ("delay=5", 504), ("status=302", 502), ("status=500", 500), ("status=502", 502),
    ("status=503", 503), ("status=504", 504),
]
#: In a stream: the directive, and whether the stream has begun by then.
STREAM_FAULTS = [
    ("reset-after=3", True), ("end-after=3", True), ("half-event", True), ("garbage", True), ("wrong-length", True),
    ("error-after=3", True), ("reset", False), ("close", False), ("no-http", False), ("hang", False), ("endless-headers", False),
    ("status=500", False),
]
PROVIDERS = {
    "openai": "gpt-4o-mini", "anthropic": "claude-sonnet-4-5", "cohere": "command-a-03-2025", "gemini": "gemini-2.5-flash",
    "bedrock": "amazon.nova-lite-v1:0"}


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    config = {
        "endpoints": [endpoint(fake, provider, provider=provider, model_name=name) for provider, name in PROVIDERS.items()],
        "routes": [route(fake, "old")],
        "retries": {"attempts": 0}, "timeouts": {"first_byte": "1s", "total": "20s"}}
    with unladen_gateway(config) as server:
        yield server


def post(gateway: Gateway, body: dict[str, Any], path: str = "/v1/chat/completions") -> httpx.Response:
    return httpx.post(f"{gateway.url}{path}", json=body, timeout=15)


def check_is_well(gateway: Gateway, model: str) -> None:
    response = post(gateway, chat(model, "Are you well?"))
    assert response.status_code == 200 and response.json()["choices"][0]["message"]["content"] == "echo: Are you well?"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault, status", FAULTS)
def test_a_fault_is_reported(gateway: Gateway, provider: str, fault: str, status: int) -> None:
    begin = time.monotonic()
    response = post(gateway, chat(provider, f"Hello [[{fault}]]"))
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"} and error["message"]
    assert time.monotonic() - begin < 5
    check_is_well(gateway, provider)


@pytest.mark.parametrize("fault, status", [("reset", 502), ("garbage", 502), ("hang", 504), ("status=503", 503)])
def test_a_fault_in_the_other_formats(gateway: Gateway, fault: str, status: int) -> None:
    message = post(gateway, {"model": "openai", "max_tokens": 9, "messages": user(f"[[{fault}]]")}, "/v1/messages")
    assert message.status_code == status and message.json()["type"] == "error"
    assert message.json()["error"].keys() == {"type", "message"}
    for path in ("/gateway/old/invocations", "/gateway/openai/invocations", "/endpoints/openai/invocations"):
        response = post(gateway, {"messages": user(f"[[{fault}]]")}, path)
        assert response.status_code == status and isinstance(response.json()["detail"], str)


def events(response: httpx.Response) -> Iterator[str]:
    """The data of the events, each of which ends with an empty line."""
    for line in response.iter_lines():
        if line:
            assert line.startswith("data: ") or line.startswith("event: "), line
            if line.startswith("data: "):
                yield line.removeprefix("data: ")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault, has_begun", STREAM_FAULTS)
def test_a_fault_in_a_stream(gateway: Gateway, provider: str, fault: str, has_begun: bool) -> None:
    # Paced, so that the preceding events have arrived before the fault occurs.
    body = chat(provider, f"[[words=8 pace=0.02 {fault}]]", stream=True)
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=15) as response:
        if response.status_code != 200:
            error = json.loads(response.read())["error"]
            assert response.status_code >= 500 and error["message"] and error.keys() == {"message", "type", "param", "code"}
            assert not has_begun
        else:
            assert has_begun
            found = list(events(response))
            error = json.loads(found[-1])["error"]
            assert error["message"] and error.keys() == {"message", "type", "param", "code"}
            texts = [json.loads(event)["choices"][0]["delta"].get("content") or "" for event in found[:-1]]
            assert "word1 word2 word3 word4 word5 word6 word7 word8".startswith("".join(texts))
            assert "[DONE]" not in found, "a broken stream must not look complete"
    check_is_well(gateway, provider)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_fault_in_a_stream_of_messages(gateway: Gateway, provider: str) -> None:
    body = {"model": provider, "max_tokens": 100, "messages": user("[[words=8 pace=0.02 reset-after=5]]"), "stream": True}
    with httpx.stream("POST", f"{gateway.url}/v1/messages", json=body, timeout=15) as response:
        assert response.status_code == 200
        last = json.loads(list(events(response))[-1])
    assert last["type"] == "error" and last["error"].keys() == {"type", "message"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_stalls(gateway: Gateway, provider: str) -> None:
    """Silence for longer than the timeout is a fault too."""
    body = chat(provider, "[[words=8 pace=3]]", stream=True)
    begin = time.monotonic()
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=15) as response:
        if response.status_code == 200:
            assert "error" in json.loads(list(events(response))[-1])
        else:
            assert response.status_code == 504
    assert time.monotonic() - begin < 8


def test_many_faults_leave_nothing_behind(gateway: Gateway, fake: FakeProvider) -> None:
    """Connections to the provider are closed or reused, and don't accumulate."""
    for fault in ("reset", "garbage", "hang", "half-event", "no-http") * 3:
        post(gateway, chat("openai", f"[[{fault}]]"))
    for _ in range(20):
        check_is_well(gateway, "openai")
    time.sleep(1.5)
    assert fake.counts()["open_connections"] < 30

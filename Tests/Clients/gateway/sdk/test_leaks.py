"""The gateway doesn't pass on what careless providers put into their errors: keys, stack traces, paths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.configs import CHAT_MODELS, chat, endpoint, user
from support.gateways import PROVIDER_KEY, FakeProvider, Gateway, unladen_gateway

#: Parts of what the fake provider leaks; see `leak` in its `Request`.
LEAKS = (PROVIDER_KEY, "hunter2", "Traceback", "server.py", "Server.java", "server.js", "/usr/lib", "/var/log", "Signature=", "AKIDEXAMPLE")


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    endpoints = [endpoint(fake, f"chat-{provider}", provider=provider, model_name=name) for provider, name in CHAT_MODELS.items()]
    with unladen_gateway({"endpoints": endpoints, "retries": {"attempts": 0}}) as server:
        yield server


def check(gateway: Gateway, body: bytes) -> None:
    text = body.decode()
    log = gateway.process.last_lines(1000)
    for leak in LEAKS:
        assert leak not in text, text
        assert leak not in log, log


@pytest.mark.parametrize("provider", CHAT_MODELS)
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_errors(gateway: Gateway, provider: str, status: int) -> None:
    for path, body in (
        ("/v1/chat/completions", chat(f"chat-{provider}", f"[[leak status={status}]]")),
        ("/v1/chat/completions", chat(f"chat-{provider}", f"[[leak status={status}]]", stream=True)),
        ("/v1/messages", chat(f"chat-{provider}", f"[[leak status={status}]]", max_tokens=5)),
        (f"/gateway/chat-{provider}/invocations", {"messages": user(f"[[leak status={status}]]")}),
    ):
        response = gateway.post(path, body)
        assert response.status == (502 if status == 401 else status), response.body
        if status != 401:
            assert b"was requested" in response.body
        check(gateway, response.body)


@pytest.mark.parametrize("provider", CHAT_MODELS)
@pytest.mark.parametrize("events", [0, 3])
def test_errors_in_streams(gateway: Gateway, provider: str, events: int) -> None:
    for path in ("/v1/chat/completions", "/v1/messages"):
        body = chat(f"chat-{provider}", f"[[words=9 leak error-after={events}]]", stream=True, max_tokens=20)
        check(gateway, gateway.post(path, body).body)


@pytest.mark.parametrize("stream", [False, True])
def test_errors_of_responses(gateway: Gateway, stream: bool) -> None:
    for text in ("[[leak status=400]]", "[[words=9 leak error-after=3]]"):
        response = gateway.post("/v1/responses", {"model": "chat-openai", "input": text, "stream": stream})
        check(gateway, response.body)
        if stream and "error-after" in text:
            assert b"was requested" in response.body


@pytest.mark.parametrize("provider", CHAT_MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_completions_stay_as_they_are(gateway: Gateway, provider: str, stream: bool) -> None:
    """The fake provider echoes the question, word by word."""
    words = ["fake-key", "api_key=abcdef1", "/usr/lib/x.py", "AKIDEXAMPLE"]
    response = gateway.post("/v1/chat/completions", chat(f"chat-{provider}", " ".join(words), stream=stream))
    assert response.status == 200, response.body
    for word in words:
        assert word in response.body.decode().replace("\\/", "/"), response.body

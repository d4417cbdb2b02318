"""The fake provider's faults and counts, so that the other tests can rely on them."""

from __future__ import annotations

import json
import socket
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.gateways import PROVIDER_KEY, FakeProvider

HEADERS = {"Authorization": f"Bearer {PROVIDER_KEY}"}


def chat(text: str, model: str = "gpt-4o", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


def post(fake: FakeProvider, body: dict[str, Any], timeout: float = 10) -> httpx.Response:
    return httpx.post(f"{fake.url}/openai/v1/chat/completions", json=body, headers=HEADERS, timeout=timeout)


def events(fake: FakeProvider, text: str, model: str = "gpt-4o") -> tuple[list[str], Exception | None]:
    """The data of a stream's events, and the exception that broke it."""
    found: list[str] = []
    body = chat(text, model, stream=True)
    try:
        with httpx.stream("POST", f"{fake.url}/openai/v1/chat/completions", json=body, headers=HEADERS, timeout=5) as response:
            for line in response.iter_lines():
                if line:
                    found.append(line.removeprefix("data: "))
    except httpx.HTTPError as error:
        return found, error
    return found, None


@pytest.mark.parametrize("fault", ["reset", "close", "no-http", "wrong-length"])
def test_broken_responses(fake: FakeProvider, fault: str) -> None:
    with pytest.raises(httpx.TransportError):
        post(fake, chat(f"[[{fault}]]"))


@pytest.mark.parametrize("fault", ["hang", "endless-headers"])
def test_endless_responses(fake: FakeProvider, fault: str) -> None:
    with pytest.raises(httpx.HTTPError):
        post(fake, chat(f"[[{fault}]]"), timeout=0.5)


@pytest.mark.parametrize("fault", ["garbage", "half-event"])
def test_responses_that_are_not_json(fake: FakeProvider, fault: str) -> None:
    response = post(fake, chat(f"[[{fault}]]"))
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_streams_that_break(fake: FakeProvider) -> None:
    found, error = events(fake, "[[words=10 reset-after=4]]")
    assert len(found) == 4 and isinstance(error, httpx.TransportError)
    found, error = events(fake, "[[words=10 end-after=4]]")
    assert len(found) == 4 and error is None
    found, error = events(fake, "[[words=10 error-after=2]]")
    assert len(found) == 3 and "error" in json.loads(found[-1]) and error is None
    found, error = events(fake, "[[words=10 half-event]]")
    assert len(found) == 2 and not found[-1].endswith("}") and error is None
    found, error = events(fake, "[[words=10 garbage]]")
    assert len(found) == 2 and not found[-1].startswith("{")
    _, error = events(fake, "[[words=10 wrong-length]]")
    assert isinstance(error, httpx.TransportError)


def test_paced_and_fragmented_streams(fake: FakeProvider) -> None:
    begin = time.monotonic()
    found, _ = events(fake, "[[words=10 pace=0.05]]")
    assert found[-1] == "[DONE]" and 0.5 < time.monotonic() - begin < 5
    assert events(fake, "[[words=10 split=7]]")[0][:-1] != []
    pieces, whole = events(fake, "[[words=10 split=7]]")[0], events(fake, "[[words=10]]")[0]
    texts = [[json.loads(event)["choices"] for event in found[:-1]] for found in (pieces, whole)]
    assert texts[0] == texts[1] and len(texts[0]) == 12


def test_attempts_that_fail(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = f"{unique('text')} [[fail=2 status=503 retry-after=1]]"
    responses = [post(fake, chat(text)) for _ in range(4)]
    assert [response.status_code for response in responses] == [503, 503, 200, 200]
    assert responses[0].headers["retry-after"] == "1"
    model = f"{unique('model')}-[[once status=500]]"
    assert [post(fake, chat(text, model)).status_code for text in ("a", "a", "b", "b")] == [500, 200, 500, 200]


def test_counts(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    post(fake, chat("one two", model))
    events(fake, "one two three", model)
    post(fake, chat("[[status=500]]", model))
    post(fake, {"model": model})
    # 0.04 dollars per million prompt tokens, 0.6 per million completion tokens.
    assert fake.counts()["by_model"][model] == {
        "requests": 2, "prompt_tokens": 5, "completion_tokens": 7, "cached_tokens": 0, "cache_write_tokens": 0,
        "cache_write_1h_tokens": 0, "bill": 5 * 40 + 7 * 600, "aborted": 0, "errors": 1}


def test_the_bill(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    text = "[[words=10 read=5 write=6 write-1h=7 tier=priority]]"
    words = len(text.split())
    post(fake, chat(text, model))
    assert fake.counts()["by_model"][model] == {
        "requests": 1, "prompt_tokens": words + 18, "completion_tokens": 10, "cached_tokens": 5, "cache_write_tokens": 13,
        "cache_write_1h_tokens": 7, "bill": 2 * (words * 40 + 5 * 4 + 6 * 50 + 7 * 80 + 10 * 600), "aborted": 0, "errors": 0}


def test_a_client_that_disconnects_is_counted(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    model = unique("model")
    body = chat("go [[words=1000 pace=0.05]]", model, stream=True)
    with httpx.stream("POST", f"{fake.url}/openai/v1/chat/completions", json=body, headers=HEADERS) as response:
        lines = response.iter_lines()
        for _ in range(12):
            next(lines)
    time.sleep(0.3)
    counts = fake.counts()["by_model"][model]
    assert counts["aborted"] == 1 and counts["requests"] == 1 and counts["prompt_tokens"] == 3
    assert 5 <= counts["completion_tokens"] <= 12


def test_recent_requests(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = unique("text")
    post(fake, chat(text))
    (last,) = fake.requests(last=1)
    assert last["method"] == "POST" and last["path"] == "/openai/v1/chat/completions"
    assert last["body"]["messages"][0]["content"] == text and last["headers"]["authorization"] == HEADERS["Authorization"]


def test_pipelined_requests(fake: FakeProvider) -> None:
    """All requests are sent before the first response, and the responses arrive in order."""
    address = urllib.parse.urlsplit(fake.url)
    request = b""
    for number in range(50):
        body = json.dumps(chat(f"number {number}{' [[delay=0.05]]' if number == 0 else ''}")).encode()
        request += (
            b"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: " + HEADERS["Authorization"].encode()
            + b"\r\nContent-Length: %d\r\n%s\r\n" % (len(body), b"Connection: close\r\n" if number == 49 else b"") + body)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(request)
        response = b""
        while part := connection.recv(65536):
            response += part
    places = [response.index(b"echo: number %d" % number) for number in range(50)]
    assert places == sorted(places) and response.count(b"HTTP/1.1 200 OK") == 50

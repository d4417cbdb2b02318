"""Streams: every event arrives, in order and without delay."""

from __future__ import annotations

import concurrent.futures
import itertools
import json
import socket
import struct
import time
from typing import Any

import httpx
import pytest

from gateway.configs import chat
from support.gateways import FakeProvider, Gateway


def read(gateway: Gateway, body: dict[str, Any], path: str = "/v1/chat/completions") -> list[tuple[float, str]]:
    """The data of all events, each with the seconds since the request."""
    begin = time.monotonic()
    with httpx.stream("POST", gateway.url + path, json=body, timeout=60) as response:
        assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream")
        return [
            (time.monotonic() - begin, line.removeprefix("data: ")) for line in response.iter_lines() if line.startswith("data: ")]


def texts(found: list[tuple[float, str]]) -> list[str]:
    chunks = [json.loads(data) for _, data in found[:-1]]
    contents = [chunk["choices"][0]["delta"].get("content") for chunk in chunks if chunk["choices"]]
    return [content for content in contents if content]


def expected(count: int) -> list[str]:
    return ["word1"] + [f" word{number}" for number in range(2, count + 1)]


@pytest.mark.parametrize("provider", ["openai", "anthropic", "cohere", "gemini", "bedrock"])
def test_events_arrive_as_they_come(gateway: Gateway, provider: str) -> None:
    found = read(gateway, chat(f"chat-{provider}", "[[words=10 pace=0.1]]", stream=True))
    assert found[-1][1] == "[DONE]" and texts(found) == expected(10)
    assert found[0][0] < 0.5 and 0.9 < found[-1][0] < 5
    moments = [moment for moment, _ in found]
    assert max(later - earlier for earlier, later in itertools.pairwise(moments)) < 0.4, "events were held back"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/gateway/chat-openai/invocations", "/endpoints/chat-openai/invocations"])
def test_a_stream_on_each_path(gateway: Gateway, path: str) -> None:
    body = chat("chat-openai", "[[words=5]]", stream=True)
    if not path.startswith("/v1"):
        del body["model"]
    found = read(gateway, body, path)
    assert found[-1][1] == "[DONE]" and texts(found) == expected(5)


def test_a_long_stream(gateway: Gateway) -> None:
    assert texts(read(gateway, chat("chat-openai", "[[words=20000]]", stream=True))) == expected(20_000)


def test_many_streams_at_once(gateway: Gateway) -> None:
    def one(number: int) -> None:
        provider = ["openai", "anthropic", "bedrock"][number % 3]
        found = read(gateway, chat(f"chat-{provider}", f"[[words={50 + number} pace=0.002]]", stream=True))
        assert found[-1][1] == "[DONE]" and texts(found) == expected(50 + number)

    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        list(pool.map(one, range(120)))


def test_every_client_gets_its_own_response(gateway: Gateway) -> None:
    """Streams and complete responses take turns on the provider connections, and no client receives another's data."""
    def one(number: int) -> None:
        body = chat(f"chat-{['openai', 'gemini', 'bedrock'][number % 3]}", f"I am number {number}", stream=number % 2 == 0)
        response = gateway.post("/v1/chat/completions", body)
        assert response.status == 200, response.body
        if body["stream"]:
            lines = response.body.decode().split("\n\n")
            chunks = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
            said = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)
        else:
            said = response.json()["choices"][0]["message"]["content"]
        assert said == f"echo: I am number {number}"

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        list(pool.map(one, range(2000)))


def leave(gateway: Gateway, body: dict[str, Any], after: int) -> None:
    """Sends a request, reads some bytes or waits for some tenths of a millisecond, and then resets the connection."""
    text = json.dumps(body).encode()
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        if after < 100:
            time.sleep(after / 10_000)
            return
        read = b""
        while len(read) < after:
            part = connection.recv(after - len(read))
            assert part, "the response ends early"
            read += part
        assert read.startswith(b"HTTP/1.1 200 "), read


@pytest.mark.parametrize("count, words, least, most", [(1500, 3000, 100, 40_000), (5000, 3, 0, 99)])
def test_clients_that_leave_disturb_nobody(gateway: Gateway, count: int, words: int, least: int, most: int) -> None:
    """A provider connection is reused by only one request, whenever the previous client disconnected: in the middle of a long stream,
    or while a short one was being handed over."""
    def one(number: int) -> None:
        if number % 3:
            leave(gateway, chat("chat-openai", f"[[words={words}]]", stream=True), after=least + number * 37 % (most - least))
        elif number % 2:
            assert texts(read(gateway, chat("chat-openai", "[[words=300]]", stream=True))) == expected(300)
        else:
            response = gateway.post("/v1/chat/completions", chat("chat-openai", "[[words=20]]"), timeout=60)
            assert response.status == 200, response.body
            assert response.json()["choices"][0]["message"]["content"] == "".join(expected(20))

    with concurrent.futures.ThreadPoolExecutor(48) as pool:
        list(pool.map(one, range(count)))


def test_a_client_that_reads_slowly_gets_it_all(gateway: Gateway) -> None:
    body = chat("chat-openai", "[[words=30000]]", stream=True)
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=60) as response:
        found: list[tuple[float, str]] = []
        for number, line in enumerate(response.iter_lines()):
            if line.startswith("data: "):
                found.append((0.0, line.removeprefix("data: ")))
            if number % 5000 == 0:
                time.sleep(0.2)
    assert found[-1][1] == "[DONE]" and texts(found) == expected(30_000)


def test_a_client_that_goes_away_ends_the_providers_work(gateway: Gateway, fake: FakeProvider) -> None:
    before = fake.counts()["by_model"].get("gpt-4o-mini", {"aborted": 0})["aborted"]
    body = chat("chat-openai", "[[words=1000 pace=0.02]]", stream=True)
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=60) as response:
        next(response.iter_lines())
    deadline = time.monotonic() + 3
    while fake.counts()["by_model"]["gpt-4o-mini"]["aborted"] == before:
        assert time.monotonic() < deadline, "the provider still generates for a client that has left"
        time.sleep(0.05)

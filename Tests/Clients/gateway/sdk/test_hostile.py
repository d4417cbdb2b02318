"""Invalid and malicious bodies: they are rejected with a reason, and no other client is affected."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.parse
from typing import Any

import pytest

from gateway.configs import chat, user
from support.gateways import Gateway

PATHS = [
    "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
    "/gateway/chat-openai/invocations"]
HELLO = b'{"model": "chat-openai", "max_tokens": 9, "messages": [{"role": "user", "content": '


def check_refusal(path: str, status: int, body: bytes, *, allowed: tuple[int, ...] = (400, 413, 422)) -> None:
    assert status in allowed, (status, body[:300])
    document = json.loads(body)
    text = document["detail"] if path.startswith("/gateway") else document["error"]["message"]
    assert text, document


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [
    b"", b" ", b"null", b"[]", b"1", b'"text"', b"{", b"}", b'{"model": }', b'{"model": "chat-openai"} {}', b"\xff\xfe",
    b"\x00" * 1000, b'{"model": "\xff\xfe"}', b'{"model": "\\ud800"}', b"[" * 100_000, b'{"a":' * 100_000,
    HELLO + b"[" * 5000 + b"]" * 5000 + b"}]}",
    b'{"model": ' + b"9" * 100_000 + b"}", b'{"model": 1e999999}', b'{"model": "' + b"x" * 1_000_000 + b'"}',
    b"<html></html>", b"model=chat-openai&messages=1",
])
def test_bodies_that_are_not_requests(gateway: Gateway, path: str, body: bytes) -> None:
    response = gateway.post(path, body)
    check_refusal(path, response.status, response.body, allowed=(400, 404, 413, 422))


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/gateway/chat-openai/invocations", "/v1/messages"])
@pytest.mark.parametrize("change", [
    {"messages": None}, {"messages": 1}, {"messages": {}}, {"messages": [1]}, {"messages": [[]]}, {"messages": [{}]},
    {"messages": [{"role": 1, "content": "a"}]}, {"messages": [{"role": "user", "content": 1}]},
    {"messages": [{"role": "user", "content": [1]}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]},
    {"max_tokens": "9"}, {"max_tokens": 1.5}, {"max_tokens": -1}, {"max_tokens": 10**30}, {"temperature": []},
    {"temperature": 1e308},
    {"stream": "true"}, {"stream": 1}, {"tools": {}}, {"tools": [1]}, {"tools": [{"type": "function"}]},
])
def test_members_of_the_wrong_type(gateway: Gateway, path: str, change: dict[str, Any]) -> None:
    body = {"model": "chat-openai", "max_tokens": 9, "messages": user("Hello")} | change
    if path.startswith("/gateway"):
        del body["model"]
    response = gateway.post(path, body)
    check_refusal(path, response.status, response.body)


def test_a_body_of_100_megabytes(gateway: Gateway) -> None:
    """It is rejected, by its declared length or once it is too long, without being buffered completely."""
    address = urllib.parse.urlsplit(gateway.url)
    for announces in (True, False):
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        before = memory(gateway)
        status = None
        try:
            block = b"x" * 1_000_000
            connection.putrequest("POST", "/v1/chat/completions")
            connection.putheader("Content-Type", "application/json")
            connection.putheader(*(("Content-Length", "100000000") if announces else ("Transfer-Encoding", "chunked")))
            connection.endheaders()
            for _ in range(100):
                connection.send(block if announces else b"%x\r\n%s\r\n" % (len(block), block))
            if not announces:
                connection.send(b"0\r\n\r\n")
        except OSError:
            pass  # The gateway may close the connection before it has read everything.
        try:
            response = connection.getresponse()
            status = response.status
            check_refusal("", status, response.read(), allowed=(413,))
        except (OSError, http.client.HTTPException):
            pass
        connection.close()
        assert status in (413, None)
        assert memory(gateway) - before < 150_000_000
        assert gateway.post("/v1/chat/completions", chat("chat-openai", "Hello")).status == 200


def memory(gateway: Gateway) -> int:
    """The gateway's resident memory, in bytes."""
    with open(f"/proc/{gateway.process.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_large_valid_requests(gateway: Gateway) -> None:
    text = "word " * 200_000
    response = gateway.post("/v1/chat/completions", chat("chat-openai", text, max_tokens=2))
    assert response.status == 200 and response.json()["usage"]["prompt_tokens"] == 200_000


def test_large_responses(gateway: Gateway) -> None:
    response = gateway.post("/v1/chat/completions", chat("chat-openai", "[[words=100000]]"))
    assert response.status == 200 and response.json()["choices"][0]["message"]["content"].endswith(" word100000")


@pytest.mark.parametrize("text", [
    b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01",
    b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 500_000 + b"\r\n\r\n",
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
])
def test_what_is_not_http(gateway: Gateway, text: bytes) -> None:
    """The gateway responds with an error or closes the connection, and keeps serving others."""
    address = urllib.parse.urlsplit(gateway.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        response = b""
        try:
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                response += part
        except OSError:
            pass
    # The response to `GET /` is a redirect.
    assert not response.startswith(b"HTTP/1.1 2"), response[:200]
    assert gateway.post("/v1/chat/completions", chat("chat-openai", "Hello")).status == 200


def test_slow_clients_delay_no_others(gateway: Gateway) -> None:
    address = urllib.parse.urlsplit(gateway.url)
    slow = [socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    times: list[float] = []

    def ask() -> None:
        begin = time.monotonic()
        assert gateway.post("/v1/chat/completions", chat("chat-openai", "Hello")).status == 200
        times.append(time.monotonic() - begin)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in slow:
        connection.close()
    assert len(times) == 20 and max(times) < 5

"""Many concurrent gateway clients, cheap enough for a thousand of them to share a thread: HTTP/1.1 over asyncio's streams.

Each client keeps a connection open and sends its requests one after the other. From time to time, and whenever its replica is
gone, it moves to the next replica. The outcome of each request is stored in the request itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: The number of requests over one connection.
ROUNDS = 4
#: The time limit of a request, in seconds; beyond it something hangs.
LIMIT = 60


class Outcome(enum.Enum):
    #: Not sent: there was no replica left, or the client was stopped before.
    UNSENT = "unsent"
    #: The complete response has arrived; a stream ends with `[DONE]` and the end of the body.
    DONE = "done"
    #: Status 429.
    REJECTED = "rejected"
    #: A status other than 200 and 429.
    FAILED = "failed"
    #: A stream that reported an error or ended without `[DONE]`.
    CUT = "cut"
    #: The connection broke before the response was complete.
    BROKEN = "broken"
    #: The client disconnected on purpose.
    LEFT = "left"


@dataclass
class ChatRequest:
    """A chat request and its outcome."""

    #: The route, which also identifies the kind of request for the tests.
    route: str
    text: str
    max_tokens: int
    #: What the provider counts for a complete response.
    prompt_tokens: int
    completion_tokens: int
    streams: bool = False
    wants_usage: bool = False
    #: Disconnects after this many events of the stream. 0: before the response, after `linger` seconds.
    leaves_after: int | None = None
    linger: float = 0
    #: What the complete response to this request contains.
    expected: str = ""
    #: The API: OpenAI's ("chat"), Anthropic's ("messages"), or MLflow's ("invocations").
    api: str = "chat"
    #: Additional members of the body.
    more: dict[str, Any] = field(default_factory=dict)
    #: The tokens of the prompt that the provider reads from its prompt cache and writes to it.
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    #: The cost of a complete response, in billionths of a US dollar; `None`: the cost of its tokens.
    cost: int | None = None

    outcome: Outcome = Outcome.UNSENT
    status: int = 0
    #: Values of `time.monotonic`: when it was sent and when it ended.
    started: float = 0
    ended: float = 0
    url: str = ""
    #: The body of an incomplete or failed response, for failure messages.
    error_body: bytes = b""

    @property
    def prompt_bytes(self) -> int:
        return len(self.text.encode())

    def encoded(self, host: str, key: str) -> bytes:
        body: dict[str, Any] = {"messages": [{"role": "user", "content": self.text}], "max_tokens": self.max_tokens, **self.more}
        if self.api != "invocations":
            body["model"] = self.route
        if self.streams:
            body["stream"] = True
        if self.wants_usage and self.api != "messages":
            body["stream_options"] = {"include_usage": True}
        path = {
            "chat": "/v1/chat/completions", "messages": "/v1/messages", "invocations": f"/gateway/{self.route}/invocations"}[self.api]
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
        return head.encode() + data


class _Left(Exception):
    """The client disconnects."""


@dataclass
class Crowd:
    """The clients, and the replicas that they send requests to."""

    urls: list[str]
    key: str
    #: Called after each request.
    on_end: Callable[[ChatRequest], None] = lambda _: None
    #: Mistakes in complete responses.
    complaints: list[str] = field(default_factory=list)
    #: The highest number of clients connected at the same time.
    most_connected: int = 0
    #: The highest number of requests in flight at the same time.
    most_under_way: int = 0
    _connected: int = 0
    _under_way: int = 0

    async def run(self, plans: Sequence[Sequence[ChatRequest]]) -> None:
        """Connects a client for each plan; once all are connected, they start."""
        clients = [_Client(self, number) for number in range(len(plans))]
        for start in range(0, len(clients), 100):
            await asyncio.gather(*(client.connect() for client in clients[start:start + 100]))
        await asyncio.gather(*(client.run(requests) for client, requests in zip(clients, plans, strict=True)))

    def connected(self, change: int) -> None:
        self._connected += change
        self.most_connected = max(self.most_connected, self._connected)

    def under_way(self, change: int) -> None:
        self._under_way += change
        self.most_under_way = max(self.most_under_way, self._under_way)


class _Client:
    def __init__(self, crowd: Crowd, number: int) -> None:
        self._crowd = crowd
        #: The index of its replica; it uses them in turn.
        self._turn = number
        self._url = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def run(self, requests: Sequence[ChatRequest]) -> None:
        for number, request in enumerate(requests, 1):
            if self._writer is None:
                await self.connect()
            if self._writer is None:
                return
            await self.send(request)
            self._crowd.on_end(request)
            if number % ROUNDS == 0:
                self.disconnect()
        self.disconnect()

    async def connect(self) -> None:
        """Connects to a replica, skipping those that are gone."""
        for _ in range(2 * len(self._crowd.urls)):
            self._url = self._crowd.urls[self._turn % len(self._crowd.urls)]
            address = urllib.parse.urlsplit(self._url)
            try:
                self._reader, self._writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 20)
            except OSError:
                self._turn += 1
                continue
            self._crowd.connected(1)
            return

    def disconnect(self, abruptly: bool = False) -> None:
        if self._writer is None:
            return
        if abruptly:
            self._writer.transport.abort()
        else:
            self._writer.close()
        self._reader = self._writer = None
        self._turn += 1
        self._crowd.connected(-1)

    async def send(self, request: ChatRequest) -> None:
        reader, writer = self._reader, self._writer
        assert reader and writer
        request.url = self._url
        request.started = time.monotonic()
        self._crowd.under_way(1)
        try:
            writer.write(request.encoded(urllib.parse.urlsplit(self._url).netloc, self._crowd.key))
            await writer.drain()
            if request.leaves_after == 0:
                await asyncio.sleep(request.linger)
                raise _Left
            stays = await asyncio.wait_for(self._read(request, reader), LIMIT)
        except (OSError, EOFError):
            request.outcome, stays = Outcome.BROKEN, False
        except asyncio.TimeoutError:
            request.outcome, stays = Outcome.BROKEN, False
            self._crowd.complaints.append(f"didn't end within {LIMIT} s: {request}")
        except _Left:
            request.outcome, stays = Outcome.LEFT, False
        request.ended = time.monotonic()
        self._crowd.under_way(-1)
        if not stays:
            # Half of the clients close their connection, the others reset it.
            self.disconnect(abruptly=request.prompt_bytes % 2 == 0)

    async def _read(self, request: ChatRequest, reader: asyncio.StreamReader) -> bool:
        """Reads and checks the response; returns whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        request.status = int(head[9:12])
        body = await _chunks(request, reader) if b"transfer-encoding: chunked" in head else await _whole(head, reader)
        if request.status != 200:
            request.outcome, request.error_body = Outcome.REJECTED if request.status == 429 else Outcome.FAILED, body
        elif request.streams and (b'data: {"error"' in body or not _is_whole(request, body)):
            request.outcome, request.error_body = Outcome.CUT, body[-500:]
        else:
            request.outcome = Outcome.DONE
            self._check(request, body)
        return b"connection: close" not in head

    def _check(self, request: ChatRequest, body: bytes) -> None:
        """Checks that the response belongs to this request and that its usage is what the client has counted."""
        if request.expected.encode() not in body:
            self._crowd.complaints.append(f"the response to another request: {body[-500:]!r} for {request}")
        if request.streams and not request.wants_usage:
            return
        usage = _usage_of_message(request, body) if request.api == "messages" else _usage_of_chat(request, body)
        if usage != (request.prompt_tokens, request.completion_tokens, request.cached_tokens, request.cache_write_tokens):
            self._crowd.complaints.append(f"wrong usage {usage} for {request}")


def _is_whole(request: ChatRequest, body: bytes) -> bool:
    """Whether a stream has ended properly."""
    if request.api == "messages":
        return b'"type":"message_stop"' in body.rstrip().rpartition(b"\n\n")[2].replace(b" ", b"")
    return body.endswith(b"data: [DONE]\n\n")


def _usage_of_chat(request: ChatRequest, body: bytes) -> tuple[int | None, ...]:
    """The usage in an OpenAI response: prompt tokens, completion tokens, tokens read from the cache and written to it."""
    if request.streams:
        events = [event for event in body.split(b"\n\n") if b'"usage":{' in event]
        response = json.loads(events[-1].removeprefix(b"data: ")) if events else {}
    else:
        response = json.loads(body)
    usage = response.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    return (
        usage.get("prompt_tokens"), usage.get("completion_tokens"), details.get("cached_tokens", 0),
        details.get("cache_write_tokens", 0))


def _usage_of_message(request: ChatRequest, body: bytes) -> tuple[int | None, ...]:
    """The same for an Anthropic response, which counts cached tokens separately from the input."""
    if request.streams:
        usage: dict[str, Any] = {}
        for line in body.split(b"\n"):
            if line.startswith(b"data: "):
                event = json.loads(line.removeprefix(b"data: "))
                reported = event.get("usage") or (event.get("message") or {}).get("usage") or {}
                usage |= {name: count for name, count in reported.items() if count is not None}
    else:
        usage = json.loads(body).get("usage") or {}
    read, written = usage.get("cache_read_input_tokens", 0), usage.get("cache_creation_input_tokens", 0)
    return usage.get("input_tokens", 0) + read + written, usage.get("output_tokens"), read, written


async def _whole(head: bytes, reader: asyncio.StreamReader) -> bytes:
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return await reader.readexactly(length)


async def _chunks(request: ChatRequest, reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
        if request.leaves_after is not None and body.count(b"\n\n") >= request.leaves_after:
            raise _Left
    await reader.readuntil(b"\r\n")
    return bytes(body)


async def use_up(urls: Sequence[str], key: str, make: Callable[[], ChatRequest]) -> list[ChatRequest]:
    """Sends requests to each replica, one at a time, until it rejects one, and repeats this until every replica rejects. Returns the
    requests."""
    requests: list[ChatRequest] = []
    crowd = Crowd(list(urls), key)
    clients = [_Client(crowd, number) for number in range(len(urls))]
    with contextlib.ExitStack() as stack:
        for client in clients:
            await client.connect()
            stack.callback(client.disconnect)
        goes_on = True
        while goes_on:
            goes_on = False
            for client in clients:
                while True:
                    requests.append(make())
                    await client.send(requests[-1])
                    if requests[-1].outcome is not Outcome.DONE:
                        break
                    goes_on = True
                if requests[-1].outcome is not Outcome.REJECTED:
                    return requests
    return requests

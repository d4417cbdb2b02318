"""Many clients of gateways at once, cheap enough that a thousand of them fit one thread: HTTP/1.1 over asyncio's streams.

Each client keeps a connection and sends what it was given to ask, one after the other. Now and then it goes on to the next
replica, and it does so when its own is gone. What became of each request is noted in the request itself.
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

#: So many requests go over one connection.
ROUNDS = 4
#: No request takes longer, in seconds, or something hangs.
LIMIT = 60


class Outcome(enum.Enum):
    #: Not sent: the client had nobody to ask, or was stopped before.
    UNSENT = "unsent"
    #: The whole answer has arrived; for a stream that is `[DONE]`, and the end of the body.
    DONE = "done"
    #: 429
    REFUSED = "refused"
    #: Another status than 200 and 429.
    FAILED = "failed"
    #: A stream that was told to have failed, or that ended without its `[DONE]`.
    CUT = "cut"
    #: The connection broke before the answer was there.
    BROKEN = "broken"
    #: The client went away on purpose.
    LEFT = "left"


@dataclass
class Ask:
    """A request of a chat, and what became of it."""

    #: The route that is asked, and the kind of the request, which tests go by.
    route: str
    text: str
    max_tokens: int
    #: What the provider counts for a whole answer.
    prompt_tokens: int
    completion_tokens: int
    streams: bool = False
    wants_usage: bool = False
    #: Goes away when it has so many events of the stream; 0: before there is an answer, after `linger` seconds.
    leaves_after: int | None = None
    linger: float = 0
    #: What a whole answer to this very request has in it.
    expected: str = ""
    #: By which API: OpenAI's ("chat"), Anthropic's ("messages"), or MLflow's ("invocations").
    api: str = "chat"
    #: Further members of the body.
    more: dict[str, Any] = field(default_factory=dict)
    #: Of the prompt: what the provider reads from its prompt cache and writes to it.
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    #: What a whole answer costs, in billionths of a US dollar; `None`: what its tokens cost.
    cost: int | None = None

    outcome: Outcome = Outcome.UNSENT
    status: int = 0
    #: Moments of `time.monotonic`: when it was sent, and when its end was known.
    started: float = 0
    ended: float = 0
    url: str = ""
    #: The body of what was no whole answer, for messages.
    told: bytes = b""

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
    """The client goes away."""


@dataclass
class Crowd:
    """The clients, and the replicas that they ask."""

    urls: list[str]
    key: str
    #: Called after each request.
    on_end: Callable[[Ask], None] = lambda _: None
    #: What looks wrong in an answer that is whole.
    complaints: list[str] = field(default_factory=list)
    #: How many clients were connected at the same time, at most.
    most_connected: int = 0
    #: How many requests were under way at the same time, at most.
    most_under_way: int = 0
    _connected: int = 0
    _under_way: int = 0

    async def run(self, plans: Sequence[Sequence[Ask]]) -> None:
        """Connects a client for each plan; when all are connected, they begin."""
        clients = [_Client(self, number) for number in range(len(plans))]
        for start in range(0, len(clients), 100):
            await asyncio.gather(*(client.connect() for client in clients[start:start + 100]))
        await asyncio.gather(*(client.run(asks) for client, asks in zip(clients, plans)))

    def connected(self, change: int) -> None:
        self._connected += change
        self.most_connected = max(self.most_connected, self._connected)

    def under_way(self, change: int) -> None:
        self._under_way += change
        self.most_under_way = max(self.most_under_way, self._under_way)


class _Client:
    def __init__(self, crowd: Crowd, number: int) -> None:
        self._crowd = crowd
        #: Which replica it asks; all in turn.
        self._turn = number
        self._url = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def run(self, asks: Sequence[Ask]) -> None:
        for number, ask in enumerate(asks, 1):
            if self._writer is None:
                await self.connect()
            if self._writer is None:
                return
            await self.send(ask)
            self._crowd.on_end(ask)
            if number % ROUNDS == 0:
                self.disconnect()
        self.disconnect()

    async def connect(self) -> None:
        """Connects with a replica; those that are gone are passed over."""
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

    async def send(self, ask: Ask) -> None:
        reader, writer = self._reader, self._writer
        assert reader and writer
        ask.url = self._url
        ask.started = time.monotonic()
        self._crowd.under_way(1)
        try:
            writer.write(ask.encoded(urllib.parse.urlsplit(self._url).netloc, self._crowd.key))
            await writer.drain()
            if ask.leaves_after == 0:
                await asyncio.sleep(ask.linger)
                raise _Left
            stays = await asyncio.wait_for(self._read(ask, reader), LIMIT)
        except (OSError, EOFError):
            ask.outcome, stays = Outcome.BROKEN, False
        except asyncio.TimeoutError:
            ask.outcome, stays = Outcome.BROKEN, False
            self._crowd.complaints.append(f"no end within {LIMIT} s: {ask}")
        except _Left:
            ask.outcome, stays = Outcome.LEFT, False
        ask.ended = time.monotonic()
        self._crowd.under_way(-1)
        if not stays:
            # One half leaves in order, the other half doesn't.
            self.disconnect(abruptly=ask.prompt_bytes % 2 == 0)

    async def _read(self, ask: Ask, reader: asyncio.StreamReader) -> bool:
        """Reads the answer and judges it; returns whether the connection stays."""
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        ask.status = int(head[9:12])
        body = await _chunks(ask, reader) if b"transfer-encoding: chunked" in head else await _whole(head, reader)
        if ask.status != 200:
            ask.outcome, ask.told = Outcome.REFUSED if ask.status == 429 else Outcome.FAILED, body
        elif ask.streams and (b'data: {"error"' in body or not _is_whole(ask, body)):
            ask.outcome, ask.told = Outcome.CUT, body[-500:]
        else:
            ask.outcome = Outcome.DONE
            self._check(ask, body)
        return b"connection: close" not in head

    def _check(self, ask: Ask, body: bytes) -> None:
        """The answer is to this very request, and the client has counted for itself, too."""
        if ask.expected.encode() not in body:
            self._crowd.complaints.append(f"the answer to another request: {body[-500:]!r} for {ask}")
        if ask.streams and not ask.wants_usage:
            return
        usage = _usage_of_message(ask, body) if ask.api == "messages" else _usage_of_chat(ask, body)
        if usage != (ask.prompt_tokens, ask.completion_tokens, ask.cached_tokens, ask.cache_write_tokens):
            self._crowd.complaints.append(f"wrong usage {usage} for {ask}")


def _is_whole(ask: Ask, body: bytes) -> bool:
    """Whether a stream has its end."""
    if ask.api == "messages":
        return b'"type":"message_stop"' in body.rstrip().rpartition(b"\n\n")[2].replace(b" ", b"")
    return body.endswith(b"data: [DONE]\n\n")


def _usage_of_chat(ask: Ask, body: bytes) -> tuple[int | None, ...]:
    """What an answer in OpenAI's form tells: tokens of the prompt, of the completion, read from the cache, written to it."""
    if ask.streams:
        events = [event for event in body.split(b"\n\n") if b'"usage":{' in event]
        answer = json.loads(events[-1].removeprefix(b"data: ")) if events else {}
    else:
        answer = json.loads(body)
    usage = answer.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    return (
        usage.get("prompt_tokens"), usage.get("completion_tokens"), details.get("cached_tokens", 0),
        details.get("cache_write_tokens", 0))


def _usage_of_message(ask: Ask, body: bytes) -> tuple[int | None, ...]:
    """The same of an answer in Anthropic's form, which counts what the cache has to do with beside the input."""
    if ask.streams:
        usage: dict[str, Any] = {}
        for line in body.split(b"\n"):
            if line.startswith(b"data: "):
                event = json.loads(line.removeprefix(b"data: "))
                told = event.get("usage") or (event.get("message") or {}).get("usage") or {}
                usage |= {name: count for name, count in told.items() if count is not None}
    else:
        usage = json.loads(body).get("usage") or {}
    read, written = usage.get("cache_read_input_tokens", 0), usage.get("cache_creation_input_tokens", 0)
    return usage.get("input_tokens", 0) + read + written, usage.get("output_tokens"), read, written


async def _whole(head: bytes, reader: asyncio.StreamReader) -> bytes:
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return await reader.readexactly(length)


async def _chunks(ask: Ask, reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
        if ask.leaves_after is not None and body.count(b"\n\n") >= ask.leaves_after:
            raise _Left
    await reader.readuntil(b"\r\n")
    return bytes(body)


async def use_up(urls: Sequence[str], key: str, make: Callable[[], Ask]) -> list[Ask]:
    """Asks each replica, one request at a time, until it refuses, and all once more until nobody takes any; what was asked."""
    asks: list[Ask] = []
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
                    asks.append(make())
                    await client.send(asks[-1])
                    if asks[-1].outcome is not Outcome.DONE:
                        break
                    goes_on = True
                if asks[-1].outcome is not Outcome.REFUSED:
                    return asks
    return asks

"""Sends the cases to one server and stores what later cases and the normalisation need."""

from __future__ import annotations

import dataclasses
import http.client
import json
import re
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any

from .case import ABSENT, Case

#: The time limit of a response, in seconds.
TIME_LIMIT = 60

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclasses.dataclass(frozen=True)
class Response:
    """A server's response to one case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def json(self) -> Any:
        """The body as JSON; raises ``ValueError`` if it isn't."""
        return json.loads(self.body)


@dataclasses.dataclass(frozen=True)
class Window:
    """The milliseconds since 1970 during which a server handled a case."""

    case: str
    first: int
    last: int


class Session:
    """One server during one run through the list."""

    def __init__(self, base_url: str, own_paths: Mapping[str, str] | None = None) -> None:
        """``own_paths`` maps directories of the server, such as its artifact directory, to their replacements in responses."""
        self.base_url = base_url.rstrip("/")
        self.own_paths = dict(own_paths or {})
        self.variables: dict[str, str] = {}
        self.windows: list[Window] = []
        self._address = urllib.parse.urlsplit(self.base_url)

    def begin_group(self) -> None:
        """Discards the variables of the previous group."""
        self.variables.clear()

    def send(self, group: str, case: Case) -> Response:
        """Sends the case and stores the values that it saves."""
        target, body, headers = self._encoded(case)
        first = self._next_millisecond()
        response = self._exchange(case.method, target, body, headers)
        self.windows.append(Window(f"{group}/{case.name}", first, _now()))
        self._save(case, response)
        return response

    def _exchange(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Response:
        """Sends a request over a new connection, so that the previous one can't affect it."""
        address = self._address
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIME_LIMIT)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
            for key, value in {**headers, "Connection": "close"}.items():
                connection.putheader(key, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Response(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def _encoded(self, case: Case) -> tuple[str, bytes | None, dict[str, str]]:
        target = urllib.parse.quote(self._filled(case.path), safe="/%:@?&=+$,;~!*'().-_#")
        if isinstance(case.query, str):
            query = self._filled(case.query)
        else:
            query = urllib.parse.urlencode([(k, self._filled(v)) for k, v in case.query])
        headers = {key: self._filled(value) for key, value in case.headers.items()}
        body: bytes | None = None
        if case.json is not ABSENT:
            body = json.dumps(self._filled(case.json)).encode()
            headers.setdefault("Content-Type", "application/json")
        elif case.body is not None:
            body = self._filled(case.body).encode() if isinstance(case.body, str) else case.body
        elif case.method not in ("GET", "HEAD"):
            body = b""
        return target + ("?" + query if query else ""), body, headers

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return _VARIABLE.sub(lambda found: self.variables[found[1]], value)
        if isinstance(value, dict):
            return {self._filled(key): self._filled(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._filled(item) for item in value]
        return value

    def _save(self, case: Case, response: Response) -> None:
        for variable, path in case.save.items():
            self.variables[variable] = _at(path, response) or f"no-{variable}"

    def _next_millisecond(self) -> int:
        """Waits for a millisecond in which no earlier request was in flight.

So each time written by a server belongs to one request only, and no two entities have the same age.
        """
        while self.windows and _now() <= self.windows[-1].last:
            time.sleep(0.0002)
        return _now()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _at(path: str, response: Response) -> str | None:
    """The value at a dotted path, or ``None`` if the response doesn't contain it."""
    try:
        value = response.json()
        for step in path.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
        return str(value)
    except (ValueError, KeyError, IndexError, TypeError):
        return None

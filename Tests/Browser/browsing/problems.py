"""Collects problems in a browser context: console errors, uncaught errors, and failed calls."""

from __future__ import annotations

import contextlib
import re
import time
import urllib.parse
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from . import expectations

#: The time limit of calls in flight when a test ends, in seconds.
SETTLE_LIMIT = 15


class Problems:
    """Records problems from its creation on; ``check`` fails with all that were unexpected."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self._under_way: set[Request] = set()
        self._expected: list[tuple[int, re.Pattern[str]]] = []
        self._context = context
        self._listeners = {
            "console": self._console, "weberror": self._error, "request": self._begun, "requestfinished": self._finished,
            "requestfailed": self._failed, "response": self._response}
        for event, listener in self._listeners.items():
            context.on(event, listener)

    def stop(self) -> None:
        """Stops recording."""
        for event, listener in self._listeners.items():
            self._context.remove_listener(event, listener)

    @contextlib.contextmanager
    def expecting(self, status: int, path: str) -> Iterator[None]:
        """Expects responses with this status on a path that matches the regular expression."""
        entry = (status, re.compile(path))
        self._expected.append(entry)
        yield
        self._expected.remove(entry)

    def settle(self, page: Page) -> None:
        """Waits until no call is in flight."""
        deadline = time.monotonic() + SETTLE_LIMIT
        while self._under_way and time.monotonic() < deadline:
            page.wait_for_timeout(20)
        self.found.extend(f"no response after {SETTLE_LIMIT} s: {request.method} {request.url}" for request in self._under_way)

    def check(self) -> None:
        assert not self.found, "the page had problems:\n" + "\n".join(self.found)

    def _begun(self, request: Request) -> None:
        # Ignores the UI's own files and the workers'.
        if re.search("/(ajax-api|graphql|get-artifact|model-versions)", request.url):
            self._under_way.add(request)

    def _finished(self, request: Request) -> None:
        self._under_way.discard(request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(pattern.search(message.text) for pattern in expectations.CONSOLE):
            self.found.append(f"error in the console: {message.text[:1000]}")

    def _error(self, error: WebError) -> None:
        self.found.append(f"uncaught error: {error.error}")

    def _failed(self, request: Request) -> None:
        self._under_way.discard(request)
        # The page itself cancels calls, for example on navigation; a connection broken by the server has another error.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status < 400:
            return
        method, path = response.request.method, urllib.parse.urlsplit(response.url).path
        if any(call.matches(method, path, response.status) for call in expectations.FAILING_CALLS):
            return
        if any(status == response.status and pattern.search(path) for status, pattern in self._expected):
            return
        self.found.append(
            f"status {response.status}: {method} {response.url}"
            + (f"\n  request: {response.request.post_data[:800]}" if response.request.post_data else "")
            + f"\n  response: {self._body(response)}")

    @staticmethod
    def _body(response: Response) -> str:
        # A body can't be read inside an event handler, so this describes it by its headers.
        return f"{response.headers.get('content-type', 'no type')}, {response.headers.get('content-length', 'unknown')} bytes"

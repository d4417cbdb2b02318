"""Requests as raw bytes, from clients that don't follow the HTTP specification."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import time
import urllib.parse


def address(url: str) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


def connect(url: str, timeout: float = 60) -> socket.socket:
    return socket.create_connection(address(url), timeout=timeout)


def head(method: str, path: str, length: int | None, headers: dict[str, str] | None = None) -> bytes:
    fields = {"Host": "127.0.0.1", "Content-Type": "application/json", **(headers or {})}
    if length is not None:
        fields["Content-Length"] = str(length)
    return (f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n").encode()


@dataclasses.dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


def read_response(connection: socket.socket) -> Response | None:
    """The response, up to its declared length or the end of the connection; `None` if there is none."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while b"\r\n\r\n" not in received:
            part = connection.recv(1 << 16)
            if not part:
                return None
            received += part
        text, _, body = received.partition(b"\r\n\r\n")
        first, *fields = text.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        length = int(headers["content-length"]) if "content-length" in headers else None
        while length is None or len(body) < length:
            part = connection.recv(1 << 16)
            if not part:
                break
            body += part
        return Response(int(first.split()[1]), headers, body)
    return None


def send(url: str, method: str, path: str, body: bytes, headers: dict[str, str] | None = None) -> Response | None:
    """Sends a request over a new connection, with its complete body whatever the server responds meanwhile."""
    with connect(url, timeout=120) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(head(method, path, len(body), headers))
            connection.sendall(body)
        return read_response(connection)


def seconds_until_closed(connection: socket.socket, limit: float) -> float:
    """The seconds until the server closes the connection; anything it sends is discarded."""
    start = time.monotonic()
    connection.settimeout(limit)
    with contextlib.suppress(ConnectionError):
        while connection.recv(1 << 16):
            pass
    return time.monotonic() - start

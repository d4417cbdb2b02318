"""Clients that send nothing, too little or too slowly, and shutdowns with such clients."""

from __future__ import annotations

import contextlib
import pathlib
import signal
import socket
import time
from collections.abc import Callable

import pytest

import raw_http
import services
from services import Service, gateway, registry, tracking

#: Short enough for a test, and longer than any delay of a busy machine.
TIMEOUTS = ("--request-header-timeout", "2s", "--request-body-timeout", "2s", "--keep-alive-timeout", "3s")
SERVICES = {"tracking": tracking, "registry": registry, "gateway": gateway}


@pytest.fixture(params=SERVICES)
def short_timeouts(request: pytest.FixtureRequest, tmp_path: pathlib.Path):
    with SERVICES[request.param](tmp_path / request.param, *TIMEOUTS) as service:
        yield service


def _path(service: Service) -> str:
    if "gateway" in service.process.name:
        return "/v1/chat/completions"
    return "/api/2.0/mlflow/" + ("registered-models/create" if "registry" in service.process.name else "runs/create")


def _is_alive(service: Service) -> bool:
    with raw_http.connect(service.url) as connection:
        connection.sendall(raw_http.head("GET", "/livez", None))
        response = raw_http.read_response(connection)
        return response is not None and response.status == 200


def test_half_a_header(short_timeouts: Service) -> None:
    with raw_http.connect(short_timeouts.url) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Half")
        start = time.monotonic()
        response = raw_http.read_response(connection)
        assert response and response.status == 408
        assert time.monotonic() - start < 6
    assert _is_alive(short_timeouts)


def test_half_a_body(short_timeouts: Service) -> None:
    with raw_http.connect(short_timeouts.url) as connection:
        connection.sendall(raw_http.head("POST", _path(short_timeouts), 100) + b'{"half": ')
        start = time.monotonic()
        response = raw_http.read_response(connection)
        assert response and response.status == 408, response
        assert time.monotonic() - start < 6
    assert _is_alive(short_timeouts)


def test_a_dripping_body(short_timeouts: Service) -> None:
    with raw_http.connect(short_timeouts.url) as connection:
        connection.sendall(raw_http.head("POST", _path(short_timeouts), 1_000_000) + b'{"drips": "')
        start = time.monotonic()
        connection.settimeout(0.1)
        received = b""
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 20 and b"\r\n\r\n" not in received:
                with contextlib.suppress(TimeoutError):
                    received += connection.recv(1 << 16)
                connection.sendall(b"x")
        assert received.startswith(b"HTTP/1.1 408 "), received[:100]
        assert time.monotonic() - start < 10


def test_an_idle_connection(short_timeouts: Service) -> None:
    with raw_http.connect(short_timeouts.url) as connection:
        assert raw_http.seconds_until_closed(connection, 20) < 8
    with raw_http.connect(short_timeouts.url) as connection:
        connection.sendall(raw_http.head("GET", "/livez", None))
        assert raw_http.read_response(connection)
        assert 1 < raw_http.seconds_until_closed(connection, 20) < 8


@pytest.mark.parametrize("name", SERVICES)
def test_more_idle_connections_than_the_limit(name: str, tmp_path: pathlib.Path) -> None:
    with SERVICES[name](tmp_path / name, "--max-connections", "100") as service, contextlib.ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(raw_http.connect(service.url))
        time.sleep(0.5)
        for _ in range(20):
            assert _is_alive(service)
        assert "too many connections" in service.log()


def test_more_connections_than_files(tmp_path: pathlib.Path) -> None:
    """`accept` fails with EMFILE: the service logs it, frees file descriptors, and continues."""
    services.raise_file_limit()
    with tracking(tmp_path / "tracking", "--max-connections", "100000", files=128) as service, contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                stack.enter_context(raw_http.connect(service.url, timeout=0.2))
        assert any(_tries(lambda: _is_alive(service)))
        assert "can't accept a connection" in service.log()
    # Once those sockets are gone, everything works as before.


def _tries(attempt: Callable[[], bool]):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            yield attempt()
        except OSError:
            yield False
        time.sleep(0.1)


@pytest.mark.parametrize("name", SERVICES)
def test_a_shutdown_ends_although_a_client_stops_sending(name: str, tmp_path: pathlib.Path) -> None:
    with SERVICES[name](tmp_path / name, "--drain-timeout", "2s") as service:
        connect = raw_http.connect
        with connect(service.url) as half_body, connect(service.url) as half_header, connect(service.url):
            half_body.sendall(raw_http.head("POST", _path(service), 100) + b'{"half": ')
            half_header.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Half")
            time.sleep(0.3)
            start = time.monotonic()
            service.process.process.send_signal(signal.SIGTERM)
            assert service.process.process.wait(15) == 0
            assert 1.5 < time.monotonic() - start < 10
        assert "request aborted by shutdown" in service.log()
        assert _path(service) in service.log()


def test_a_shutdown_waits_for_requests_in_flight(tmp_path: pathlib.Path) -> None:
    with tracking(tmp_path / "tracking", "--drain-timeout", "20s") as service:
        with raw_http.connect(service.url) as connection:
            body = b'{"experiment_id": "0", "run_name": "slow"}'
            connection.sendall(raw_http.head("POST", _path(service), len(body)) + body[:20])
            time.sleep(0.3)
            service.process.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            connection.sendall(body[20:])
            response = raw_http.read_response(connection)
            assert response and response.status == 200
        assert service.process.process.wait(10) == 0


def test_a_flood_of_connections_that_send_nonsense(tmp_path: pathlib.Path) -> None:
    nonsense = [b"\x16\x03\x01\x02\x00", b"\x00" * 100_000, b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\n"]
    with tracking(tmp_path / "tracking") as service:
        for round_ in range(10):
            connections = [raw_http.connect(service.url) for _ in range(100)]
            for number, connection in enumerate(connections):
                with contextlib.suppress(OSError):
                    connection.sendall(nonsense[number % 4])
            for connection in connections:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                connection.close()
            assert _is_alive(service), round_

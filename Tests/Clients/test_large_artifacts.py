"""Uploads and downloads of large artifacts, with a directory and with S3, need little memory."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import pathlib
import random
import urllib.parse
from collections.abc import Iterator

import pytest

from support.builds import bin_dir
from support.processes import free_port, running
from support.servers import RunningServer, unladen_suite

MEGABYTE = 1 << 20
PATH = "/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/large.bin"


class Chunks:
    """A number of different megabytes, and their hash."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self.size = megabytes * MEGABYTE
        self.hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        block = random.Random(1).randbytes(MEGABYTE)
        for number in range(self._megabytes):
            chunk = number.to_bytes(8) + block[8:]
            self.hash.update(chunk)
            yield chunk


def connect(server: RunningServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=300)


def peak(server: RunningServer) -> int:
    """The peak resident memory of the tracking service, in megabytes."""
    status = pathlib.Path(f"/proc/{server.processes[0].process.pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def check(server: RunningServer, megabytes: int, limit: int) -> None:
    chunks = Chunks(megabytes)
    connection = connect(server)
    connection.request("PUT", PATH, iter(chunks), {"Content-Length": str(chunks.size)})
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    connection.request("GET", PATH)
    response = connection.getresponse()
    received = hashlib.sha256()
    while chunk := response.read(MEGABYTE):
        received.update(chunk)
    assert received.digest() == chunks.hash.digest()
    assert peak(server) < limit


def test_two_gigabytes_in_a_directory(tmp_path: pathlib.Path) -> None:
    with unladen_suite(
        bin_dir(), f"sqlite:///{tmp_path}/tracking.db", tmp_path / "artifacts", tmp_path,
        registry_backend_uri=f"sqlite:///{tmp_path}/registry.db",
    ) as server:
        check(server, 2048, limit=120)
    (tmp_path / "artifacts/0/run/artifacts/large.bin").unlink()


@pytest.fixture
def bucket(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    python = os.environ.get("UNLADEN_TEST_MOTO_PYTHON")
    if not python:
        pytest.skip("UNLADEN_TEST_MOTO_PYTHON isn't set")
    port = free_port()

    def responses(_: object) -> bool:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("PUT", "/large")
            return connection.getresponse().status == 200
        return False

    for name, value in {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "MLFLOW_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    with running("moto", [python, "-m", "moto.server", "-p", str(port)], directory=tmp_path, ready=responses):
        yield "s3://large/prefix"


def test_half_a_gigabyte_in_s3(bucket: str, tmp_path: pathlib.Path) -> None:
    with unladen_suite(
        bin_dir(), f"sqlite:///{tmp_path}/tracking.db", bucket, tmp_path,  # type: ignore[arg-type]
        registry_backend_uri=f"sqlite:///{tmp_path}/registry.db",
    ) as server:
        check(server, 512, limit=160)

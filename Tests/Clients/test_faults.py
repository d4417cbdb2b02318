"""With a database that is locked, missing or out of space, writes fail with a clear error until the cause is gone."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from support.builds import bin_dir
from support.servers import RunningServer, unladen_suite


@contextlib.contextmanager
def suite(directory: pathlib.Path, rest: pathlib.Path) -> Iterator[tuple[RunningServer, str]]:
    """The services with the tracking data in `directory`, and a run."""
    with unladen_suite(
        bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", rest,
        registry_backend_uri=f"sqlite:///{rest}/registry.db",
    ) as server:
        status, response, _ = send(server, "POST", "/api/2.0/mlflow/runs/create", {"experiment_id": "0"})
        assert status == 200
        yield server, json.loads(response)["run"]["info"]["run_id"]
        assert all(process.process.poll() is None for process in server.processes), server.last_lines()


def send(server: RunningServer, method: str, path: str, body: object = None) -> tuple[int, str, dict[str, str]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(server.url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def log(server: RunningServer, run: str, number: int, size: int = 10) -> tuple[int, str, dict[str, str]]:
    tags = [{"key": f"tag-{number}-{index}", "value": "x" * size} for index in range(20)]
    return send(server, "POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "tags": tags})


def tags(server: RunningServer, run: str) -> set[str]:
    status, response, _ = send(server, "GET", f"/api/2.0/mlflow/runs/get?run_id={run}")
    assert status == 200
    return {tag["key"] for tag in json.loads(response)["run"]["data"]["tags"] if tag["key"].startswith("tag-")}


def check_rejected(response: tuple[int, str, dict[str, str]]) -> None:
    status, body, headers = response
    assert status == 503, body
    assert json.loads(body)["error_code"] == "TEMPORARILY_UNAVAILABLE"
    assert int(headers["Retry-After"]) >= 1


def is_ready(server: RunningServer) -> bool:
    return send(server, "GET", "/readyz")[0] == 200


def test_a_locked_database(tmp_path: pathlib.Path) -> None:
    with suite(tmp_path, tmp_path) as (server, run):
        assert log(server, run, 1)[0] == 200
        other = sqlite3.connect(tmp_path / "tracking.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        check_rejected(log(server, run, 2))
        assert len(tags(server, run)) == 20
        other.execute("ROLLBACK")
        assert log(server, run, 3)[0] == 200
        assert len(tags(server, run)) == 40


def test_a_missing_database(tmp_path: pathlib.Path) -> None:
    with suite(tmp_path, tmp_path) as (server, run):
        assert log(server, run, 1)[0] == 200
        (tmp_path / "tracking.db").rename(tmp_path / "away.db")
        check_rejected(log(server, run, 2))
        check_rejected(send(server, "GET", f"/api/2.0/mlflow/runs/get?run_id={run}"))
        assert not is_ready(server)
        (tmp_path / "away.db").rename(tmp_path / "tracking.db")
        assert log(server, run, 3)[0] == 200
        assert is_ready(server)
        assert len(tags(server, run)) == 40


@pytest.fixture
def small_disk(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", directory], capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield directory
    subprocess.run(["umount", "--lazy", directory], check=True)


def test_a_full_disk(small_disk: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with suite(small_disk, tmp_path) as (server, run):
        acknowledged = 0
        while (response := log(server, run, acknowledged, size=4000))[0] == 200:
            acknowledged += 1
            assert acknowledged < 1000, "the disk doesn't fill up"
        check_rejected(response)
        check_rejected(send(server, "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x.bin", os.urandom(4_000_000)))
        assert len(tags(server, run)) == 20 * acknowledged
        subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
        assert log(server, run, 5000)[0] == 200
        assert send(server, "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x.bin", os.urandom(4_000_000))[0] == 200
        assert len(tags(server, run)) == 20 * (acknowledged + 1)
    assert not list((small_disk / "artifacts").rglob(".*")), "the failed upload left files behind"

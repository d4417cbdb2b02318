"""Files that were damaged while a service was down: it starts and reports what it can't read, or exits with a clear error."""

from __future__ import annotations

import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess

import pytest

import raw_http
from services import Service, gateway, tracking
from support.builds import bin_dir


def _post(service: Service, path: str, body: object) -> raw_http.Response:
    response = raw_http.send(service.url, "POST", path, json.dumps(body).encode())
    assert response
    return response


def _get(service: Service, path: str) -> raw_http.Response:
    with raw_http.connect(service.url) as connection:
        connection.sendall(raw_http.head("GET", path, None))
        response = raw_http.read_response(connection)
        assert response
        return response


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_database(tmp_path: pathlib.Path, seed: int) -> None:
    """Database pages are overwritten with random bytes: wrong data is always reported as an error, and nothing crashes."""
    directory = tmp_path / "tracking"
    with tracking(directory) as service:
        runs = []
        for number in range(30):
            run = json.loads(_post(service, "/api/2.0/mlflow/runs/create", {"experiment_id": "0"}).body)["run"]["info"]["run_id"]
            metrics = [{"key": f"m{index}", "value": index, "timestamp": 1, "step": number} for index in range(50)]
            tags = [{"key": f"t{index}", "value": "x" * 200} for index in range(50)]
            assert _post(service, "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "metrics": metrics, "tags": tags}).status == 200
            runs.append(run)
    database = directory / "tracking.db"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    noise = random.Random(seed)
    with database.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        # The header stays intact: without it the file isn't a database, which another test covers.
        for _ in range(10):
            file.seek(noise.randrange(2048, size - 512))
            file.write(noise.randbytes(512))
    try:
        with tracking(directory) as service:
            for run in runs:
                response = _get(service, f"/api/2.0/mlflow/runs/get?run_id={run}")
                assert response.status in {200, 404, 500, 503}
                json.loads(response.body)
            for path, body in (
                ("runs/search", {"experiment_ids": ["0"]}), ("experiments/search", {"max_results": 10}),
                ("runs/log-metric", {"run_id": runs[0], "key": "m", "value": 1, "timestamp": 1}),
            ):
                response = _post(service, f"/api/2.0/mlflow/{path}", body)
                assert response.status in {200, 400, 404, 500, 503}
                json.loads(response.body)
            assert _get(service, "/livez").status == 200
            assert service.process.process.poll() is None, service.process.last_lines()
    except Exception as error:  # noqa: BLE001
        # It may exit at startup with a clear error.
        if "ended with status 2" not in str(error):
            raise


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b"SQLite format 3\x00" + b"\xff" * 4096], ids=["text", "header"])
def test_a_file_that_is_not_a_database(tmp_path: pathlib.Path, content: bytes) -> None:
    file = tmp_path / "tracking.db"
    file.write_bytes(content)
    result = subprocess.run(
        [str(bin_dir() / "unladen-tracking"), "--port", "0", "--backend-store-uri", f"sqlite:///{file}"],
        capture_output=True, timeout=30, text=True)
    assert result.returncode == 2, result
    assert result.stderr.startswith("error: ")
    assert file.read_bytes() == content


def test_a_damaged_usage_log(tmp_path: pathlib.Path) -> None:
    """The readable part of a killed gateway's usage log reaches the ledger, and the rest is skipped."""
    directory = tmp_path / "gateway"
    message = {"model": "chat", "messages": [{"role": "user", "content": "hello"}]}
    with gateway(directory) as service:
        for _ in range(20):
            assert _post(service, "/v1/chat/completions", message).status == 502
        service.process.process.send_signal(signal.SIGKILL)
        service.process.process.wait(10)
    files = [file for file in (directory / "usage-log").rglob("*") if file.is_file()]
    assert files
    for number, file in enumerate(files):
        content = file.read_bytes()
        file.write_bytes((content[:-7] if number % 2 else content) + b"\x00\xff{garbage\n" + os.urandom(300) + b"\n" + b"x" * 100_000)
    with gateway(directory) as service:
        assert _post(service, "/v1/chat/completions", message).status == 502
        assert _get(service, "/readyz").status == 200
        assert service.process.process.poll() is None


def test_a_configuration_that_is_damaged_while_the_gateway_runs(tmp_path: pathlib.Path) -> None:
    with gateway(tmp_path / "gateway") as service:
        file = tmp_path / "gateway" / "gateway.yaml"
        for content in (b"\x00\xff\xfe", b"a: &a [*a, *a]", b"[" * 100_000, b"x: " + b"y" * 20_000_000, b""):
            file.write_bytes(content)
            for _ in range(3):
                assert _get(service, "/livez").status == 200
                assert _get(service, "/v1/models").status == 200
            assert service.process.process.poll() is None

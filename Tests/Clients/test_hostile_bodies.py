"""Small bodies that would expand, and large invalid ones, cost little more than reading them; large valid ones succeed."""

from __future__ import annotations

import gzip
import http.client
import json
import pathlib
import re
import urllib.parse
from collections.abc import Iterator

import pytest

from support.builds import bin_dir
from support.servers import RunningServer, unladen_suite

JSON = {"Content-Type": "application/json"}
SPANS = {"Content-Type": "application/x-protobuf", "X-MLflow-Experiment-Id": "0"}
PACKED = {**SPANS, "Content-Encoding": "gzip"}
MLFLOW = "/api/2.0/mlflow/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    directory = tmp_path_factory.mktemp("hostile")
    # With less memory, some bodies would exceed it before the limit under test.
    arguments = ["--request-memory", "256M"]
    with unladen_suite(
        bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory / "logs", tracking_arguments=arguments
    ) as server:
        yield server


def send(server: RunningServer, path: str, body: bytes, headers: dict[str, str] = JSON) -> tuple[int, str]:
    address = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


def peak_memory(server: RunningServer) -> int:
    """The peak resident memory of the tracking service, in megabytes."""
    status = pathlib.Path(f"/proc/{server.processes[0].process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) >> 10


def processor_time(server: RunningServer) -> float:
    """The CPU time of the tracking service, in seconds."""
    fields = pathlib.Path(f"/proc/{server.processes[0].process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def varint(number: int) -> bytes:
    digits = bytearray()
    while number >= 128:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes(digits) + bytes([number])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def export(*spans: bytes) -> bytes:
    return field(1, field(2, b"".join(field(2, span) for span in spans)))


def span(number: int, attributes: int) -> bytes:
    attribute = field(9, field(1, b"key") + field(2, field(1, b"value")))
    return field(1, b"0123456789abcdef") + field(2, number.to_bytes(8)) + field(5, b"span") + attribute * attributes


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "message"),
    [
        ("/v1/traces", gzip.compress(export(b"J\0" * 20_000_000)), PACKED, 400, "more than 4096 attributes"),
        ("/v1/traces", gzip.compress(b"\n\0" * 20_000_000), PACKED, 400, "more than 1000000 attributes and values"),
        ("/v1/traces", gzip.compress(bytes(200_000_000)), PACKED, 413, "more than 67108864 bytes when decompressed"),
        (MLFLOW + "runs/create", b'{"experiment_id": [' + b'{"":0},' * 8_500_000 + b"0]}", JSON, 400, "more than 1000000 values"),
        (MLFLOW + "runs/create", b"[" * 500_000, JSON, 400, "nested deeper than 100 levels"),
        (MLFLOW + "runs/create", b'{"experiment_id": "' + b"0" * (64 << 20) + b'"}', JSON, 413, "exceeds 67108864 bytes"),
        (MLFLOW + "runs/search", json.dumps({"experiment_ids": ["0"], "filter": "x" * 20_000_000}).encode(), JSON, 400,
         "The filter is longer than 1048576 bytes"),
        (MLFLOW + "runs/search", json.dumps({"experiment_ids": ["0"], "filter": "x " * 500_000}).encode(), JSON, 400, "x x x"),
        (MLFLOW + "runs/log-parameter", json.dumps({"run_id": "x", "key": "a/" * 10_000_000, "value": "v"}).encode(), JSON, 400,
         "at most 16384 bytes"),
    ],
    ids=["attributes", "groups", "zeros", "objects", "depth", "bytes", "filter", "tokens", "path"],
)
def test_a_hostile_body(
    server: RunningServer, path: str, body: bytes, headers: dict[str, str], status: int, message: str
) -> None:
    before = processor_time(server)
    response, text = send(server, path, body, headers)
    assert (response, message in text) == (status, True), text[:1000]
    assert len(text) < 5_000
    # Most of the time is reading the body.
    assert processor_time(server) - before < 4
    # The body twice, and 128 MB of values.
    assert peak_memory(server) < 500
    assert server.processes[0].log.stat().st_size < 1_000_000


def test_spans_beside_one_that_is_too_large(server: RunningServer) -> None:
    status, text = send(server, "/v1/traces", export(span(1, 1), span(2, 5_000)), SPANS)
    assert status == 200
    assert "1 span was rejected because it exceeds a limit: more than 4096 attributes in one span." in text


def test_twenty_thousand_spans(server: RunningServer) -> None:
    status, text = send(server, "/v1/traces", gzip.compress(export(*(span(number, 10) for number in range(20_000)))), PACKED)
    assert (status, text) == (200, "")


def test_a_full_batch(server: RunningServer) -> None:
    _, text = send(server, MLFLOW + "runs/create", b'{"experiment_id": "0"}')
    run = json.loads(text)["run"]["info"]["run_id"]
    metrics = [{"key": f"metric-{number}", "value": number, "timestamp": 1, "step": 0} for number in range(800)]
    params = [{"key": f"param-{number}", "value": "v" * 6_000} for number in range(100)]
    tags = [{"key": f"tag-{number}", "value": "t" * 5_000} for number in range(100)]
    status, text = send(
        server, MLFLOW + "runs/log-batch", json.dumps({"run_id": run, "metrics": metrics, "params": params, "tags": tags}).encode())
    assert (status, text) == (200, "{}")


def test_a_search_by_three_thousand_ids(server: RunningServer) -> None:
    ids = ",".join(f"'{number:032x}'" for number in range(3_000))
    body = {"experiment_ids": ["0"], "filter": f"attributes.run_id IN ({ids})"}
    status, text = send(server, MLFLOW + "runs/search", json.dumps(body).encode())
    assert status == 200, text[:1000]

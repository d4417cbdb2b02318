"""Requests that cost more than their size suggests: many at once, each served or rejected, within limits on memory and time."""

from __future__ import annotations

import concurrent.futures
import gzip
import json
import os
import pathlib
import zlib
from collections.abc import Callable

import pytest

from monitor import monitoring
from raw_http import Response, send
from services import Service, gateway, registry, tracking

#: The memory limit of each service, and the time limit of probes meanwhile. Attackers, probes and services share the machine's two
#: cores, so that on a busy machine a probe may be late by itself: in CI, one in fifty may be.
MEMORY = 400_000_000
PROBE_SECONDS = 0.1
#: The number of concurrent requests.
CROWD = 64
REFUSALS = {400, 413, 415, 422, 503}

MEGABYTE = 1 << 20
Request = tuple[str, str, bytes, dict[str, str]]


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    def varint(value: int) -> bytes:
        text = b""
        while value > 0x7F:
            text, value = text + bytes([value & 0x7F | 0x80]), value >> 7
        return text + bytes([value])

    return varint(number << 3 | 2) + varint(len(content)) + content


def _otlp(span: bytes) -> bytes:
    ids = _field(1, bytes(range(16))) + _field(2, bytes(range(8)))
    return _field(1, _field(2, _field(2, ids + span)))


def _traces(body: bytes, encoding: str | None, kind: str = "application/x-protobuf") -> Request:
    headers = {"Content-Type": kind, "x-mlflow-experiment-id": "0"}
    return "POST", "/v1/traces", body, {**headers, "Content-Encoding": encoding} if encoding else headers


def empty_attributes() -> Request:
    """20,000,000 empty attributes in 39 kB."""
    return _traces(gzip.compress(_otlp(_field(9, b"") * 20_000_000)), "gzip")


def empty_attributes_plain() -> Request:
    return _traces(_otlp(_field(9, b"") * 20_000_000), None)


def many_spans() -> Request:
    ids = _field(1, bytes(range(16))) + _field(2, bytes(range(8)))
    return _traces(gzip.compress(_field(1, _field(2, _field(2, ids) * 2_000_000))), "gzip")


def zeros(encoding: str) -> Request:
    packed = gzip.compress(bytes(1 << 30)) if encoding == "gzip" else zlib.compress(bytes(1 << 30))
    return _traces(packed, encoding)


def otlp_json_nodes() -> Request:
    return _traces(gzip.compress(b'{"resourceSpans":[' + b'{"":0},' * 8_000_000 + b"0]}"), "gzip", "application/json")


def _api(path: str, body: bytes) -> Request:
    return "POST", f"/api/2.0/mlflow/{path}", body, {}


def objects(path: str) -> Request:
    """60 MB of the smallest objects."""
    return _api(path, b'{"experiment_id": [' + b'{"":0},' * (60 * MEGABYTE // 7) + b"0]}")


def nested() -> Request:
    return _api("runs/create", b'{"experiment_id": ' + b"[" * (60 * MEGABYTE) + b"]" * MEGABYTE)


def text(path: str, field: str) -> Request:
    return _api(path, json.dumps({field: "x" * (60 * MEGABYTE)}).encode())


def string_body() -> Request:
    """A body that is a JSON string containing the smallest objects, which are parsed as fields."""
    return _api("runs/create", json.dumps('{"experiment_id": [' + '{"":0},' * (6 * MEGABYTE) + "0]}").encode())


def string_values() -> Request:
    """A trace whose assessments have JSON strings as values."""
    value = {"value": "[" + "0," * 250_000 + "0]", "serialization_format": "JSON_FORMAT"}
    info = {
        "trace_id": "tr-1", "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}},
        "request_time": "2026-01-01T00:00:00Z", "state": "OK",
        "assessments": [{"assessment_name": f"a{number}", "expectation": {"serialized_value": value}} for number in range(100)],
    }
    return "POST", "/api/3.0/mlflow/traces", json.dumps({"trace": {"trace_info": info}}).encode(), {}


def string_attributes() -> Request:
    """Spans with JSON strings as attributes, which the service decodes."""
    text = b"[" + b"0," * 90_000 + b"0]"
    attribute = _field(9, _field(1, b"gen_ai.input.messages") + _field(2, _field(1, text)))
    ids = _field(1, bytes(range(16))) + _field(2, bytes(range(8)))
    return _traces(gzip.compress(_field(1, _field(2, _field(2, ids + attribute) * 300))), "gzip")


def datasets() -> Request:
    """Comparisons that list all experiments each."""
    experiments = [str(number) for number in range(90_000)]
    return _api("runs/search", json.dumps(
        {"experiment_ids": experiments, "filter": " AND ".join(["dataset.name = 'a'"] * 1_900)}).encode())


def conditions() -> Request:
    return _api("runs/search", json.dumps({"experiment_ids": ["0"], "filter": " AND ".join(["params.a = 'b'"] * 2_000_000)}).encode())


def _chat(content: bytes) -> Request:
    return "POST", "/v1/chat/completions", b'{"model": "chat", "messages": [' + content + b"]}", {}


def chat_members() -> Request:
    """12 MB with a million members."""
    return _chat(b'{"role": "user", "content": "x", ' + b", ".join(b'"m%d": 1' % number for number in range(1_000_000)) + b"}")


def chat_objects() -> Request:
    return _chat(b'{"":0},' * (60 * MEGABYTE // 7) + b"0")


def chat_text() -> Request:
    return _chat(json.dumps({"role": "user", "content": "x" * (60 * MEGABYTE)}).encode())


def chat_escapes() -> Request:
    return _chat(b'{"role": "user", "content": "' + rb"\u0041" * (10 * MEGABYTE) + b'"}')


ATTACKS: list[tuple[str, Callable[[], Request]]] = [
    ("tracking", empty_attributes), ("tracking", empty_attributes_plain), ("tracking", many_spans),
    ("tracking", lambda: zeros("gzip")), ("tracking", lambda: zeros("deflate")), ("tracking", otlp_json_nodes),
    ("tracking", lambda: objects("runs/create")), ("tracking", nested), ("tracking", lambda: text("runs/create", "run_name")),
    ("tracking", lambda: text("runs/search", "filter")), ("tracking", conditions),
    ("tracking", string_body), ("tracking", string_values), ("tracking", string_attributes), ("tracking", datasets),
    ("registry", lambda: objects("registered-models/create")), ("registry", lambda: text("registered-models/create", "name")),
    ("registry", lambda: text("registered-models/create", "description")),
    ("gateway", chat_members), ("gateway", chat_objects), ("gateway", chat_text), ("gateway", chat_escapes),
]
NAMES = [
    "tracking-empty-attributes", "tracking-empty-attributes-plain", "tracking-many-spans", "tracking-zeros-gzip",
    "tracking-zeros-deflate", "tracking-otlp-json", "tracking-objects", "tracking-nested", "tracking-text", "tracking-filter",
    "tracking-conditions", "tracking-string-body", "tracking-string-values", "tracking-string-attributes", "tracking-datasets",
    "registry-objects", "registry-name", "registry-description", "gateway-members", "gateway-objects",
    "gateway-text", "gateway-escapes",
]
#: The attacks that always run; the others run if `UNLADEN_HOSTILE` is `long`.
SHORT = {
    "tracking-empty-attributes", "tracking-objects", "tracking-filter", "tracking-string-values", "tracking-datasets", "registry-objects",
    "gateway-members", "gateway-objects",
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory):
    directory = tmp_path_factory.mktemp("amplification")
    with tracking(directory / "tracking") as one, registry(directory / "registry") as two, gateway(directory / "gateway") as three:
        yield {"tracking": one, "registry": two, "gateway": three}


@pytest.mark.parametrize(("name", "make"), ATTACKS, ids=NAMES)
def test_a_crowd(services: dict[str, Service], name: str, make: Callable[[], Request], request: pytest.FixtureRequest) -> None:
    if request.node.callspec.id not in SHORT and os.environ.get("UNLADEN_HOSTILE") != "long":
        pytest.skip("runs with UNLADEN_HOSTILE=long")
    service = services[name]
    method, path, body, headers = make()

    def attack(_: int) -> Response | None:
        return send(service.url, method, path, body, headers)

    log_before = len(service.log())
    # Attackers are usually on other machines; here they run with a lower priority than the service.
    crowd = concurrent.futures.ThreadPoolExecutor(CROWD, initializer=os.nice, initargs=(19,))
    with monitoring(service.url, service.pid) as monitor, crowd as pool:
        responses = list(pool.map(attack, range(CROWD)))
    statuses = sorted({response.status if response else 0 for response in responses})
    longest = max(len(response.body) for response in responses if response)
    print(f"{request.node.callspec.id}: {len(body):,} bytes: statuses {statuses}; {monitor}")
    assert service.process.process.poll() is None
    taken = {200, 502} if name == "gateway" or path.endswith(("runs/create", "/create", "traces")) else set()
    allowed = REFUSALS | taken
    assert set(statuses) <= allowed, statuses
    for response in responses:
        assert response and (response.status != 503 or int(response.headers["retry-after"]) >= 1)
    assert longest < 4_000
    assert len(service.log()) - log_before < CROWD * 4_000
    assert monitor.peak_memory < MEMORY
    assert not monitor.probe_failures
    late = [seconds for seconds in monitor.probe_times if seconds >= PROBE_SECONDS]
    if os.environ.get("UNLADEN_HOSTILE") == "long":
        assert not late
    assert len(late) <= 1 + len(monitor.probe_times) // 50 and monitor.slowest_probe < 1


def test_many_readers_of_a_large_trace_share_the_memory(tmp_path: pathlib.Path) -> None:
    """Each response has 30 MB, of one span, whose attributes are parsed and rewritten."""
    text = _field(1, b"mlflow.spanInputs") + _field(2, _field(1, b'"' + b"x" * (30 * MEGABYTE) + b'"'))
    path = f"/ajax-api/2.0/mlflow/get-trace-artifact?request_id=tr-{bytes(range(16)).hex()}"
    with tracking(tmp_path) as service:
        method, target, body, headers = _traces(_otlp(_field(5, b"a span") + _field(9, text)), None)
        stored = send(service.url, method, target, body, headers)
        assert stored and stored.status == 200, stored
        crowd = concurrent.futures.ThreadPoolExecutor(16, initializer=os.nice, initargs=(19,))
        with monitoring(service.url, service.pid) as monitor, crowd as pool:
            responses = list(pool.map(lambda _: send(service.url, "GET", path, b"", {}), range(16)))
        statuses = sorted(response.status if response else 0 for response in responses)
        print(f"large trace: statuses {statuses}; {monitor}")
        assert set(statuses) <= {200, 503} and 200 in statuses
        assert all(len(response.body) > 30 * MEGABYTE for response in responses if response and response.status == 200)
        assert monitor.peak_memory < MEMORY
        assert not monitor.probe_failures


def test_a_rejection_is_cheap(services: dict[str, Service]) -> None:
    """A rejection costs no more than reading the bytes once: less than parsing a valid body of the same length."""
    service = services["tracking"]
    for make, limit in ((lambda: objects("runs/create"), 0.5), (empty_attributes, 0.5), (lambda: text("runs/search", "filter"), 0.5)):
        method, path, body, headers = make()
        with monitoring(service.url, service.pid) as monitor:
            response = send(service.url, method, path, body, headers)
        assert response and response.status in {400, 413}
        print(f"{len(body):,} bytes: {monitor}")
        assert monitor.cpu_seconds < limit


def test_redaction_does_not_delay_others(services: dict[str, Service]) -> None:
    """Paths, which are logged, on which a naive search for secrets takes quadratic time."""
    service = services["tracking"]
    with monitoring(service.url, service.pid) as monitor:
        for unit in ("a.", "-eyJ", "at%20x(", "%20", "%0A", "/@", "-----BEGIN%20", "token:%27"):
            response = send(service.url, "GET", "/api/2.0/mlflow-artifacts/artifacts/://" + unit * (8_000 // len(unit)), b"", {})
            assert response and response.status in {400, 404, 414, 431}
    print(f"long paths: {monitor}")
    assert monitor.cpu_seconds < 1 and monitor.slowest_probe < 1


def test_an_error_quotes_a_few_hundred_characters(services: dict[str, Service]) -> None:
    for name, make in (
        ("tracking", lambda: text("runs/search", "filter")), ("tracking", lambda: _api("runs/search", json.dumps(
            {"experiment_ids": ["0"], "filter": "attributes." + "x" * 900_000}).encode())),
        ("tracking", lambda: _api("runs/create", json.dumps({"experiment_id": "x" * 1_000_000}).encode())),
        ("registry", lambda: _api("registered-models/create", json.dumps({"name": "/" * 100_000}).encode())),
        ("gateway", lambda: ("POST", "/v1/chat/completions", json.dumps({"model": "x" * 1_000_000, "messages": []}).encode(), {})),
    ):
        service = services[name]
        before = len(service.log())
        response = send(service.url, *make())
        assert response and response.status in REFUSALS | {404}
        assert len(response.body) < 2_500, response.body[:200]
        assert len(service.log()) - before < 4_000

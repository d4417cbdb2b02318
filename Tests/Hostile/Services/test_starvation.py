"""Long-running work doesn't delay probes or other requests."""

from __future__ import annotations

import concurrent.futures
import http.client
import json
import os
import pathlib
import threading
import urllib.parse

import raw_http
from monitor import monitoring
from services import gateway, tracking


def _post(url: str, path: str, body: object) -> tuple[int, bytes]:
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def test_slow_searches_delay_no_probe(tmp_path: pathlib.Path) -> None:
    """16 concurrent searches whose regular expression backtracks in long values."""
    with tracking(tmp_path / "tracking") as service:
        for number in range(200):
            status, body = _post(service.url, "/api/2.0/mlflow/runs/create", {"experiment_id": "0"})
            assert status == 200
            run = json.loads(body)["run"]["info"]["run_id"]
            tags = [{"key": "text", "value": "a" * 2_000 + str(number)}]
            assert _post(service.url, "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "tags": tags})[0] == 200
        for index in range(300):
            _post(service.url, "/api/3.0/mlflow/traces", {"trace": {"trace_info": {
                "trace_id": f"tr-{index:032x}",
                "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}},
                "request_time": "2026-01-01T00:00:00Z", "state": "OK", "tags": {"text": "a" * 4_000 + "!"}}}})
        pattern = "(a*)*(a*)*(a*)*b"

        def search(_: int) -> int:
            return _post(service.url, "/api/3.0/mlflow/traces/search", {
                "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}],
                "filter": f"tag.text RLIKE '{pattern}'"})[0]

        with monitoring(service.url, service.pid, "/readyz") as monitor, concurrent.futures.ThreadPoolExecutor(16) as pool:
            statuses = set(pool.map(search, range(16)))
        print(f"statuses {statuses}; {monitor}")
        assert statuses <= {200, 400, 503, 504}
        assert not monitor.probe_failures
        assert monitor.slowest_probe < 0.25


def test_a_large_body_delays_no_other_request(tmp_path: pathlib.Path) -> None:
    """Bodies of several megabytes with as many values as allowed, while other clients list models."""
    members = b", ".join(b'"m%d": 1' % number for number in range(400_000))
    body = b'{"model": "chat", "messages": [{"role": "user", "content": "x", ' + members + b"}]}"
    with gateway(tmp_path / "gateway") as service:
        stop = threading.Event()

        def attack(_: int) -> list[int]:
            statuses = []
            while not stop.is_set():
                response = raw_http.send(service.url, "POST", "/v1/chat/completions", body)
                statuses.append(response.status if response else 0)
            return statuses

        with concurrent.futures.ThreadPoolExecutor(4, initializer=os.nice, initargs=(19,)) as pool:
            attacks = [pool.submit(attack, number) for number in range(4)]
            with monitoring(service.url, service.pid, "/v1/models") as monitor:
                threading.Event().wait(5)
            stop.set()
            statuses = {status for future in attacks for status in future.result()}
        print(f"statuses {statuses}; {monitor}")
        assert statuses <= {400, 422, 502, 503}
        assert not monitor.probe_failures
        assert monitor.slowest_probe < 0.25

"""Verifies the writes of a hammer: every acknowledged write is stored, and no write is stored partially."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections import Counter
from typing import Any

from .hammer import API, BATCH_METRICS, BATCH_TEXTS, Writer


class Reader:
    """Reads a server over one connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)

    def check(self, writers: list[Writer]) -> int:
        """Asserts that the writers' acknowledged writes are stored; returns the number of stored writes."""
        runs = self._parts_by_name("/runs/search", "runs", {"experiment_ids": [writers[0].experiment_id]})
        return sum(self._check_writer(writer, runs) for writer in writers)

    def _check_writer(self, writer: Writer, runs: dict[str, int]) -> int:
        points = self._steps(writer.run_id, "point")
        run = self._call("GET", "/runs/get", run_id=writer.run_id)["run"]["data"]
        batches = Counter[int]()
        for index in range(BATCH_METRICS):
            batches.update(self._steps(writer.run_id, f"batch_{index}"))
        for text in run.get("params", []) + run.get("tags", []):
            if text["value"] == f"{writer.name}-{text['key'].strip('pt').split('_')[0]}":
                batches[int(text["value"].rsplit("-", 1)[1])] += 1
        models = self._models(writer.name)

        whole_batch = BATCH_METRICS + 2 * BATCH_TEXTS
        for write in writer.writes:
            title = f"{writer.name}-{write.number}"
            found, whole = {
                "point": (int(write.number in points), 1),
                "batch": (batches[write.number], whole_batch),
                "run": (runs.get(title, 0), 1 + BATCH_TEXTS),
                "model": (models.get(title, 0), 1 + BATCH_TEXTS),
            }[write.kind]
            assert found in (0, whole), f"{write} is stored partially: {found} of {whole} parts"
            assert found or not write.acknowledged, f"{write} was acknowledged and is lost"
        stored = len(points) + sum(map(bool, batches.values())) + len(models)
        return stored + sum(f"{writer.name}-{write.number}" in runs for write in writer.writes if write.kind == "run")

    def _steps(self, run_id: str, key: str) -> set[int]:
        """The steps of a metric, each of which must have its value and occur only once."""
        points: list[dict[str, Any]] = []
        token = ""
        while True:
            response = self._call(
                "GET", "/metrics/get-history", run_id=run_id, metric_key=key, max_results=25000, page_token=token)
            points += response.get("metrics", [])
            token = response.get("next_page_token", "")
            if not token:
                break
        steps = {point["step"] for point in points}
        assert len(steps) == len(points), f"{key} has duplicate points"
        assert all(point["value"] == point["step"] / 7 for point in points), f"{key} has a wrong value"
        return steps

    def _models(self, prefix: str) -> dict[str, int]:
        return self._parts_by_name(
            "/registered-models/search", "registered_models", {"filter": f"name LIKE '{prefix}-%'"}, method="GET")

    def _parts_by_name(self, path: str, key: str, query: dict[str, Any], method: str = "POST") -> dict[str, int]:
        """The names of all search results, each with its number of parts (itself and its tags)."""
        parts: dict[str, int] = {}
        token = ""
        while True:
            response = self._call(method, path, **query, max_results=1000, page_token=token)
            for item in response.get(key, []):
                name, tags = (item["info"]["run_name"], item["data"]) if "info" in item else (item["name"], item)
                assert name not in parts, f"{name} was found twice"
                parts[name] = 1 + sum(tag["key"].startswith("part_") and tag["value"] == name for tag in tags.get("tags", []))
            token = response.get("next_page_token", "")
            if not token:
                return parts

    def _call(self, method: str, path: str, **fields: Any) -> dict[str, Any]:
        fields = {name: value for name, value in fields.items() if value != ""}
        query, body = ("?" + urllib.parse.urlencode(fields), None) if method == "GET" else ("", json.dumps(fields))
        self._connection.request(method, API + path + query, body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        assert response.status == 200, f"{method} {path}: {response.status} {content!r}"
        return json.loads(content)

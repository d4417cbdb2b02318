"""Writers that send continuously and record which of their writes were acknowledged.

Each write is identifiable and has several parts, so that a reader can tell whether it is stored completely, partially or not at all.
"""

from __future__ import annotations

import http.client
import json
import threading
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

API = "/api/2.0/mlflow"
KINDS = ("point", "batch", "point", "run", "batch", "model")
BATCH_METRICS = 10
BATCH_TEXTS = 2


@dataclass
class Write:
    """A request: its kind, its number within the writer, and the result."""

    kind: str
    number: int
    acknowledged: bool = False


@dataclass
class Writer:
    """The writes of one thread."""

    name: str
    experiment_id: str
    run_id: str
    writes: list[Write] = field(default_factory=list)

    def request(self, write: Write) -> tuple[str, dict[str, Any]]:
        """The path and the body of a write, each part of which contains its number."""
        number, title = write.number, f"{self.name}-{write.number}"
        if write.kind == "point":
            return "/runs/log-metric", {"run_id": self.run_id, "key": "point", **_point(number)}
        if write.kind == "batch":
            return "/runs/log-batch", {
                "run_id": self.run_id,
                "metrics": [{"key": f"batch_{index}", **_point(number)} for index in range(BATCH_METRICS)],
                "params": [{"key": f"p{number}_{index}", "value": title} for index in range(BATCH_TEXTS)],
                "tags": [{"key": f"t{number}_{index}", "value": title} for index in range(BATCH_TEXTS)],
            }
        tags = [{"key": f"part_{index}", "value": title} for index in range(BATCH_TEXTS)]
        if write.kind == "run":
            return "/runs/create", {
                "experiment_id": self.experiment_id, "run_name": title, "start_time": 1700000000000, "tags": tags}
        return "/registered-models/create", {"name": title, "tags": tags}


def _point(number: int) -> dict[str, Any]:
    return {"value": number / 7, "timestamp": 1700000000000 + number, "step": number}


class Hammer:
    """Sixteen threads that each write over a connection until the server is gone or `stop` is called.

A writer continues after status 503. Any other status except 200, and a 503 without Retry-After, ends the writer and is recorded in
`complaints`. A broken connection ends it too.
    """

    def __init__(self, url: str, name: str, threads: int = 16) -> None:
        self._address = urllib.parse.urlsplit(url).netloc
        self._changed = threading.Condition()
        self._stopping = False
        self.acknowledged = self.rejected = self.broken = 0
        self.complaints: list[str] = []
        connection = http.client.HTTPConnection(self._address, timeout=60)
        experiment_id = json.loads(_post(connection, "/experiments/create", {"name": name})[1])["experiment_id"]
        self.writers = [self._writer(connection, f"{name}-{index}", experiment_id) for index in range(threads)]
        connection.close()
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in self.writers]

    def _writer(self, connection: http.client.HTTPConnection, name: str, experiment_id: str) -> Writer:
        body = {"experiment_id": experiment_id, "run_name": f"{name}-own", "start_time": 1700000000000}
        run = json.loads(_post(connection, "/runs/create", body)[1])["run"]
        return Writer(name, experiment_id, run["info"]["run_id"])

    def __enter__(self) -> Hammer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Lets every writer finish its request, and waits for all of them."""
        self._stopping = True
        for thread in self._threads:
            thread.join()

    def wait_for_acknowledged(self, more: int) -> None:
        """Waits until `more` further writes have been acknowledged."""
        self._wait(lambda start=self.acknowledged: self.acknowledged >= start + more)

    def wait_for_rejected(self, more: int) -> None:
        """Waits until `more` further writes have been rejected with status 503."""
        self._wait(lambda start=self.rejected: self.rejected >= start + more)

    def _wait(self, condition: Any) -> None:
        with self._changed:
            arrived = self._changed.wait_for(lambda: condition() or self.complaints, timeout=120)
        assert not self.complaints, self.complaints[0]
        assert arrived, f"stuck at {self.acknowledged} acknowledged and {self.rejected} rejected writes"

    def _write(self, writer: Writer) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=60)
        while not self._stopping:
            write = Write(KINDS[len(writer.writes) % len(KINDS)], len(writer.writes))
            writer.writes.append(write)
            try:
                status, response, retry_after = _post(connection, *writer.request(write))
            except (OSError, http.client.HTTPException):
                status, response, retry_after = 0, b"", None
            write.acknowledged = status == 200
            with self._changed:
                if status == 0:
                    self.broken += 1
                    return
                if status == 200:
                    self.acknowledged += 1
                elif status == 503 and retry_after:
                    self.rejected += 1
                else:
                    self.complaints.append(f"{write}: {status} {response!r} Retry-After: {retry_after}")
                self._changed.notify_all()
            if self.complaints:
                return


def _post(connection: http.client.HTTPConnection, path: str, body: Any) -> tuple[int, bytes, str | None]:
    """The status, the body and the Retry-After header."""
    connection.request("POST", API + path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read(), response.headers.get("Retry-After")

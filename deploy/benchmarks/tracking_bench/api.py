"""One keep-alive connection to a tracking server, for loading it and for timing single requests."""

import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

PREFIX = "/api/2.0/mlflow"


class Api:
    """A blocking client with one connection; every status other than 200 raises."""

    def __init__(self, url):
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)

    def post(self, path, body, prefix=PREFIX):
        """Posts JSON to a path below the prefix and returns the decoded response."""
        return self._send("POST", prefix + path, json.dumps(body))

    def get(self, path, prefix=PREFIX, **query):
        """Gets a path below the prefix and returns the decoded response."""
        return self._send("GET", f"{prefix}{path}?{urlencode(query)}", None)

    def _send(self, method, target, body):
        headers = {"Content-Type": "application/json"} if body else {}
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {target}: {response.status} {content[:500]!r}")
        return json.loads(content)

    def create_experiment(self, name):
        return self.post("/experiments/create", {"name": name})["experiment_id"]

    def create_run(self, experiment_id, name, tags=()):
        """Creates a run and returns its id."""
        tags = [{"key": key, "value": value} for key, value in tags]
        body = {"experiment_id": experiment_id, "run_name": name, "start_time": 1700000000000, "tags": tags}
        return self.post("/runs/create", body)["run"]["info"]["run_id"]

    def log_batch(self, run_id, metrics=(), params=(), tags=()):
        """Logs metrics given as (key, value, timestamp, step), params and tags given as (key, value)."""
        self.post("/runs/log-batch", {
            "run_id": run_id,
            "metrics": [dict(zip(("key", "value", "timestamp", "step"), metric, strict=True)) for metric in metrics],
            "params": [{"key": key, "value": value} for key, value in params],
            "tags": [{"key": key, "value": value} for key, value in tags],
        })


def milliseconds(call):
    """Runs `call` and returns (its result, the time it took in ms)."""
    begin = time.perf_counter()
    result = call()
    return result, (time.perf_counter() - begin) * 1e3

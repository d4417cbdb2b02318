"""A metric with a million points: reading a sample of its history, and logging one more point."""

import math

from .api import Api, milliseconds
from .peer_database import insert

POINTS = 1_000_000
KEY = "loss"
START = 1700000000000
SAMPLED = 320
"""Points that a page of MLflow's UI requests."""


def value_at(step):
    return 1 / (1 + step / 1000) + 0.01 * math.sin(step)


def fill_through_api(url, run_id, points):
    """Logs the points in batches of a thousand, the most that a request may contain."""
    api = Api(url)
    for first in range(0, points, 1000):
        steps = range(first, min(first + 1000, points))
        api.log_batch(run_id, [(KEY, value_at(step), START + step, step) for step in steps])


def fill_peer_database(database_uri, run_id, points, psql=None):
    """Writes the same points into MLflow's tables."""
    columns = ("key", "value", "timestamp", "run_uuid", "step", "is_nan")
    rows = ((KEY, value_at(step), START + step, run_id, step, 0) for step in range(points))
    insert(database_uri, "metrics", columns, rows, psql)
    last = points - 1
    insert(database_uri, "latest_metrics", columns, [(KEY, value_at(last), START + last, run_id, last, 0)], psql)


def timed_samples(url, run_id, repeats):
    """Reads the sampled history; returns ([(step, value)…], [ms…])."""
    api = Api(url)
    times = []
    for _ in range(repeats):
        response, elapsed = milliseconds(lambda: api.get(
            "/metrics/get-history-bulk-interval", prefix="/ajax-api/2.0/mlflow",
            run_ids=run_id, metric_key=KEY, max_results=SAMPLED))
        times.append(elapsed)
    return [(point["step"], point["value"]) for point in response["metrics"]], times


def timed_points(url, run_id, first_step, repeats):
    """Logs `repeats` points one after the other; returns [ms…]."""
    api = Api(url)
    return [
        milliseconds(lambda step=step: api.post("/runs/log-metric", {
            "run_id": run_id, "key": KEY, "value": value_at(step), "timestamp": START + step, "step": step,
        }))[1]
        for step in range(first_step, first_step + repeats)
    ]

"""A hundred thousand runs, and pages of a search by a metric and a tag, ordered by a metric."""

import base64
import json
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

from .api import Api, milliseconds
from .peer_database import insert

COUNT = 100_000
PAGE = 100
FILTER = "metrics.loss < 0.5 and tags.team = 'search'"
TEAMS = ("search", "ads", "maps", "mail")


def described_runs(count):
    """The runs as (name, tags, params, metrics), the same for every server."""
    chance = random.Random(2023)
    for index in range(count):
        yield (
            f"run-{index}",
            [("team", TEAMS[index % len(TEAMS)]), ("mlflow.user", "ada")],
            [("optimizer", chance.choice(("adam", "sgd"))), ("depth", str(index % 12))],
            [("loss", chance.random(), 1700000000000, 0), ("accuracy", chance.random(), 1700000000000, 0)],
        )


def fill_through_api(url, experiment_id, count, connections):
    """Creates the runs as clients do: create-run with its tags, then a log-batch."""
    mine = threading.local()

    def create(run):
        if not hasattr(mine, "api"):
            mine.api = Api(url)
        name, tags, params, metrics = run
        run_id = mine.api.create_run(experiment_id, name, tags)
        mine.api.log_batch(run_id, metrics, params)

    with ThreadPoolExecutor(connections) as pool:
        for _ in pool.map(create, described_runs(count), chunksize=1):
            pass


def fill_peer_database(database_uri, experiment_id, count, psql=None):
    """Writes the same runs into MLflow's tables."""
    runs, tags, params, metrics = [], [], [], []
    for name, run_tags, run_params, run_metrics in described_runs(count):
        run_id = uuid.uuid4().hex
        artifacts = f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts"
        runs.append((run_id, name, "UNKNOWN", "", "", "ada", "RUNNING", 1700000000000, "", "active",
                     artifacts, experiment_id))
        tags += [(key, value, run_id) for key, value in [*run_tags, ("mlflow.runName", name)]]
        params += [(key, value, run_id) for key, value in run_params]
        metrics += [(key, value, time, run_id, step, 0) for key, value, time, step in run_metrics]
    columns = ("key", "value", "timestamp", "run_uuid", "step", "is_nan")
    insert(database_uri, "runs", (
        "run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status", "start_time",
        "source_version", "lifecycle_stage", "artifact_uri", "experiment_id"), runs, psql)
    insert(database_uri, "tags", ("key", "value", "run_uuid"), tags, psql)
    insert(database_uri, "params", ("key", "value", "run_uuid"), params, psql)
    insert(database_uri, "metrics", columns, metrics, psql)
    insert(database_uri, "latest_metrics", columns, metrics, psql)


def timed_pages(url, experiment_id, offsets):
    """Reads the page at each offset; returns ([names on the page…], [ms…])."""
    api = Api(url)
    pages, times = [], []
    for offset in offsets:
        body = {
            "experiment_ids": [experiment_id],
            "filter": FILTER,
            "order_by": ["metrics.loss DESC"],
            "max_results": PAGE,
            "page_token": base64.b64encode(json.dumps({"offset": offset}).encode()).decode(),
        }
        response, elapsed = milliseconds(lambda body=body: api.post("/runs/search", body))
        pages.append([run["info"]["run_name"] for run in response["runs"]])
        times.append(elapsed)
    return pages, times


def random_offsets(samples, count):
    """Offsets within the runs that FILTER matches (an eighth of all), the same on every call."""
    chance = random.Random(7)
    return [chance.randrange(count // 8 - 2 * PAGE) for _ in range(samples)]

"""Requests per second over many connections, MLflow's server and ours in turn."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench_common import processes
from bench_common.metering import metered
from bench_common.rounds import together

from .api import Api, milliseconds
from .load import drive

# Each workload, with a factor for its duration: over many connections a response of MLflow's search takes seconds, and requests in
# flight at the end don't count.
WORKLOADS = {"log-metric": 1, "log-batch": 1, "create-run": 1, "get-run": 1, "search-runs": 3}
WRITTEN_RUNS = 64
FULL_RUNS = 100


@dataclass(frozen=True)
class Target:
    """One server under load, with the data the workloads need."""

    name: str
    url: str
    server_pids: tuple
    """Its main processes; their children are found when needed."""
    database_pids: tuple
    """The main processes of its database server, if it has one."""
    experiments: dict
    runs: dict


def prepared(name, url, server_pids, database_pids):
    """Creates the data of the workloads, and returns the target."""
    api = Api(url)
    written, full, created = (api.create_experiment(f"throughput-{kind}") for kind in ("written", "full", "created"))
    written_runs = [api.create_run(written, f"written-{index}") for index in range(WRITTEN_RUNS)]
    full_runs = [_full_run(api, full, index) for index in range(FULL_RUNS)]
    return Target(
        name, url, tuple(server_pids), tuple(database_pids),
        experiments={"log-metric": written, "log-batch": written, "create-run": created,
                     "get-run": full, "search-runs": full},
        runs={"log-metric": written_runs, "log-batch": written_runs, "get-run": full_runs},
    )


def _full_run(api, experiment_id, index):
    """A run with 10 metrics, 10 params and 5 tags (its name and its user are two of them)."""
    tags = [("mlflow.user", "ada"), ("team", "search"), ("stage", "draft"), ("data", f"part-{index}")]
    run_id = api.create_run(experiment_id, f"full-{index}", tags)
    metrics = [(f"metric_{key}", key + index / 1000, 1700000000000, 0) for key in range(10)]
    api.log_batch(run_id, metrics, [(f"param_{key}", str(key)) for key in range(10)])
    return run_id


def compare(targets, workload, *, connections, seconds, rounds):
    """Runs a workload on every target in turn, with the others suspended, `rounds` times; returns {name: Result}."""
    def load(target, **how):
        others = [pid for other in targets if other is not target for pid in (*other.server_pids, *other.database_pids)]
        with processes.suspended(others):
            return _load(target, workload, connections, **how)

    loads = {target.name: [] for target in targets}
    for target in targets:
        load(target, seconds=1, first_step=0)  # Warms caches, pools and imports.
    for turn in range(1, rounds + 1):
        for target in targets:
            loads[target.name].append(load(
                target, seconds=seconds * WORKLOADS[workload], first_step=turn * 1_000_000))
    return {name: together(several) for name, several in loads.items()}


def _load(target, workload, connections, seconds, first_step):
    """One metered run; the database's CPU time counts as the server's."""
    _settle(target, connections)
    run = metered(lambda: drive(
        target.url, workload, connections=connections, seconds=seconds, first_step=first_step,
        experiment_id=target.experiments[workload], run_ids=target.runs.get(workload, ()),
    ), (*target.server_pids, *target.database_pids))
    if workload == "log-metric":
        _check_stored(target, run.seen, first_step)
    return run


def _settle(target, connections):
    """Waits until the server responds over all connections at once without delay.

wrk stops in the middle of its requests. After that MLflow may not respond for half a minute, which must not affect a measurement,
as real clients don't stop like that.
    """
    run_id = target.runs["get-run"][0]
    with ThreadPoolExecutor(connections) as pool:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            reads = [pool.submit(Api(target.url).get, "/runs/get", run_id=run_id) for _ in range(connections)]
            if all(milliseconds(read.result)[1] < 2000 for read in reads):
                return
    raise RuntimeError(f"{target.name} doesn't become responsive")


def _check_stored(target, load, first_step):
    """Checks that no acknowledged point is lost: the latest steps of the runs must add up to at least the number of requests."""
    api = Api(target.url)
    stored = 0
    for run_id in target.runs["log-metric"]:
        run = api.get("/runs/get", run_id=run_id)["run"]
        latest = [metric["step"] for metric in run["data"].get("metrics", []) if metric["key"] == "loss"]
        stored += sum(max(0, step - first_step + 1) for step in latest)
    if stored < load.requests:
        raise RuntimeError(f"{target.name} acknowledged {load.requests} points but has at most {stored}")

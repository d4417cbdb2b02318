"""The sections of the benchmark; each measures both servers and adds to the report.

`servers` is ((peer, its running server), (ours, our running server)).
"""

import statistics
import time

from bench_common import processes
from bench_common.text import say
from support.postgresql import binaries

from . import long_history, many_runs, trace_metrics
from . import throughput as load
from .api import Api

PEER_REPEATS, OUR_REPEATS = 5, 50
PEER_PAGES, OUR_PAGES = 10, 300
PEER_STARTS, OUR_STARTS = 2, 9
PEER_QUERIES, OUR_QUERIES = 3, 15


def throughput(report, servers, workloads, options):
    """The workloads of `load`, on the servers in turn."""
    if not workloads:
        return
    targets = [load.prepared(side.name, server.url, _pids(server), side.database_pids) for side, server in servers]
    for workload in workloads:
        say(workload)
        report.add_throughput(workload, load.compare(
            targets, workload, connections=options.connections, seconds=options.seconds, rounds=options.rounds))


def history(report, servers):
    """Reading and extending a metric with a million points."""
    say(f"a metric with {long_history.POINTS:,} points")
    (peer, peer_server), (_, our_server) = servers
    runs = []
    for _, server in servers:
        api = Api(server.url)
        experiment_id = api.create_experiment("history")
        runs.append((api.create_run(experiment_id, "new"), api.create_run(experiment_id, "long")))
    (peer_new, peer_long), (our_new, our_long) = runs
    long_history.fill_peer_database(peer.database_uri, peer_long, long_history.POINTS, _psql(peer))
    long_history.fill_through_api(our_server.url, our_long, long_history.POINTS)

    peer_points, peer_times = long_history.timed_samples(peer_server.url, peer_long, PEER_REPEATS)
    our_points, our_times = long_history.timed_samples(our_server.url, our_long, OUR_REPEATS)
    if peer_points != our_points:
        report.add_failure("the sampled histories differ")
    report.add_single(
        f"{long_history.SAMPLED} of 1,000,000 points", statistics.median(peer_times), statistics.median(our_times))
    for what, step, peer_run, our_run in (
        ("log-metric, point 1", 0, peer_new, our_new),
        ("log-metric, point 1,000,001", long_history.POINTS, peer_long, our_long),
    ):
        times = [long_history.timed_points(url, run, step, repeats) for url, run, repeats in (
            (peer_server.url, peer_run, PEER_REPEATS), (our_server.url, our_run, OUR_REPEATS))]
        report.add_single(what, *map(statistics.median, times))


def many_runs_pages(report, servers, connections):
    """Pages of a search among a hundred thousand runs."""
    say(f"a search among {many_runs.COUNT:,} runs")
    (peer, peer_server), (_, our_server) = servers
    peer_id, our_id = (Api(server.url).create_experiment("many runs") for _, server in servers)
    many_runs.fill_peer_database(peer.database_uri, peer_id, many_runs.COUNT, _psql(peer))
    many_runs.fill_through_api(our_server.url, our_id, many_runs.COUNT, connections)

    offsets = many_runs.random_offsets(OUR_PAGES, many_runs.COUNT)
    peer_pages, peer_times = many_runs.timed_pages(peer_server.url, peer_id, offsets[:PEER_PAGES])
    our_pages, our_times = many_runs.timed_pages(our_server.url, our_id, offsets)
    if peer_pages != our_pages[:PEER_PAGES]:
        report.add_failure("the pages found among many runs differ")
    what = "page of 100 among 100,000 runs"
    report.add_single(f"{what}, p50", statistics.median(peer_times), statistics.median(our_times))
    report.add_single(f"{what}, p99", None, statistics.quantiles(our_times, n=100)[98])


def metrics_of_traces(report, servers):
    """Metrics of a million traces by the hour of a day."""
    say(f"metrics of {trace_metrics.TRACES:,} traces")
    (peer, peer_server), (ours, our_server) = servers
    peer_id, our_id = (Api(server.url).create_experiment("traces") for _, server in servers)
    trace_metrics.fill_peer_database(peer.database_uri, peer_id, trace_metrics.TRACES, _psql(peer))
    trace_metrics.fill_our_database(ours.database_uri, our_id, trace_metrics.TRACES, _psql(ours))

    peer_results = trace_metrics.timed_queries(peer_server.url, peer_id, PEER_QUERIES)
    our_results = trace_metrics.timed_queries(our_server.url, our_id, OUR_QUERIES)
    for (name, peer_points, peer_times), (_, our_points, our_times) in zip(peer_results, our_results, strict=True):
        if peer_points != our_points:
            report.add_failure(f"the responses to '{name}' differ")
        report.add_single(f"1,000,000 traces by the hour: {name}", statistics.median(peer_times), statistics.median(our_times))


def memory(report, servers):
    """Resident memory of the servers' processes, without the database's."""
    for side, server in servers:
        pids = [pid for root in _pids(server) for pid in processes.tree(root)]
        report.add_memory(side.name, [processes.memory(pid) for pid in pids])


def start(report, peer, ours):
    """The time from starting the processes to the first response, with the data of the previous sections."""
    say("start")
    times = []
    for side, repeats in ((peer, PEER_STARTS), (ours, OUR_STARTS)):
        seen = []
        for _ in range(repeats):
            begin = time.perf_counter()
            with side.started() as server:
                Api(server.url).get("/experiments/get", experiment_id=0)
                seen.append((time.perf_counter() - begin) * 1e3)
        times.append(statistics.median(seen))
    report.add_single("start to first response", *times)


def _pids(server):
    return [process.process.pid for process in server.processes]


def _psql(side):
    return binaries() / "psql" if side.database_pids else None

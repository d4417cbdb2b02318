"""The sections of the benchmark; each measures all sides and adds to the report."""

import statistics
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from bench_common.text import say

from . import memory as resident
from . import streaming, throughput
from .chat import ask
from .report import Report
from .sides import Side, Target

LEDGER_SECONDS = 30


def rate(report: Report, targets: Sequence[Target], options: Namespace) -> None:
    """Requests a second over all connections."""
    say("rate")
    report.add_rates(throughput.compare(
        targets, connections=options.connections, seconds=options.seconds, rounds=options.rounds), options.connections)


def latency(report: Report, targets: Sequence[Target], options: Namespace) -> None:
    """The latency that a proxy adds to a response, with one request at a time."""
    say("latency")
    report.add_latencies(throughput.compare(targets, connections=1, seconds=options.seconds, rounds=options.rounds))


def streams(
    report: Report, targets: Sequence[Target], sides: Sequence[Side], directory: Path, options: Namespace,
) -> None:
    """The latency that a proxy adds to the frames of many concurrent streams, and whether all arrive in order."""
    say("streams")
    report.add_streams(streaming.compare(
        targets, sides, directory, streams=options.streams, frames=options.frames, pace=options.pace,
        rounds=options.rounds, connections=options.connections), options.streams, options.frames, options.pace)


def memory(report: Report, sides: Sequence[Side], directory: Path, options: Namespace) -> None:
    """Resident memory over many requests, with each side started separately."""
    for side in sides:
        say(f"memory of {side.name}")
        with side.started(directory) as target:
            requests = max(2, round(options.requests * side.request_share))
            growth = resident.grown(target, requests, options.connections)
            report.add_memory(side.name, growth)
            if side.accounted:
                _check_ledger(report, side, target, growth.requests)


def _check_ledger(report: Report, side: Side, target: Target, requests: int) -> None:
    """Checks that the ledger has every completed request; it may be a few seconds behind."""
    deadline = time.monotonic() + LEDGER_SECONDS
    while (found := side.accounted(target.url)) < requests:
        if time.monotonic() > deadline:
            report.add_failure(f"{side.name} completed {requests:,} requests and has {found:,} in its ledger")
            return
        time.sleep(0.5)


def start(report: Report, sides: Sequence[Side], directory: Path) -> None:
    """The time from starting the processes to the first response."""
    say("start")
    for side in sides:
        seen = []
        for _ in range(side.starts):
            begin = time.perf_counter()
            with side.started(directory) as target:
                ask(target.url)
                seen.append((time.perf_counter() - begin) * 1e3)
        report.add_start(side.name, statistics.median(seen))

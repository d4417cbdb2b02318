#!/usr/bin/env python3
"""Measures the time until the runs page shows its rows, with 10,000 runs of 50 metrics each: ours compared with MLflow's.

    Tests/Browser/measure_runs_page.py [--runs 10000] [--metrics 50] [--rounds 5] [--database sqlite|postgresql] [--json FILE]

Run it with the environment of the browser tests. Each round opens the page in a new browser context (with nothing cached), reloads
it (with the files in the browser's cache), and opens it sorted by a metric. For each it reports the time from the start of the
navigation to the first row, and how much of that was spent waiting for the server.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import random
import statistics
import sys
import tempfile
import uuid
from collections.abc import Iterator

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Clients"), str(HERE.parents[1] / "deploy" / "benchmarks")]

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from browsing import browsers, sites  # noqa: E402
from browsing.ui import FIRST_VISIT, WINDOW  # noqa: E402
from support.builds import bin_dir  # noqa: E402
from support.postgresql import binaries, postgresql  # noqa: E402
from support.servers import mlflow_server, unladen_suite  # noqa: E402
from tracking_bench.api import Api  # noqa: E402
from tracking_bench.peer_database import insert  # noqa: E402

START = 1_790_000_000_000
LIMIT = 120_000

#: Records when the first row of the table with a name appears.
OBSERVER = """
new MutationObserver((_, observer) => {
  const link = document.querySelector('.ag-center-cols-container [role=row] a, .ag-pinned-left-cols-container [role=row] a');
  if (link && link.textContent.trim()) { window.firstRow = performance.now(); observer.disconnect(); }
}).observe(document, {subtree: true, childList: true, characterData: true});
"""

#: The requests that started before the first row appeared.
REQUESTS = """() => performance.getEntriesByType('resource').filter(entry => entry.startTime < window.firstRow).map(entry => ({
  path: new URL(entry.name).pathname, start: entry.requestStart || entry.startTime,
  end: Math.min(entry.responseEnd || window.firstRow, window.firstRow), bytes: entry.transferSize }))"""


def main() -> None:
    options = parsed()
    results = {}
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unladen-runs-page-")))
        playwright = stack.enter_context(sync_playwright())
        browser = browsers.launch(playwright)
        # One server at a time, so that they don't compete for the CPU.
        for name, served in (("MLflow", peer), ("Unladen", ours)):
            with contextlib.ExitStack() as server:
                database = server.enter_context(postgresql()) if options.database == "postgresql" else None
                url, experiment = server.enter_context(served(directory / name, database, options))
                results[name] = [measured_round(browser, url, experiment) for _ in range(options.rounds)]
    print(table(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


@contextlib.contextmanager
def peer(directory: pathlib.Path, database, options) -> Iterator[tuple[str, str]]:
    """MLflow's server; the runs are written directly into its database, as its API would be too slow."""
    directory.mkdir()
    uri = database.create_database("mlflow") if database else f"sqlite:///{directory}/mlflow.db"
    with mlflow_server(sites.mlflow_python(), uri, directory / "artifacts", directory, workers=2) as server:
        experiment = Api(server.url).post("/experiments/create", {"name": "Ten thousand runs"})["experiment_id"]
        runs, tags, metrics = [], [], []
        for index, (name, values) in enumerate(described(options)):
            run = uuid.uuid4().hex
            runs.append((
                run, name, "UNKNOWN", "", "", "ada", "FINISHED", START + index, START + index + 500, "", "active",
                f"mlflow-artifacts:/{experiment}/{run}/artifacts", experiment))
            tags.append(("mlflow.runName", name, run))
            metrics += [(key, value, START, run, 0, 0) for key, value in values]
        columns = ("key", "value", "timestamp", "run_uuid", "step", "is_nan")
        psql = str(binaries() / "psql")
        insert(uri, "runs", (
            "run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status", "start_time", "end_time",
            "source_version", "lifecycle_stage", "artifact_uri", "experiment_id"), runs, psql)
        insert(uri, "tags", ("key", "value", "run_uuid"), tags, psql)
        insert(uri, "metrics", columns, metrics, psql)
        insert(uri, "latest_metrics", columns, metrics, psql)
        yield server.url, experiment


@contextlib.contextmanager
def ours(directory: pathlib.Path, database, options) -> Iterator[tuple[str, str]]:
    """Our services; the runs are logged through the API."""
    directory.mkdir()
    uri = database.create_database("tracking") if database else f"sqlite:///{directory}/tracking.db"
    registry = uri if database else f"sqlite:///{directory}/registry.db"
    arguments = ["--mlflow-ui", sites.web_ui()]
    with unladen_suite(bin_dir(), uri, directory / "artifacts", directory, registry, tracking_arguments=arguments) as server:
        api = Api(server.url)
        experiment = api.post("/experiments/create", {"name": "Ten thousand runs"})["experiment_id"]
        for index, (name, values) in enumerate(described(options)):
            run = api.post("/runs/create", {"experiment_id": experiment, "run_name": name, "start_time": START + index})
            run_id = run["run"]["info"]["run_id"]
            points = [{"key": key, "value": value, "timestamp": START, "step": 0} for key, value in values]
            api.post("/runs/log-batch", {"run_id": run_id, "metrics": points})
            api.post("/runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": START + index + 500})
        yield server.url, experiment


def described(options) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """The runs as (name, metrics), the same for both servers."""
    chance = random.Random(14)
    for index in range(options.runs):
        yield f"run {index}", [(f"metric_{number}", chance.random()) for number in range(options.metrics)]


def measured_round(browser: Browser, url: str, experiment: str) -> dict[str, dict[str, float]]:
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(LIMIT)
    context.add_init_script(FIRST_VISIT + OBSERVER)
    page = context.new_page()
    route = f"{url}/#/experiments/{experiment}/runs"
    page.goto(route)
    first = measured(page)
    page.reload()
    again = measured(page)
    page.goto("about:blank")
    page.goto(f"{route}?orderByKey=metrics.%60metric_7%60&orderByAsc=true")
    by_metric = measured(page)
    context.close()
    return {"first visit": first, "loaded again": again, "sorted by a metric": by_metric}


def measured(page: Page) -> dict[str, float]:
    page.wait_for_function("window.firstRow !== undefined")
    requests = page.evaluate(REQUESTS)
    searches = [request["end"] - request["start"] for request in requests if request["path"].endswith("/runs/search")]
    calls = [request for request in requests if "ajax-api" in request["path"] or request["path"].endswith("/graphql")]
    return {
        "rows": page.evaluate("window.firstRow"),
        "waiting for the server": covered(requests), "waiting for its API": covered(calls),
        "runs/search": max(searches, default=0.0), "requests": len(requests),
        "kB": sum(request["bytes"] for request in requests) / 1000,
    }


def covered(requests: list[dict]) -> float:
    """The total time during which at least one of the requests was in flight."""
    total, reached = 0.0, 0.0
    for request in sorted(requests, key=lambda request: request["start"]):
        total += max(0.0, request["end"] - max(request["start"], reached))
        reached = max(reached, request["end"])
    return total


def table(results: dict[str, list[dict[str, dict[str, float]]]]) -> str:
    """The medians of the rounds, as a Markdown table."""
    columns = list(next(iter(results.values()))[0]["first visit"])
    lines = ["| visit | server | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    for visit in next(iter(results.values()))[0]:
        for name, rounds in results.items():
            medians = [statistics.median(one[visit][column] for one in rounds) for column in columns]
            lines.append(f"| {visit} | {name} | " + " | ".join(f"{median:.0f}" for median in medians) + " |")
    return "\n".join(lines)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--metrics", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Fills a server through the current environment's client, and prints what the tests look for as JSON.

    python -m filling TRACKING_URI
"""

from __future__ import annotations

import json
import os
import sys

# Set before mlflow is imported, which reads them: fail quickly, no telemetry, traces are stored when a call returns.
os.environ.update({
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30", "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false", "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "false",
    "GIT_PYTHON_REFRESH": "quiet", "MPLBACKEND": "Agg", "TQDM_DISABLE": "1"})

import mlflow  # noqa: E402

from . import artifacts, evaluations, hostile, models, prompts, runs, traces  # noqa: E402


def main(uri: str) -> None:
    mlflow.set_tracking_uri(uri)
    facts = {
        part.__name__.rpartition(".")[2]: part.fill()
        for part in (runs, artifacts, evaluations, models, prompts, traces, hostile)}
    # The client also prints to standard output, so only the last line is read.
    print("\n" + json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Fixtures for tests of an MLflow client, of the version that runs pytest, against a server.

The server is the one at UNLADEN_TEST_TRACKING_URI if that is set, otherwise Unladen, started for the session with SQLite.
"""

import contextlib
import os
import pathlib
import tempfile
import uuid

# Set before mlflow is imported, which reads them: fail quickly, no windows, no telemetry.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
os.environ.setdefault("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MPLBACKEND", "Agg")

import mlflow  # noqa: E402
import pytest  # noqa: E402
from mlflow import MlflowClient  # noqa: E402

from support.builds import bin_dir  # noqa: E402
from support.servers import unladen_suite  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def tracking_uri():
    """The server's address, which is also set as the client's tracking URI."""
    with contextlib.ExitStack() as stack:
        uri = os.environ.get("UNLADEN_TEST_TRACKING_URI") or stack.enter_context(_unladen()).url
        mlflow.set_tracking_uri(uri)
        yield uri


@contextlib.contextmanager
def _unladen():
    with tempfile.TemporaryDirectory(prefix="unladen-clients-") as directory:
        directory = pathlib.Path(directory)
        with unladen_suite(
            bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory,
            registry_backend_uri=f"sqlite:///{directory}/registry.db",
        ) as server:
            yield server


@pytest.fixture
def client(tracking_uri):
    return MlflowClient(tracking_uri)


@pytest.fixture
def unique():
    """Returns a name that nothing else on the server has."""
    return lambda kind: f"{kind}-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def experiment_id(unique, tracking_uri):
    """A new experiment, which is active for fluent calls."""
    experiment = mlflow.set_experiment(unique("experiment"))
    yield experiment.experiment_id
    while mlflow.active_run():  # A failed test may leave one.
        mlflow.end_run("FAILED")


@pytest.fixture
def run_id(client, experiment_id):
    """A new run of `experiment_id`."""
    return client.create_run(experiment_id).info.run_id

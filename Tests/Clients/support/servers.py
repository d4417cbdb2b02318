"""The servers for the suites, as context managers.

    with mlflow_server(python, "sqlite:////tmp/x/mlflow.db", artifacts=directory) as server:
        ... server.url ...

All listen on free ports of 127.0.0.1 and are stopped when the context ends. ``directory`` is a server's working directory, which also
contains its log; without it, a temporary directory is created, and removed unless something failed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import os
import pathlib
import re
import shutil
import tempfile
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence

from .processes import ServerProcess, free_port, running


@dataclasses.dataclass(frozen=True)
class RunningServer:
    """A running server, or a suite of servers with the one that clients use."""

    url: str
    #: The working directory: relative paths in requests are resolved against it.
    directory: pathlib.Path
    artifacts: pathlib.Path
    #: The process that serves clients first, then those it depends on.
    processes: tuple[ServerProcess, ...]
    #: The URL of Unladen's registry; the same as ``url`` for a single server.
    registry_url: str

    def last_lines(self) -> str:
        """The processes' last output, for failure messages."""
        return "\n".join(process.last_lines() for process in self.processes)


@contextlib.contextmanager
def mlflow_server(
    python: str | pathlib.Path, backend_uri: str, artifacts: pathlib.Path, directory: pathlib.Path | None = None,
    *, workers: int = 1, jobs: bool = False, environment: Mapping[str, str] | None = None,
) -> Iterator[RunningServer]:
    """Runs MLflow's server from the environment of ``python``.

``jobs`` also starts its job workers, which MLflow does by default: eight more processes that no suite needs.
    """
    with _directory(directory, "mlflow") as directory:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        # The environments have psycopg2; SQLAlchemy 2.1 uses another driver by default.
        backend_uri = re.sub(r"^postgresql:", "postgresql+psycopg2:", backend_uri)
        command = [
            str(python), "-m", "mlflow", "server", "--workers", str(workers), "--host", "127.0.0.1", "--port", str(port),
            "--backend-store-uri", backend_uri, "--artifacts-destination", str(artifacts)]
        environment = {
            # Version 2 looks up gunicorn in PATH.
            "PATH": f"{pathlib.Path(python).parent}{os.pathsep}{os.environ['PATH']}",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": str(jobs).lower(), "MLFLOW_DISABLE_TELEMETRY": "true",
            **(environment or {})}
        with running("mlflow", command, directory=directory, ready=lambda _: is_healthy(url), environment=environment) as server:
            yield RunningServer(url, directory, artifacts, (server,), registry_url=url)


@contextlib.contextmanager
def unladen_suite(
    bin_dir: str | pathlib.Path, backend_uri: str, artifacts: pathlib.Path, directory: pathlib.Path | None = None,
    registry_backend_uri: str | None = None, *, tracking_arguments: Sequence[str] = (),
) -> Iterator[RunningServer]:
    """Runs Unladen's tracking server and registry, for MLflow clients.

``registry_backend_uri`` is the registry's database; without it, both services use ``backend_uri``.
``tracking_arguments`` are additional flags of the tracking server.
    """
    with _directory(directory, "unladen") as directory:
        # Each needs the other's address to start, so the ports are chosen in advance.
        tracking_port, registry_port = free_port(), free_port()
        tracking_url = f"http://127.0.0.1:{tracking_port}"
        registry_url = f"http://127.0.0.1:{registry_port}"
        registry = [
            str(pathlib.Path(bin_dir) / "unladen-registry"), "--backend-store-uri", registry_backend_uri or backend_uri,
            "--port", str(registry_port), "--tracking-uri", tracking_url]
        tracking = [
            str(pathlib.Path(bin_dir) / "unladen-tracking"), "--backend-store-uri", backend_uri,
            "--artifacts-destination", str(artifacts), "--registry-uri", registry_url, "--port", str(tracking_port),
            *tracking_arguments]
        with (
            running("unladen-registry", registry, directory=directory, ready=_is_listening) as registry_server,
            running("unladen-tracking", tracking, directory=directory, ready=_is_listening) as tracking_server,
        ):
            yield RunningServer(
                tracking_url, directory, artifacts, (tracking_server, registry_server), registry_url=registry_url)


def is_healthy(url: str) -> bool:
    """Whether ``GET /health`` returns status 200."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_listening(server: ServerProcess) -> bool:
    """Whether the server's first line reports that it is listening, as with all services of Unladen."""
    return (server.first_line() or "").startswith("listening on http://")


@contextlib.contextmanager
def _directory(given: pathlib.Path | None, name: str) -> Iterator[pathlib.Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    directory = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)

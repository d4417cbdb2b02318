"""The two compared servers, each with its own database."""

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from support.servers import RunningServer, mlflow_server, unladen_suite

PEER_VERSION = "3.17.2"
PEER_WORKERS = 2


@dataclass(frozen=True)
class Side:
    """A server that can be restarted with the same data."""

    name: str
    started: Callable[[], contextlib.AbstractContextManager[RunningServer]]
    """Starts the server; the context starts once it is ready."""
    database_uri: str
    database_pids: tuple
    """The main process of the database server, if there is one."""


def sides(peer_python, bin_dir, directory, databases):
    """MLflow and Unladen; `databases` are a running PostgreSQL server for each, or None for SQLite files in `directory`.

The servers are separate because an open transaction in one database prevents PostgreSQL from vacuuming old rows in the others.
    """
    version = subprocess.run(
        [peer_python, "-c", "import mlflow; print(mlflow.__version__)"], check=True, stdout=subprocess.PIPE, text=True)
    if version.stdout.strip() != PEER_VERSION:
        raise SystemExit(f"{peer_python} has MLflow {version.stdout.strip()}, not {PEER_VERSION}")

    def uri(database, name):
        return database.create_database(name) if database else f"sqlite:///{directory}/{name}.db"

    peer_database, our_database = databases or (None, None)
    peer_uri = uri(peer_database, "mlflow")
    tracking_uri, registry_uri = (uri(our_database, name) for name in ("tracking", "registry"))

    def pids(database):
        return (database.pid,) if database else ()

    peer_directory, our_directory = directory / "mlflow", directory / "unladen"
    return (
        Side(f"MLflow {PEER_VERSION}", lambda: mlflow_server(
            peer_python, peer_uri, peer_directory / "artifacts", peer_directory, workers=PEER_WORKERS, jobs=True), peer_uri,
            pids(peer_database)),
        Side("Unladen", lambda: unladen_suite(
            bin_dir, tracking_uri, our_directory / "artifacts", our_directory, registry_backend_uri=registry_uri),
            tracking_uri, pids(our_database)),
    )

"""Starts MLflow's server and Unladen's, once with each database, and sends them the cases.

UNLADEN_BIN                         the directory with Unladen's executables; the latest build if not set
MLFLOW_317_PYTHON                   the interpreter of an environment with mlflow 3.17.2
UNLADEN_REQUIRE_ALL=1               fail instead of skipping when something is missing
UNLADEN_DIFFERENTIAL_SELF_CHECK=1   compare MLflow with a second MLflow; everything must be the same, which shows
                                    that the differences found in Unladen are real
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import pathlib
from collections.abc import Iterator

import pytest

from support.builds import bin_dir
from support.postgresql import binaries as postgresql_binaries
from support.postgresql import postgresql
from support.servers import RunningServer, mlflow_server, unladen_suite

from .runner import Comparison, Outcome
from .session import Session

DATABASES = ("sqlite", "postgresql")
SELF_CHECK = os.environ.get("UNLADEN_DIFFERENTIAL_SELF_CHECK") == "1"


class Pair:
    """The two servers with one kind of database, and their responses so far."""

    def __init__(self, database: str, mlflow: RunningServer, other: RunningServer) -> None:
        self.database = database
        self.servers = (mlflow, other)
        self._comparison = Comparison(*(Session(server.url, _own_paths(server)) for server in self.servers))
        self._groups: dict[str, dict[str, Outcome]] = {}

    def outcome(self, group: str, case: str) -> Outcome:
        """The responses to a case; the first call for a group sends all its cases."""
        if group not in self._groups:
            self._groups[group] = {outcome.case.name: outcome for outcome in self._comparison.run(group)}
        return self._groups[group][case]

    def complaint(self, group: str, case: str) -> str | None:
        return self.outcome(group, case).complaint(self.database, deliberate=not SELF_CHECK)


@pytest.fixture(scope="session", params=DATABASES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    missing = _missing(request.param)
    if missing and os.environ.get("UNLADEN_REQUIRE_ALL") == "1":
        pytest.fail(missing, pytrace=False)
    if missing:
        pytest.skip(missing)
    directory = tmp_path_factory.mktemp(request.param)
    with contextlib.ExitStack() as stack:
        new_database = _databases(request.param, directory, stack)
        starts = (_start_mlflow, _start_mlflow if SELF_CHECK else _start_unladen)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            contexts = [start(directory / str(index), new_database) for index, start in enumerate(starts)]
            servers = list(pool.map(stack.enter_context, contexts))
        yield Pair(request.param, *servers)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Shows the servers' last output if a test failed for another reason than a different response."""
    report = yield
    pair = getattr(item, "funcargs", {}).get("pair")
    if report.failed and pair is not None and not isinstance(call.excinfo.value, pytest.fail.Exception):
        report.sections.extend(("server", server.last_lines()) for server in pair.servers)
    return report


def _start_mlflow(directory: pathlib.Path, new_database) -> contextlib.AbstractContextManager[RunningServer]:
    return mlflow_server(os.environ["MLFLOW_317_PYTHON"], new_database(), directory / "artifacts", directory)


def _start_unladen(directory: pathlib.Path, new_database) -> contextlib.AbstractContextManager[RunningServer]:
    return unladen_suite(
        bin_dir(), new_database(), directory / "artifacts", directory, registry_backend_uri=new_database())


def _databases(kind: str, directory: pathlib.Path, stack: contextlib.ExitStack):
    """A function that creates an empty database on each call and returns its URI."""
    names = (f"database_{index}" for index in range(1000))
    if kind == "sqlite":
        return lambda: f"sqlite:///{directory / next(names)}.db"
    server = stack.enter_context(postgresql())
    return lambda: server.create_database(next(names))


def _missing(database: str) -> str | None:
    """What is missing for the comparison."""
    if not os.environ.get("MLFLOW_317_PYTHON"):
        return "MLFLOW_317_PYTHON isn't set to the interpreter of an environment with mlflow 3.17.2"
    try:
        if not SELF_CHECK and not (bin_dir() / "unladen-registry").exists():
            return f"{bin_dir()} contains no unladen-registry"
        if database == "postgresql":
            postgresql_binaries()
    except RuntimeError as error:
        return str(error)
    return None


def _own_paths(server: RunningServer) -> dict[str, str]:
    return {str(server.artifacts): "<artifacts>", str(server.directory): "<directory>"}

"""When a process is killed at any moment, no acknowledged write is lost and no write is stored partially."""

from __future__ import annotations

import contextlib
import pathlib
import random
import uuid
from collections.abc import Callable, Iterator

import pytest

from support.builds import bin_dir
from support.hammer import Hammer, Writer
from support.postgresql import PostgreSQL, postgresql
from support.readback import Reader
from support.servers import RunningServer, unladen_suite

ROUNDS = 5

#: Starts the services with the same databases on each call.
Suite = Callable[[], contextlib.AbstractContextManager[RunningServer]]


@pytest.fixture
def moments() -> random.Random:
    """Chooses when to kill, in acknowledged writes; the seed is printed if a test fails."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def suite_over(tracking_uri: str, registry_uri: str, directory: pathlib.Path) -> Suite:
    return lambda: unladen_suite(
        bin_dir(), tracking_uri, directory / "artifacts", directory, registry_backend_uri=registry_uri)


@pytest.fixture
def sqlite_suite(tmp_path: pathlib.Path) -> Suite:
    return suite_over(f"sqlite:///{tmp_path}/tracking.db", f"sqlite:///{tmp_path}/registry.db", tmp_path)


@pytest.fixture
def database() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture
def postgresql_suite(database: PostgreSQL, tmp_path: pathlib.Path) -> Suite:
    return suite_over(database.create_database("tracking"), database.create_database("registry"), tmp_path)


@pytest.mark.parametrize("suite_name", ["sqlite_suite", "postgresql_suite"])
def test_acknowledged_writes_survive_killed_services(
    suite_name: str, request: pytest.FixtureRequest, moments: random.Random
) -> None:
    start: Suite = request.getfixturevalue(suite_name)
    rounds: list[list[Writer]] = []
    for number in range(ROUNDS):
        with start() as suite, Hammer(suite.url, _name(number)) as hammer:
            hammer.wait_for_acknowledged(moments.randrange(200, 3000))
            for server in moments.sample(suite.processes, len(suite.processes)):
                server.process.kill()
        rounds.append(hammer.writers)
        assert not hammer.complaints, hammer.complaints[0]
        with start() as suite:
            _check_all(suite, rounds, hammer)


def test_a_killed_database_is_an_outage_without_loss(
    postgresql_suite: Suite, database: PostgreSQL, moments: random.Random
) -> None:
    with postgresql_suite() as suite:
        rounds: list[list[Writer]] = []
        for number in range(ROUNDS):
            with Hammer(suite.url, _name(number)) as hammer:
                hammer.wait_for_acknowledged(moments.randrange(200, 3000))
                database.kill()
                hammer.wait_for_rejected(50)
                database.start()
                hammer.wait_for_acknowledged(500)
            rounds.append(hammer.writers)
            assert not hammer.broken, f"{hammer.broken} connections broke"
            assert all(server.process.poll() is None for server in suite.processes), suite.last_lines()
            _check_all(suite, rounds, hammer)


def _name(number: int) -> str:
    return f"round-{number}-{uuid.uuid4().hex[:8]}"


def _check_all(suite: RunningServer, rounds: list[list[Writer]], hammer: Hammer) -> None:
    """Verifies the writes of this and all earlier rounds."""
    reader = Reader(suite.url)
    found = [reader.check(writers) for writers in rounds]
    assert found[-1] >= hammer.acknowledged

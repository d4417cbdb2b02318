"""`unladen import mlflow` imports databases created by MLflow 2.5, 2.22 and 3.17: a client sees the same afterwards as before.
Run it with MLflow 3.17's environment; the others must be next to it."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from support.builds import bin_dir
from support.postgresql import PostgreSQL, postgresql
from support.servers import RunningServer, mlflow_server, unladen_suite

HERE = pathlib.Path(__file__).parent
#: The directory of the environments of all versions.
ENVIRONMENTS = pathlib.Path(sys.executable).parents[2]


@dataclasses.dataclass(frozen=True)
class Source:
    """An MLflow database with its artifacts, and what a client sees of it through MLflow's own server."""

    uri: str
    artifacts: pathlib.Path
    seen: dict


@pytest.fixture(scope="module")
def database_server() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def source_of(
    database_server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Source]:
    """Creates a source with a version of MLflow and a database engine. It takes a few seconds; importing doesn't change it."""

    @functools.cache
    def make(version: str, engine: str = "sqlite") -> Source:
        directory = tmp_path_factory.mktemp("source")
        uri = f"sqlite:///{directory}/mlflow.db"
        if engine == "postgresql":
            uri = database_server.create_database(f"source_{version.replace('.', '_')}")
        alchemy = re.sub(r"^postgresql:", "postgresql+psycopg2:", uri)
        run([python(version), str(HERE / "fill.py"), alchemy, str(directory / "mlruns")], directory)
        with mlflow_server(python(version), uri, directory / "mlartifacts", directory) as server:
            return Source(uri, directory / "mlruns", dump(version, server.url, directory, "seen"))

    return make


def python(version: str) -> str:
    return str(ENVIRONMENTS / f"mlflow-{version}" / "bin" / "python")


def run(command: list[str], directory: pathlib.Path) -> str:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def dump(version: str, uri: str, directory: pathlib.Path, name: str) -> dict:
    return json.loads(run([python(version), str(HERE / "dump.py"), uri, str(directory / name)], directory))


def import_command(source: str, directory: pathlib.Path, *flags: str) -> list[str]:
    return [str(bin_dir() / "unladen"), "import", "mlflow", "--from", source, "--data-dir", str(directory / "data"), *flags]


def suite(directory: pathlib.Path, backend_uri: str | None):
    data = directory / "data"
    return unladen_suite(
        bin_dir(), backend_uri or f"sqlite:///{data}/tracking.db", data / "artifacts", directory,
        registry_backend_uri=backend_uri or f"sqlite:///{data}/registry.db")


def counts(output: str) -> dict[str, tuple[int, int]]:
    rows = [line.rsplit(maxsplit=2) for line in output.splitlines()[1:]]
    return {name.strip(): (int(source), int(here)) for name, source, here in rows}


@pytest.mark.parametrize(("version", "engine", "target_engine"), [
    ("2.5", "sqlite", "sqlite"),
    ("2.22", "postgresql", "sqlite"),
    ("3.17", "sqlite", "postgresql"),
    ("3.17", "postgresql", "postgresql"),
])
def test_everything_arrives(
    version: str, engine: str, target_engine: str, tmp_path: pathlib.Path, database_server: PostgreSQL, source_of: Callable
) -> None:
    source = source_of(version, engine)
    target = None
    flags = ["--artifacts", str(source.artifacts)]
    if target_engine == "postgresql":
        target = database_server.create_database(f"target_{engine}_{version.replace('.', '_')}")
        flags += ["--backend-store-uri", target]
    output = run(import_command(source.uri, tmp_path, *flags), tmp_path)
    imported = counts(output)
    assert all(there == here for there, here in imported.values()), output
    assert imported["runs"][0] == 34 and imported["artifacts"][0] > 5 and imported["metrics"][0] > 5000
    with suite(tmp_path, target) as server:
        after = dump(version, server.url, tmp_path, "after")
    expected = moved(source)
    assert after.keys() == expected.keys()
    for part in expected:
        assert after[part] == expected[part], part

    # Once more: nothing is duplicated, and nothing is missed.
    assert counts(run(import_command(source.uri, tmp_path, *flags), tmp_path)) == imported
    with suite(tmp_path, target) as server:
        assert dump(version, server.url, tmp_path, "again") == after
        check_that_new_things_fit(server)


def moved(source: Source) -> dict:
    """What a client sees once the artifacts have been copied."""
    text = json.dumps(source.seen)
    return json.loads(re.sub(rf"(?:file://)?{re.escape(str(source.artifacts))}/", "mlflow-artifacts:/", text))


def check_that_new_things_fit(server: RunningServer) -> None:
    import mlflow

    mlflow.set_tracking_uri(server.url)
    client = mlflow.MlflowClient()
    known = {experiment.experiment_id for experiment in client.search_experiments(mlflow.entities.ViewType.ALL)}
    created = client.create_experiment("after the import")
    assert created not in known and int(created) > max(map(int, known))
    assert client.create_model_version("registered", "s3://bucket/x", None).version == "5"


def test_without_artifacts_their_locations_stay(tmp_path: pathlib.Path, source_of: Callable) -> None:
    source = source_of("2.5")
    run(import_command(source.uri, tmp_path), tmp_path)
    with suite(tmp_path, None) as server:
        assert dump("2.5", server.url, tmp_path, "after") == source.seen


def test_what_is_restored_or_registered_here_survives_another_import(tmp_path: pathlib.Path, source_of: Callable) -> None:
    import mlflow

    source = source_of("2.5")
    run(import_command(source.uri, tmp_path), tmp_path)
    with suite(tmp_path, None) as server:
        mlflow.set_tracking_uri(server.url)
        client = mlflow.MlflowClient()
        deleted = client.get_experiment_by_name("deleted").experiment_id
        client.restore_experiment(deleted)
        kept = client.create_run(deleted).info.run_id
    run(import_command(source.uri, tmp_path), tmp_path)
    gc = [str(bin_dir() / "unladen"), "gc", "--older-than", "1s", "--data-dir", str(tmp_path / "data")]
    # Three runs of the other experiment are deleted in the source.
    assert run(gc, tmp_path).startswith("freed 3 runs,")
    with suite(tmp_path, None) as server:
        mlflow.set_tracking_uri(server.url)
        client = mlflow.MlflowClient()
        assert client.get_experiment(deleted).lifecycle_stage == "active"
        assert client.get_run(kept).info.lifecycle_stage == "active"
        client.create_model_version("registered", "s3://bucket/x", None)
    # Both now have a version 5, but different ones.
    shutil.copy(source.uri.removeprefix("sqlite:///"), tmp_path / "changed.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "changed.db")) as database:
        database.execute(
            "INSERT INTO model_versions (name, version, creation_time, source, status) VALUES ('registered', 5, 7, 's3://b', 'READY')")
        database.commit()
    command = import_command(f"sqlite:///{tmp_path}/changed.db", tmp_path)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "version 5 of the registered model 'registered' can't be imported" in done.stderr


def test_a_killed_import_resumes(tmp_path: pathlib.Path, source_of: Callable) -> None:
    source = source_of("3.17")
    command = import_command(source.uri, tmp_path, "--artifacts", str(source.artifacts))
    killed = 0
    # Each round gets a bit further and is killed at an arbitrary point.
    for milliseconds in range(20, 400, 20):
        started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            started.wait(milliseconds / 1000)
        except subprocess.TimeoutExpired:
            # The services' import processes are in the same session.
            subprocess.run(["pkill", "-KILL", "-s", str(started.pid)], check=False)
            started.wait()
            killed += started.returncode == -signal.SIGKILL
    assert killed > 3
    output = run(command, tmp_path)
    assert all(there == here for there, here in counts(output).values()), output
    with suite(tmp_path, None) as server:
        assert dump("3.17", server.url, tmp_path, "after") == moved(source)


def test_an_experiment_with_a_taken_id_is_rejected(tmp_path: pathlib.Path, source_of: Callable) -> None:
    (tmp_path / "data").mkdir()
    with suite(tmp_path, None) as server:
        import mlflow

        mlflow.set_tracking_uri(server.url)
        mlflow.MlflowClient().create_experiment("ours")
    command = import_command(source_of("2.5").uri, tmp_path)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "it conflicts with the existing experiment 'ours' with ID 1" in done.stderr


@pytest.mark.parametrize(("source", "flags", "complaint"), [
    ("sqlite:///no/such/file.db", [], "the file 'no/such/file.db' doesn't exist"),
    ("mysql://host/db", [], "supports only sqlite:/// and postgresql://"),
    ("postgresql://nobody@127.0.0.1:1/none", [], "connection to server at \"127.0.0.1\", port 1 failed"),
    ("sqlite:///{tmp}/mlflow.db", [], "mlflow.db' isn't the database of an MLflow server"),
    ("sqlite:///{tmp}/mlflow.db", ["--artifacts", "/no/such/directory"], "the directory '/no/such/directory' doesn't exist"),
])
def test_an_unreadable_source_is_reported(source: str, flags: list[str], complaint: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "mlflow.db").touch()
    done = subprocess.run(
        import_command(source.format(tmp=tmp_path), tmp_path, *flags), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    assert complaint in done.stderr, done.stderr

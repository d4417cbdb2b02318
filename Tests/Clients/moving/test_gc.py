"""`unladen gc` removes deleted entities, both rows and artifacts, while the services run."""

from __future__ import annotations

import pathlib
import subprocess

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from support.builds import bin_dir
from support.servers import unladen_suite


def collect(directory: pathlib.Path, older_than: str) -> str:
    command = [str(bin_dir() / "unladen"), "gc", "--older-than", older_than, "--data-dir", str(directory / "data")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_was_deleted_is_gone_with_its_artifacts(tmp_path: pathlib.Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with unladen_suite(
        bin_dir(), f"sqlite:///{data}/tracking.db", data / "artifacts", tmp_path,
        registry_backend_uri=f"sqlite:///{data}/registry.db",
    ) as server:
        mlflow.set_tracking_uri(server.url)
        client = MlflowClient()
        runs = []
        for name in ("kept", "dropped"):
            mlflow.set_experiment(name)
            for _ in range(2):
                with mlflow.start_run() as run:
                    mlflow.log_metrics({"loss": 1, "accuracy": 0.5})
                    mlflow.log_text("x" * 1000, "sub/note.txt")
                    client.create_logged_model(run.info.experiment_id, name="m")
                runs.append(run.info)
        files = lambda: sorted(file for file in (data / "artifacts").rglob("*") if file.is_file())  # noqa: E731
        assert len(files()) == 4
        client.delete_run(runs[0].run_id)
        client.delete_experiment(runs[2].experiment_id)
        assert collect(tmp_path, "1h") == "nothing to free"
        assert collect(tmp_path, "0s") == (
            "freed 1 experiment, 3 runs, 6 metric points, 2 logged models, 3 artifact files, 3.0 kB of artifacts")
        assert collect(tmp_path, "0s") == "nothing to free"
        assert [runs[1].run_id in str(file) for file in files()] == [True]
        assert mlflow.artifacts.load_text(f"{runs[1].artifact_uri}/sub/note.txt") == "x" * 1000
        for gone in (lambda: client.get_run(runs[0].run_id), lambda: client.restore_experiment(runs[2].experiment_id)):
            with pytest.raises(MlflowException, match="not found|No Experiment"):
                gone()
        # The name is free again, and a service that has cached the old experiment recognizes the new one.
        mlflow.set_experiment("dropped")
        with mlflow.start_run() as run:
            mlflow.log_metric("other", 2)
        assert client.get_run(run.info.run_id).data.metrics == {"other": 2}

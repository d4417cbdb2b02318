"""Fills an MLflow database with entities of every kind, with the MLflow of the current environment.

    python fill.py BACKEND_STORE_URI ARTIFACT_ROOT
"""

from __future__ import annotations

import math
import pathlib
import sys

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from packaging.version import Version

VERSION = Version(mlflow.__version__)


class Doubler(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


def main(uri: str, root: str) -> None:
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = MlflowClient()
    for name in ("empty", "größer als früher 🐦", "deleted"):
        client.create_experiment(name, artifact_location=f"{root}/{name.split()[0]}", tags={"team": "büro", "void": ""})
    experiment = client.get_experiment_by_name("größer als früher 🐦").experiment_id
    fill_runs(client, experiment, pathlib.Path(root).parent)
    fill_models(client, experiment)
    deleted = client.get_experiment_by_name("deleted").experiment_id
    client.log_metric(client.create_run(deleted).info.run_id, "in a deleted experiment", 1)
    client.delete_experiment(deleted)


def fill_runs(client: MlflowClient, experiment: str, directory: pathlib.Path) -> None:
    mlflow.set_experiment(experiment_id=experiment)
    for number in range(30):
        run = client.create_run(experiment, start_time=1_700_000_000_000 + number, run_name=f"run {number}").info.run_id
        client.log_batch(
            run,
            metrics=[Metric("loss", 1 / (step + 1), 1_700_000_000_000 + step * 10, step) for step in range(number * 5)],
            params=[Param("depth", str(number)), Param("text", "x" * 400 + " ü")],
            tags=[RunTag("kind", "small"), RunTag("empty", "")])
        client.set_terminated(run, "FINISHED" if number % 3 else "FAILED", end_time=1_700_000_100_000 + number)
        if number % 10 == 9:
            client.delete_run(run)
    with mlflow.start_run(run_name="odd numbers") as odd:
        for step, value in ((3, math.nan), (-2, math.inf), (0, -math.inf), (0, 1e-300), (0, 1e300), (5, 0.1 + 0.2)):
            client.log_metric(odd.info.run_id, "odd/values", value, timestamp=1_700_000_000_000, step=step)
        for start in range(0, 3000, 1000):
            client.log_batch(odd.info.run_id, metrics=[
                Metric("long", math.sin(step), 1_700_000_000_000 + step, step) for step in range(start, start + 1000)])
        # Backwards, so that the series isn't in order.
        for step in reversed(range(40)):
            client.log_metric(odd.info.run_id, "backwards", step, timestamp=1_700_000_000_000 + 40 - step, step=step)
        with mlflow.start_run(nested=True):
            mlflow.log_text("nested", "deep/er/nested.txt")
        mlflow.log_text("hällo", "note ü.txt")
        mlflow.log_dict({"a": [1, 2]}, "conf/a.json")
        file = directory / "some.bin"
        file.write_bytes(bytes(range(256)) * 5000)
        mlflow.log_artifact(str(file), "binary")
        frame = pandas.DataFrame({"x": [1, 2], "y": ["a", "b"]})
        mlflow.log_input(mlflow.data.from_pandas(frame, source="s3://b/x.csv", name="frame"), context="training")
        mlflow.log_input(mlflow.data.from_pandas(frame, source="s3://b/x.csv", name="frame 2"))


def fill_models(client: MlflowClient, experiment: str) -> None:
    with mlflow.start_run(run_name="models") as run:
        if VERSION.major >= 3:
            info = mlflow.pyfunc.log_model(name="doubler", python_model=Doubler(), registered_model_name="registered")
            mlflow.log_metrics({"accuracy": 0.75, "bad": math.nan}, step=2, model_id=info.model_id)
            client.set_logged_model_tags(info.model_id, {"good": "yes"})
            gone = client.create_logged_model(experiment, name="gone", params={"p": "1"}, tags={"t": "2"})
            client.delete_logged_model(gone.model_id)
            client.log_inputs(run.info.run_id, models=[mlflow.entities.LoggedModelInput(model_id=info.model_id)])
        else:
            mlflow.pyfunc.log_model("doubler", python_model=Doubler(), registered_model_name="registered")
    client.create_registered_model("empty model", tags={"a": "b"}, description="nothing in it")
    client.set_registered_model_tag("registered", "owner", "zoë")
    source = client.get_model_version("registered", "1").source
    for number in range(2, 5):
        client.create_model_version("registered", source, run.info.run_id, tags={"number": str(number)}, description=f"v{number}")
    client.transition_model_version_stage("registered", "2", "Production")
    client.delete_model_version("registered", "4")
    client.set_registered_model_alias("registered", "best", "3")
    if hasattr(mlflow, "genai") and hasattr(mlflow.genai, "register_prompt"):
        for text in ("Say {{word}}.", "Say {{word}} twice."):
            mlflow.genai.register_prompt(name="say", template=text, commit_message="why not", tags={"lang": "en"})


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Experiments and runs with everything except artifacts."""

from __future__ import annotations

import math

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

#: The time of the first point of every metric.
START = 1_790_000_000_000


def fill() -> dict:
    client = MlflowClient()
    return {**_swallows(client), **_to_change(client)}


def _swallows(client: MlflowClient) -> dict:
    experiment = client.create_experiment("Airspeed of swallows", tags={
        "mlflow.note.content": "What is the airspeed velocity of an *unladen* swallow?", "team": "ornithology"})
    mlflow.set_experiment(experiment_id=experiment)
    frame = pandas.DataFrame({"species": ["european", "african"], "airspeed": [11.0, 9.0]})
    ids = {}
    for number, (name, species, speed) in enumerate([
        ("european swallow", "european", 11.0), ("african swallow", "african", 9.0),
        ("laden swallow", "european", 4.5), ("broken swallow", "african", math.nan),
    ]):
        with mlflow.start_run(run_name=name, description=f"Notes on the {name}.") as run:
            ids[name] = run.info.run_id
            client.log_batch(
                run.info.run_id,
                metrics=[
                    *(Metric("airspeed", speed + math.sin(step / 3), START + step * 1000, step) for step in range(30)),
                    *(Metric("wing/beats", 40 + number - step / 10, START + step * 1000, step) for step in range(30)),
                    *(Metric("system/cpu", 10 + step + number, START + step * 1000, step) for step in range(5)),
                    Metric("final_score", 0.25 * (number + 1), START, 0)],
                params=[Param("species", species), Param("coconuts", str(number)), Param("long", "abcdefgh " * 60)],
                tags=[RunTag("bridge", "of death" if number % 2 else "of sighs"), RunTag("favourite colour", "blue")])
            mlflow.log_input(
                mlflow.data.from_pandas(frame, source="s3://birds/swallows.csv", name="swallow-measurements"), context="training")
            if number == 0:
                for child in ("left wing", "right wing"):
                    with mlflow.start_run(run_name=child, nested=True) as nested:
                        ids[child] = nested.info.run_id
                        mlflow.log_metric("airspeed", 5.5)
                        mlflow.log_param("species", species)
    client.set_terminated(ids["broken swallow"], "FAILED")
    return {"experiment": experiment, "experiment_name": "Airspeed of swallows", "ids": ids}


def _to_change(client: MlflowClient) -> dict:
    """Experiments and runs for tests to rename, tag, delete and restore, each for one test."""
    experiments = {
        key: client.create_experiment(f"Experiment to {key}") for key in ("rename", "tag", "delete", "describe")}
    changing = client.create_experiment("Runs to change")
    runs = {}
    for name in ("run to rename", "run to delete", "run to tag", "run to describe", "run to leave"):
        run = client.create_run(changing, run_name=name)
        runs[name] = run.info.run_id
        client.log_metric(run.info.run_id, "weight", 1.5)
        client.log_param(run.info.run_id, "kind", "coconut")
        client.set_terminated(run.info.run_id)
    return {"to_change": experiments, "changing_experiment": changing, "changing": runs}

"""Logged models, and registered models with versions, aliases and tags."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient


class Doubler(mlflow.pyfunc.PythonModel):
    """A small model without dependencies."""

    def predict(self, context, model_input, params=None):
        return model_input * 2


def fill() -> dict:
    client = MlflowClient()
    experiment = client.create_experiment("Models of birds")
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run(run_name="training of models") as run:
        logged = []
        for number in (1, 2):
            info = mlflow.pyfunc.log_model(
                name=f"flapper-{number}", python_model=Doubler(), input_example=[1.0, 2.0], pip_requirements=[],
                params={"wings": str(number * 2)}, registered_model_name="swallow-model")
            mlflow.log_metrics({"lift": 0.5 * number}, step=1, model_id=info.model_id)
            client.set_logged_model_tags(info.model_id, {"plumage": "beautiful"})
            logged.append(info.model_id)
    client.update_registered_model("swallow-model", description="It predicts the **airspeed**.")
    client.set_registered_model_tag("swallow-model", "keeper", "bridge")
    client.set_registered_model_alias("swallow-model", "champion", "2")
    client.set_model_version_tag("swallow-model", "1", "checked", "twice")
    client.update_model_version("swallow-model", "1", description="The first flight.")
    source = client.get_model_version("swallow-model", "1").source
    for name in ("model-to-delete", "model-to-change", "model-to-unversion"):
        client.create_registered_model(name, description=f"The {name}.")
        client.create_model_version(name, source, run.info.run_id, model_id=logged[0])
    client.create_registered_model("empty-model")
    return {"experiment": experiment, "run": run.info.run_id, "logged": logged}

"""Prints as JSON everything that the MLflow client of the current environment sees of a server or a database.

    python dump.py TRACKING_URI DOWNLOAD_DIRECTORY
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import ViewType
from packaging.version import Version

MODELS = Version(mlflow.__version__).major >= 3


def main(uri: str, directory: str) -> None:
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = MlflowClient()
    experiments = sorted(client.search_experiments(ViewType.ALL), key=lambda experiment: experiment.experiment_id)
    result = {
        "experiments": [plain(experiment) for experiment in experiments],
        "runs": [], "models": [], "registered": [], "versions": [], "aliases": {}}
    for experiment in experiments:
        runs = client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL, max_results=1000)
        result["runs"] += [dump_run(client, run.info.run_id, pathlib.Path(directory)) for run in runs]
        if MODELS:
            for model in client.search_logged_models([experiment.experiment_id], max_results=50):
                result["models"].append(plain(client.get_logged_model(model.model_id)))
    for model in client.search_registered_models(max_results=100):
        result["registered"].append(plain(client.get_registered_model(model.name)))
        for version in client.search_model_versions(f"name='{model.name}'"):
            version = client.get_model_version(model.name, version.version)
            result["versions"].append(plain(version))
            result["versions"].append(client.get_model_version_download_uri(model.name, version.version))
    if MODELS:
        result["prompts"] = [plain(prompt) for prompt in mlflow.genai.search_prompts()]
    model = mlflow.pyfunc.load_model("models:/registered/1")
    result["prediction"] = model.predict(mlflow.pyfunc.pandas.DataFrame({"x": [1, 2]})).to_dict("list")
    json.dump(result, sys.stdout, default=str)


def dump_run(client: MlflowClient, run_id: str, directory: pathlib.Path) -> dict:
    run = client.get_run(run_id)
    data = plain(run)
    data["history"] = {
        key: [plain(point) for point in client.get_metric_history(run_id, key)] for key in sorted(run.data.metrics)}
    if run.info.lifecycle_stage == "active":
        # MLflow itself fails to download an empty directory.
        data["artifacts"] = artifacts(run_id, directory / run_id) if client.list_artifacts(run_id) else {}
    return data


def artifacts(run_id: str, directory: pathlib.Path) -> dict[str, str]:
    directory.mkdir(parents=True)
    mlflow.artifacts.download_artifacts(run_id=run_id, dst_path=str(directory))
    # A client that loads a model from a local directory leaves a file in it.
    files = sorted(file for file in directory.rglob("*") if file.is_file() and file.name != "registered_model_meta")
    return {str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def plain(thing: object) -> object:
    """An MLflow entity as JSON values, with all its properties."""
    if isinstance(thing, (list, tuple)):
        return sorted((plain(item) for item in thing), key=json.dumps)
    if isinstance(thing, dict):
        return {str(key): plain(value) for key, value in sorted(thing.items())}
    names = [name for name in dir(type(thing)) if isinstance(getattr(type(thing), name), property)]
    if type(thing).__module__.startswith("mlflow") and names:
        return {name: plain(getattr(thing, name)) for name in names}
    if isinstance(thing, float):
        return repr(thing)
    return thing if isinstance(thing, (int, str, type(None))) else str(thing)


if __name__ == "__main__":
    main(*sys.argv[1:])

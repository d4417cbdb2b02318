"""Experiments: creating, finding, renaming, deleting and restoring."""

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException


def test_the_default_experiment_exists(client):
    experiment = client.get_experiment("0")
    assert experiment.name == "Default" and experiment.lifecycle_stage == "active"


def test_an_experiment_is_found_by_id_and_name(client, unique):
    name = unique("ünï 漢字")
    experiment_id = client.create_experiment(name, tags={"team": "search", "empty": ""})
    by_id, by_name = client.get_experiment(experiment_id), client.get_experiment_by_name(name)
    assert by_id.experiment_id == by_name.experiment_id == experiment_id
    assert by_id.name == by_name.name == name
    assert by_id.tags["team"] == by_name.tags["team"] == "search"
    assert by_id.artifact_location.endswith(f"/{experiment_id}")
    assert by_id.creation_time > 0 and by_id.last_update_time >= by_id.creation_time


def test_an_unknown_name_finds_nothing(client, unique):
    assert client.get_experiment_by_name(unique("nothing")) is None


def test_set_experiment_creates_it_once(unique):
    name = unique("set")
    assert mlflow.set_experiment(name).experiment_id == mlflow.set_experiment(name).experiment_id


def test_an_experiment_keeps_the_artifact_location_it_was_given(client, unique, tmp_path):
    experiment_id = client.create_experiment(unique("located"), artifact_location="mlflow-artifacts:/elsewhere")
    run = client.create_run(experiment_id)
    assert client.get_experiment(experiment_id).artifact_location == "mlflow-artifacts:/elsewhere"
    assert run.info.artifact_uri == f"mlflow-artifacts:/elsewhere/{run.info.run_id}/artifacts"
    client.log_text(run.info.run_id, "here", "note.txt")
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/note.txt") == "here"


def test_experiment_tags_are_set_and_replaced(client, experiment_id):
    client.set_experiment_tag(experiment_id, "stage", "draft")
    client.set_experiment_tag(experiment_id, "stage", "final")
    mlflow.set_experiment_tags({"team": "search", "note": "n" * 5000})
    tags = client.get_experiment(experiment_id).tags
    assert (tags["stage"], tags["team"], tags["note"]) == ("final", "search", "n" * 5000)


def test_an_experiment_is_renamed(client, experiment_id, unique):
    name = unique("renamed")
    client.rename_experiment(experiment_id, name)
    assert client.get_experiment_by_name(name).experiment_id == experiment_id


def test_an_experiment_is_deleted_and_restored_with_its_runs(client, experiment_id, run_id, unique):
    def listed(view):
        found = client.search_experiments(view_type=view, filter_string=f"name = '{name}'")
        return [experiment.experiment_id for experiment in found]

    name = client.get_experiment(experiment_id).name
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    assert (listed(ViewType.ACTIVE_ONLY), listed(ViewType.DELETED_ONLY)) == ([], [experiment_id])
    with pytest.raises(MlflowException):
        client.create_run(experiment_id)
    with pytest.raises(MlflowException, match="deleted experiment"):
        mlflow.set_experiment(name)

    client.restore_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "active"
    assert client.get_run(run_id).info.lifecycle_stage == "active"
    assert (listed(ViewType.ACTIVE_ONLY), listed(ViewType.DELETED_ONLY)) == ([experiment_id], [])

"""Runs: starting, nesting, resuming and ending them with the fluent API."""

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException


def test_a_run_contains_what_was_logged(client, experiment_id):
    with mlflow.start_run(run_name="first", tags={"team": "search"}, description="a *small* run") as run:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "name": "ünï 漢字 🐦"})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metrics({"loss": 0.25, "accuracy": 0.9}, step=2)
        mlflow.set_tag("stage", "draft")
        mlflow.set_tags({"a/b": "1", "empty": ""})

    stored = client.get_run(run.info.run_id)
    assert stored.info.status == "FINISHED"
    assert stored.info.experiment_id == experiment_id
    assert stored.info.run_name == stored.data.tags["mlflow.runName"] == "first"
    assert stored.info.end_time >= stored.info.start_time > 0
    assert stored.data.params == {"depth": "3", "rate": "0.1", "name": "ünï 漢字 🐦"}
    assert stored.data.metrics == {"loss": 0.25, "accuracy": 0.9}
    tags = stored.data.tags
    assert (tags["team"], tags["stage"], tags["a/b"], tags["empty"]) == ("search", "draft", "1", "")
    assert tags["mlflow.note.content"] == "a *small* run"
    assert tags["mlflow.source.type"] == "LOCAL" and tags["mlflow.user"]


def test_a_run_without_a_name_gets_one(client, experiment_id):
    with mlflow.start_run() as run:
        pass
    stored = client.get_run(run.info.run_id)
    assert stored.info.run_name and stored.data.tags["mlflow.runName"] == stored.info.run_name


def test_a_run_whose_code_raises_has_failed(client, experiment_id):
    with pytest.raises(ZeroDivisionError):
        with mlflow.start_run() as run:
            _ = 1 / 0
    assert client.get_run(run.info.run_id).info.status == "FAILED"


def test_a_nested_run_names_its_parent(experiment_id):
    with mlflow.start_run() as parent:
        with mlflow.start_run(nested=True) as child:
            with mlflow.start_run(nested=True) as grandchild:
                mlflow.log_metric("depth", 3)
    assert mlflow.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    assert mlflow.get_parent_run(grandchild.info.run_id).info.run_id == child.info.run_id
    assert mlflow.get_parent_run(parent.info.run_id) is None
    children = mlflow.search_runs(
        filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", output_format="list")
    assert [run.info.run_id for run in children] == [child.info.run_id]


def test_a_resumed_run_continues_where_it_ended(client, experiment_id):
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1.0, step=0)
    ended = client.get_run(run.info.run_id).info.end_time

    with mlflow.start_run(run_id=run.info.run_id):
        assert client.get_run(run.info.run_id).info.status == "RUNNING"
        mlflow.log_metric("loss", 0.5, step=1)

    assert [point.value for point in client.get_metric_history(run.info.run_id, "loss")] == [1.0, 0.5]
    info = client.get_run(run.info.run_id).info
    assert info.status == "FINISHED" and info.end_time >= ended


def test_a_run_is_renamed_and_terminated_by_the_client(client, run_id):
    client.update_run(run_id, status="SCHEDULED", name="renamed")
    info = client.get_run(run_id).info
    assert (info.status, info.run_name) == ("SCHEDULED", "renamed")

    client.set_terminated(run_id, status="KILLED", end_time=1700000000123)
    info = client.get_run(run_id).info
    assert (info.status, info.end_time, info.run_name) == ("KILLED", 1700000000123, "renamed")


def test_setting_the_name_tag_renames_the_run(client, run_id):
    client.set_tag(run_id, "mlflow.runName", "by-tag")
    assert client.get_run(run_id).info.run_name == "by-tag"


def test_a_deleted_run_is_hidden_until_restored(client, experiment_id, run_id):
    def found(view):
        return [run.info.run_id for run in client.search_runs([experiment_id], run_view_type=view)]

    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    assert (found(ViewType.ACTIVE_ONLY), found(ViewType.DELETED_ONLY), found(ViewType.ALL)) == ([], [run_id], [run_id])
    with pytest.raises(MlflowException, match="must be in the 'active' state"):
        client.log_metric(run_id, "loss", 1.0)

    client.restore_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "active"
    client.log_metric(run_id, "loss", 1.0)
    assert found(ViewType.ACTIVE_ONLY) == [run_id]


def test_a_tag_is_overwritten_and_deleted(client, run_id):
    client.set_tag(run_id, "stage", "draft")
    client.set_tag(run_id, "stage", "final")
    assert client.get_run(run_id).data.tags["stage"] == "final"
    client.delete_tag(run_id, "stage")
    assert "stage" not in client.get_run(run_id).data.tags
    with pytest.raises(MlflowException, match="No tag with name: stage"):
        client.delete_tag(run_id, "stage")


def test_long_values_are_kept_up_to_the_limit(client, run_id):
    client.log_param(run_id, "prompt", "p" * 6000)
    client.set_tag(run_id, "note", "n" * 8000)
    data = client.get_run(run_id).data
    assert len(data.params["prompt"]) == 6000 and len(data.tags["note"]) == 8000

"""Datasets as inputs of runs."""

import mlflow
import numpy
import pandas
import pytest

TABLE = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "label": [0, 1, 0]})


@pytest.fixture
def table():
    return mlflow.data.from_pandas(TABLE, source="https://example.com/table.csv", name="table", targets="label")


def test_a_run_shows_the_dataset_it_used(client, experiment_id, table):
    with mlflow.start_run() as run:
        mlflow.log_input(table, context="training", tags={"part": "1"})
    (entry,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert (entry.dataset.name, entry.dataset.digest) == ("table", table.digest)
    assert "https://example.com/table.csv" in entry.dataset.source
    assert "num_rows" in entry.dataset.profile and '"x"' in entry.dataset.schema
    assert {tag.key: tag.value for tag in entry.tags} == {"mlflow.data.context": "training", "part": "1"}


def test_the_same_dataset_is_logged_once_for_a_run(client, experiment_id, table):
    with mlflow.start_run() as run:
        mlflow.log_input(table, context="training")
        mlflow.log_input(table, context="training")
        mlflow.log_input(mlflow.data.from_numpy(numpy.ones((2, 2)), name="array"), context="evaluation")
    names = [entry.dataset.name for entry in client.get_run(run.info.run_id).inputs.dataset_inputs]
    assert sorted(names) == ["array", "table"]


def test_runs_are_found_by_their_dataset(client, experiment_id, table):
    with mlflow.start_run() as with_table:
        mlflow.log_input(table, context="training")
    with mlflow.start_run():
        pass
    for filter_string in (
        "datasets.name = 'table'",
        f"dataset.digest = '{table.digest}'",
        "datasets.context = 'training' and datasets.name LIKE 'tab%'",
    ):
        runs = client.search_runs([experiment_id], filter_string)
        assert [run.info.run_id for run in runs] == [with_table.info.run_id], filter_string
        assert runs[0].inputs.dataset_inputs[0].dataset.name == "table"

"""Logging and loading models, and predicting with them."""

import mlflow
import numpy
import pytest
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

from mlflow_client.versions import has_logged_models, has_run_artifact_models, log_sklearn_model

INPUTS = numpy.array([[0.0], [1.0], [2.0], [3.0]])


@pytest.fixture
def model():
    """Predicts 2x + 1."""
    return LinearRegression().fit(INPUTS, 2 * INPUTS[:, 0] + 1)


def test_a_logged_model_is_loaded_and_predicts(experiment_id, model):
    with mlflow.start_run() as run:
        log_sklearn_model(model, "line", signature=infer_signature(INPUTS, model.predict(INPUTS)), input_example=INPUTS)
    loaded = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/line")
    assert loaded.predict(numpy.array([[10.0]])) == pytest.approx([21.0])
    assert loaded.metadata.signature.inputs is not None
    native = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/line")
    assert native.predict([[4.0]]) == pytest.approx([9.0])


def test_a_model_written_in_python_is_loaded_and_predicts(experiment_id):
    class Shout(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [str(text).upper() for text in model_input["text"]]

    with mlflow.start_run() as run:
        mlflow.pyfunc.log_model("shout", python_model=Shout(), pip_requirements=["pandas"])
    loaded = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/shout")
    import pandas
    assert list(loaded.predict(pandas.DataFrame({"text": ["swallow"]}))) == ["SWALLOW"]


@has_run_artifact_models
def test_a_model_of_2_x_is_an_artifact_of_its_run(client, experiment_id, model):
    with mlflow.start_run() as run:
        log_sklearn_model(model, "line")
    names = {file.path for file in client.list_artifacts(run.info.run_id, "line")}
    assert {"line/MLmodel", "line/model.pkl", "line/requirements.txt"} <= names
    assert '"artifact_path": "line"' in client.get_run(run.info.run_id).data.tags["mlflow.log-model.history"]


@has_logged_models
def test_a_model_of_3_x_is_an_entity_of_its_own(client, experiment_id, model):
    with mlflow.start_run() as run:
        info = log_sklearn_model(model, "line", params={"slope": 2}, tags={"team": "search"}, model_type="regressor")
    logged = mlflow.get_logged_model(info.model_id)
    assert (logged.name, logged.model_type, logged.source_run_id) == ("line", "regressor", run.info.run_id)
    assert str(logged.status) == "READY" and logged.experiment_id == experiment_id
    assert logged.params == {"slope": "2"} and logged.tags["team"] == "search"
    assert "MLmodel" in {file.path for file in client.list_logged_model_artifacts(info.model_id)}
    (output,) = client.get_run(run.info.run_id).outputs.model_outputs
    assert output.model_id == info.model_id
    assert mlflow.pyfunc.load_model(f"models:/{info.model_id}").predict(INPUTS) == pytest.approx([1, 3, 5, 7])


@has_logged_models
def test_a_metric_may_belong_to_a_logged_model(client, experiment_id, model, unique):
    table = mlflow.data.from_numpy(INPUTS, name="held-out")
    with mlflow.start_run():
        info = log_sklearn_model(model, "line")
        mlflow.log_metric("rmse", 0.5, step=1, model_id=info.model_id, dataset=table)
        mlflow.log_metrics({"rmse": 0.25, "mae": 0.1}, step=2, model_id=info.model_id)
    metrics = mlflow.get_logged_model(info.model_id).metrics
    assert {(metric.key, metric.value, metric.step) for metric in metrics} >= {("rmse", 0.25, 2), ("mae", 0.1, 2)}
    assert ("rmse", 0.5, "held-out") in {(metric.key, metric.value, metric.dataset_name) for metric in metrics}


@has_logged_models
def test_tags_of_a_logged_model_are_set_and_deleted(client, experiment_id, unique):
    made = mlflow.initialize_logged_model(name=unique("pending"), tags={"a": "1"})
    assert str(made.status) == "PENDING"
    client.set_logged_model_tags(made.model_id, {"a": "2", "b": "3"})
    client.delete_logged_model_tag(made.model_id, "b")
    assert mlflow.finalize_logged_model(made.model_id, "READY").tags["a"] == "2"
    assert "b" not in mlflow.get_logged_model(made.model_id).tags


@has_logged_models
def test_a_deleted_logged_model_is_gone(client, experiment_id, unique):
    from mlflow.exceptions import MlflowException

    made = mlflow.initialize_logged_model(name=unique("pending"))
    client.delete_logged_model(made.model_id)
    with pytest.raises(MlflowException, match="(?i)not found"):
        mlflow.get_logged_model(made.model_id)
    assert client.search_logged_models([experiment_id]) == []


@has_logged_models
def test_logged_models_are_searched_in_pages(client, experiment_id):
    ids = []
    for index in range(7):
        made = client.create_logged_model(
            experiment_id, name=f"model-{index}", tags={"parity": "odd" if index % 2 else "even"},
            params={"depth": str(index)}, model_type="tree")
        with mlflow.start_run():
            mlflow.log_metric("loss", index / 10, model_id=made.model_id)
        ids.append(made.model_id)

    lengths, found, token = [], [], None
    while not lengths or token:
        page = client.search_logged_models(
            [experiment_id], order_by=[{"field_name": "metrics.loss", "ascending": False}], max_results=3, page_token=token)
        lengths.append(len(page))
        found += [model.model_id for model in page]
        token = page.token
    assert lengths == [3, 3, 1] and found == ids[::-1]

    odd = client.search_logged_models([experiment_id], "tags.parity = 'odd' AND metrics.loss > 0.2")
    assert {model.model_id for model in odd} == {ids[3], ids[5]}
    named = client.search_logged_models([experiment_id], "name LIKE 'model-%' AND params.depth = '4'")
    assert [model.model_id for model in named] == [ids[4]]

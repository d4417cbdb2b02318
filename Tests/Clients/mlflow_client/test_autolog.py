"""Autologging of scikit-learn, which uses batches, artifacts, models and inputs together."""

import mlflow
import numpy
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV

INPUTS = numpy.arange(24.0).reshape(12, 2)
TARGETS = INPUTS @ [1.0, 2.0]


@pytest.fixture
def autologging():
    yield mlflow.sklearn.autolog
    mlflow.sklearn.autolog(disable=True)


def test_fitting_logs_params_metrics_and_the_model(client, experiment_id, autologging):
    autologging(log_models=True, silent=True)
    with mlflow.start_run() as run:
        model = Ridge(alpha=0.5).fit(INPUTS, TARGETS)
    data = client.get_run(run.info.run_id).data
    assert data.params["alpha"] == "0.5"
    assert data.metrics["training_r2_score"] == pytest.approx(model.score(INPUTS, TARGETS))
    assert data.tags["estimator_name"] == "Ridge"
    loaded = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    assert loaded.predict(INPUTS) == pytest.approx(model.predict(INPUTS))


def test_a_search_logs_its_candidates_as_nested_runs(client, experiment_id, autologging):
    autologging(log_models=False, log_datasets=False, silent=True, max_tuning_runs=None)
    with mlflow.start_run() as run:
        GridSearchCV(Ridge(), {"alpha": [0.1, 1.0, 10.0]}, cv=2).fit(INPUTS, TARGETS)
    children = client.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert sorted(float(child.data.params["alpha"]) for child in children) == [0.1, 1.0, 10.0]
    assert all("mean_test_score" in child.data.metrics for child in children)
    assert float(client.get_run(run.info.run_id).data.params["best_alpha"]) in (0.1, 1.0, 10.0)
    assert "cv_results.csv" in [file.path for file in client.list_artifacts(run.info.run_id)]

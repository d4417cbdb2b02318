"""GraphQL, as MLflow's web UI sends it."""

import json
import math
import urllib.request

import pytest

from mlflow_client.versions import VERSION
from support.ui_documents import documents

RUN = """
query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
  mlflowGetRun(input: $data) {
    apiError { code message __typename }
    run {
      info { runName status runUuid experimentId artifactUri endTime lifecycleStage startTime userId __typename }
      experiment { experimentId name tags { key value __typename } __typename }
      modelVersions { status version name source __typename }
      data { metrics { key value step timestamp __typename } params { key value __typename } tags { key value } __typename }
      __typename
    }
    __typename
  }
}
"""


@pytest.fixture
def ask(tracking_uri):
    """Sends a document with variables and returns the response's body."""

    def send(query, variables=None):
        body = json.dumps({"operationName": None, "query": query, "variables": variables or {}}).encode()
        request = urllib.request.Request(f"{tracking_uri}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    return send


def test_a_run_is_shown_as_the_client_logged_it(ask, client, experiment_id, run_id):
    client.log_param(run_id, "depth", 3)
    client.log_metric(run_id, "loss", 0.25, timestamp=1000, step=2**53 + 1)
    client.log_metric(run_id, "nan", math.nan, timestamp=1000)
    client.set_terminated(run_id, "FINISHED", end_time=5000)
    response = ask(RUN, {"data": {"runId": run_id}})
    assert response["errors"] is None
    run = response["data"]["mlflowGetRun"]["run"]
    assert run["info"]["runUuid"] == run_id and run["info"]["status"] == "FINISHED" and run["info"]["endTime"] == "5000"
    assert run["experiment"]["experimentId"] == experiment_id
    assert run["modelVersions"] == []
    assert run["data"]["params"] == [{"key": "depth", "value": "3", "__typename": "MlflowParam"}]
    metrics = {metric["key"]: metric for metric in run["data"]["metrics"]}
    assert metrics["loss"] == {
        "key": "loss", "value": 0.25, "step": str(2**53 + 1), "timestamp": "1000", "__typename": "MlflowMetricExtension"}
    assert metrics["nan"]["value"] is None


def test_a_model_version_is_shown_with_its_run(ask, client, run_id, unique):
    name = unique("model")
    client.create_registered_model(name)
    source = client.get_run(run_id).info.artifact_uri + "/model"
    client.create_model_version(name, source, run_id)
    versions = ask(RUN, {"data": {"runId": run_id}})["data"]["mlflowGetRun"]["run"]["modelVersions"]
    assert versions == [
        {"status": "READY", "version": "1", "name": name, "source": source, "__typename": "MlflowModelVersion"}]


def test_an_unknown_run_is_an_error_as_a_string(ask):
    assert ask(RUN, {"data": {"runId": "none"}}) == {
        "data": {"mlflowGetRun": None}, "errors": ["Run with id=none not found"]}


@pytest.mark.skipif(VERSION < (3, 17), reason="the documents are those of MLflow 3.17's UI")
@pytest.mark.parametrize("name", sorted(documents()))
def test_every_document_of_the_ui_is_valid(ask, name, experiment_id, run_id):
    inputs = {"runId": run_id, "experimentId": experiment_id, "experimentIds": [experiment_id], "runIds": [run_id], "metricKey": "m"}
    fields = {
        "GetRun": ["runId"], "SearchRuns": ["experimentIds"], "MlflowGetExperimentQuery": ["experimentId"],
        "GetMetricHistoryBulkInterval": ["runIds", "metricKey"],
    }
    data = {field: inputs[field] for field in fields[name]}
    response = ask(documents()[name], {"input" if name == "MlflowGetExperimentQuery" else "data": data})
    assert response["errors"] is None


@pytest.mark.skipif(VERSION < (3, 17), reason="the documents are those of MLflow 3.17's UI")
def test_the_ui_has_the_known_documents():
    assert sorted(documents()) == ["GetMetricHistoryBulkInterval", "GetRun", "MlflowGetExperimentQuery", "SearchRuns"]

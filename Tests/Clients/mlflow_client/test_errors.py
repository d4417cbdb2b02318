"""The error codes that clients see and programs depend on."""

import pytest
from mlflow.entities import Metric
from mlflow.exceptions import MlflowException, RestException


def error_of(call):
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("call, code, message", [
    (lambda client: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST", "Run with id=" + "0" * 32 + " not found"),
    (lambda client: client.get_experiment("987654321"), "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=987654321 exists"),
    (lambda client: client.get_registered_model("no-such-model"), "RESOURCE_DOES_NOT_EXIST",
     "Registered Model with name=no-such-model not found"),
    (lambda client: client.get_model_version("no-such-model", "1"), "RESOURCE_DOES_NOT_EXIST", "not found"),
    (lambda client: client.search_runs(["0"], "metrics.loss <<< 1"), "INVALID_PARAMETER_VALUE", ""),
    (lambda client: client.search_runs(["0"], "metrics.a = 1 OR metrics.b = 2"), "INVALID_PARAMETER_VALUE",
     "Invalid clause"),
    (lambda client: client.search_runs(["0"], "thing.a = 1"), "INVALID_PARAMETER_VALUE", "Invalid entity type"),
    (lambda client: client.search_runs(["0"], order_by=["start_time SIDEWAYS"]), "INVALID_PARAMETER_VALUE", ""),
    (lambda client: client.search_runs(["0"], page_token="not a token"), "INVALID_PARAMETER_VALUE", ""),
    (lambda client: client.search_runs(["0"], max_results=50001), "INVALID_PARAMETER_VALUE", ""),
    (lambda client: client.create_experiment("Default"), "RESOURCE_ALREADY_EXISTS", "already exists"),
    (lambda client: client.log_metric("0" * 32, "loss", 1.0), "RESOURCE_DOES_NOT_EXIST", "not found"),
])
def test_an_invalid_request_gets_its_error_code(client, call, code, message):
    error = error_of(lambda: call(client))
    assert error.error_code == code
    assert message in str(error)


def test_a_model_is_registered_once(client, unique):
    name = unique("once")
    client.create_registered_model(name)
    error = error_of(lambda: client.create_registered_model(name))
    assert isinstance(error, RestException) and error.error_code == "RESOURCE_ALREADY_EXISTS"


def test_a_changed_param_is_a_bad_value(client, run_id):
    client.log_param(run_id, "depth", 3)
    error = error_of(lambda: client.log_param(run_id, "depth", 4))
    assert error.error_code == "INVALID_PARAMETER_VALUE" and "depth" in str(error)


def test_a_write_to_a_deleted_run_is_rejected(client, run_id):
    client.delete_run(run_id)
    error = error_of(lambda: client.set_tag(run_id, "a", "1"))
    assert error.error_code == "INVALID_PARAMETER_VALUE" and "must be in the 'active' state" in str(error)


def test_a_batch_with_one_invalid_name_is_rejected_as_a_whole(client, run_id):
    metrics = [Metric("good", 1.0, 1000, 0), Metric("bad\nname", 1.0, 1000, 0)]
    assert error_of(lambda: client.log_batch(run_id, metrics=metrics)).error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run_id).data.metrics == {}


def test_an_unknown_alias_is_a_bad_value(client, unique):
    name = unique("aliased")
    client.create_registered_model(name)
    error = error_of(lambda: client.get_model_version_by_alias(name, "nothing"))
    assert error.error_code == "INVALID_PARAMETER_VALUE" and "alias nothing not found" in str(error)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_an_unknown_stage_is_a_bad_value(client, unique, experiment_id):
    name = unique("staged")
    client.create_registered_model(name)
    run = client.create_run(experiment_id)
    client.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id)
    error = error_of(lambda: client.transition_model_version_stage(name, "1", "Backstage"))
    assert error.error_code == "INVALID_PARAMETER_VALUE" and "Invalid Model Version stage" in str(error)

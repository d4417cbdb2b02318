"""Registered models: versions, stages, aliases, tags, and loading models through them."""

import warnings

import mlflow
import numpy
import pytest
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

from mlflow_client.test_search import pages_of
from mlflow_client.versions import log_sklearn_model


def constant(value):
    """A model that predicts one number."""
    return LinearRegression().fit([[0.0], [1.0]], [float(value), float(value)])


@pytest.fixture
def registered(unique, experiment_id):
    """A registered model with two versions, predicting 1 and 2; returns its name."""
    name = unique("registered")
    for value in (1, 2):
        with mlflow.start_run():
            log_sklearn_model(constant(value), "model", registered_model_name=name)
    return name


@pytest.fixture
def bare(client, unique, experiment_id):
    """A registered model with three versions without files; returns its name."""
    name = unique("bare")
    client.create_registered_model(name)
    for _ in range(3):
        run = client.create_run(experiment_id)
        client.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id)
    return name


def predicted(uri):
    return mlflow.pyfunc.load_model(uri).predict(numpy.array([[5.0]]))[0]


def test_versions_are_loaded_by_number_stage_alias_and_latest(client, registered):
    client.set_registered_model_alias(registered, "champion", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        client.transition_model_version_stage(registered, "2", "Production")
    assert predicted(f"models:/{registered}/1") == pytest.approx(1)
    assert predicted(f"models:/{registered}@champion") == pytest.approx(1)
    assert predicted(f"models:/{registered}/latest") == pytest.approx(2)
    assert predicted(f"models:/{registered}/Production") == pytest.approx(2)


def test_a_version_knows_its_model_run_and_state(client, registered):
    version = client.get_model_version(registered, "2")
    assert (version.name, str(version.version), version.status) == (registered, "2", "READY")
    assert version.current_stage == "None" and version.creation_timestamp > 0
    assert client.get_run(version.run_id).info.status == "FINISHED"
    assert client.get_model_version_download_uri(registered, "2")
    latest = client.get_registered_model(registered).latest_versions
    assert [str(version.version) for version in latest] == ["2"]


def test_register_model_creates_the_next_version(client, registered):
    run_id = client.get_model_version(registered, "1").run_id
    version = mlflow.register_model(f"runs:/{run_id}/model", registered)
    assert str(version.version) == "3"
    assert predicted(f"models:/{registered}/3") == pytest.approx(1)


def test_an_alias_moves_and_is_deleted(client, bare):
    client.set_registered_model_alias(bare, "champion", "1")
    client.set_registered_model_alias(bare, "champion", "2")
    client.set_registered_model_alias(bare, "challenger", "2")
    version = client.get_model_version_by_alias(bare, "champion")
    assert str(version.version) == "2" and sorted(version.aliases) == ["challenger", "champion"]
    aliases = client.get_registered_model(bare).aliases
    assert {alias: str(version) for alias, version in aliases.items()} == {"champion": "2", "challenger": "2"}

    client.delete_registered_model_alias(bare, "champion")
    with pytest.raises(MlflowException, match="alias champion not found"):
        client.get_model_version_by_alias(bare, "champion")
    assert list(client.get_model_version(bare, "2").aliases) == ["challenger"]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_transition_may_archive_the_versions_in_the_stage(client, bare):
    client.transition_model_version_stage(bare, "1", "Production")
    client.transition_model_version_stage(bare, "2", "staging")
    client.transition_model_version_stage(bare, "3", "Production", archive_existing_versions=True)
    stages = {number: client.get_model_version(bare, number).current_stage for number in ("1", "2", "3")}
    assert stages == {"1": "Archived", "2": "Staging", "3": "Production"}
    by_stage = client.get_latest_versions(bare, stages=["Staging", "Production"])
    assert {version.current_stage: str(version.version) for version in by_stage} == {"Staging": "2", "Production": "3"}


def test_models_and_versions_are_described_and_tagged(client, bare):
    client.update_registered_model(bare, "a *model*")
    client.update_model_version(bare, "1", "a *version*")
    client.set_registered_model_tag(bare, "team", "search")
    client.set_registered_model_tag(bare, "old", "1")
    client.delete_registered_model_tag(bare, "old")
    client.set_model_version_tag(bare, "1", "checked", "yes")
    client.set_model_version_tag(bare, "1", "old", "1")
    client.delete_model_version_tag(bare, "1", "old")
    model, version = client.get_registered_model(bare), client.get_model_version(bare, "1")
    assert model.description == "a *model*" and model.tags == {"team": "search"}
    assert version.description == "a *version*" and version.tags == {"checked": "yes"}


def test_a_renamed_model_keeps_its_versions(client, bare, unique):
    name = unique("renamed")
    client.set_registered_model_alias(bare, "champion", "2")
    client.rename_registered_model(bare, name)
    assert str(client.get_model_version_by_alias(name, "champion").version) == "2"
    assert len(client.search_model_versions(f"name = '{name}'")) == 3
    with pytest.raises(MlflowException, match=f"Registered Model with name={bare} not found"):
        client.get_registered_model(bare)


def test_a_deleted_version_frees_its_alias_but_not_its_number(client, bare, experiment_id):
    client.set_registered_model_alias(bare, "champion", "3")
    client.delete_model_version(bare, "3")
    with pytest.raises(MlflowException):
        client.get_model_version(bare, "3")
    assert client.get_registered_model(bare).aliases == {}
    run = client.create_run(experiment_id)
    assert str(client.create_model_version(bare, f"{run.info.artifact_uri}/model", run.info.run_id).version) == "4"


def test_a_model_is_deleted_with_its_versions(client, bare):
    client.delete_registered_model(bare)
    assert list(client.search_model_versions(f"name = '{bare}'")) == []
    assert list(client.search_registered_models(f"name = '{bare}'")) == []
    client.create_registered_model(bare)
    assert client.get_registered_model(bare).latest_versions in (None, [])


def test_models_come_in_pages(client, unique):
    prefix = unique("paged")
    names = [client.create_registered_model(f"{prefix}-{index}", tags={"parity": str(index % 2)}).name for index in range(7)]
    lengths, found = pages_of(lambda token: client.search_registered_models(
        f"name LIKE '{prefix}%'", max_results=3, order_by=["name DESC"], page_token=token))
    assert lengths == [3, 3, 1] and [model.name for model in found] == names[::-1]
    odd = client.search_registered_models(f"name ILIKE '{prefix.upper()}%' and tags.parity = '1'")
    assert [model.name for model in odd] == names[1::2]


def test_versions_come_in_pages(client, bare):
    lengths, found = pages_of(lambda token: client.search_model_versions(
        f"name = '{bare}'", max_results=2, order_by=["version_number ASC"], page_token=token))
    assert lengths == [2, 1] and [str(version.version) for version in found] == ["1", "2", "3"]
    run_id = found[1].run_id
    assert [str(version.version) for version in client.search_model_versions(f"run_id = '{run_id}'")] == ["2"]

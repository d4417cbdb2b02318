"""Searches of runs and experiments: filters, orders and pages."""

import uuid

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag


@pytest.fixture(scope="module")
def numbered_experiment(tracking_uri):
    """An experiment with twenty-five runs, numbered by name, metric, param and tag; returns the ids of the experiment and the runs."""
    client, ids = mlflow.MlflowClient(tracking_uri), []
    experiment_id = client.create_experiment(f"numbered-{uuid.uuid4().hex}")
    for index in range(25):
        run = client.create_run(experiment_id, start_time=1700000000000 + index, run_name=f"run {index:02}")
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("loss", index / 100, 1000, 0)],
            params=[Param("depth", str(index % 5))],
            tags=[RunTag("parity", "odd" if index % 2 else "even")])
        ids.append(run.info.run_id)
    return experiment_id, ids


@pytest.fixture
def numbered(numbered_experiment):
    """The ids of the numbered runs; their experiment is active for fluent calls."""
    experiment_id, ids = numbered_experiment
    mlflow.set_experiment(experiment_id=experiment_id)
    return ids


@pytest.fixture
def numbered_id(numbered_experiment):
    return numbered_experiment[0]


def pages_of(search):
    """Follows page tokens to the end; returns the page sizes and all items."""
    lengths, found, token = [], [], None
    while True:
        page = search(token)
        lengths.append(len(page))
        found += page
        token = page.token
        if not token:
            return lengths, found


def test_runs_come_in_pages_newest_first(client, numbered_id, numbered):
    lengths, runs = pages_of(lambda token: client.search_runs([numbered_id], max_results=10, page_token=token))
    assert lengths == [10, 10, 5]
    assert [run.info.run_id for run in runs] == numbered[::-1]


@pytest.mark.parametrize("filter_string, expected", [
    ("metrics.loss < 0.03", [0, 1, 2]),
    ("metrics.loss >= 0.2 and tags.parity = 'odd'", [21, 23]),
    ("params.depth = '4' and metrics.loss > 0.1", [14, 19, 24]),
    ("params.depth != '0' and metrics.loss <= 0.05", [1, 2, 3, 4]),
    ("attributes.run_name = 'run 07'", [7]),
    ("run_name LIKE 'run 1%' and tags.parity = 'even'", [10, 12, 14, 16, 18]),
    ("run_name ILIKE 'RUN 0%' and metrics.loss > 0.07", [8, 9]),
    ("attributes.start_time >= 1700000000022", [22, 23, 24]),
    ("status = 'RUNNING' and metrics.`loss` = 0.24", [24]),
    ("tags.`parity` = 'odd' and params.\"depth\" = '3'", [3, 13, 23]),
    ("metrics.missing > 0", []),
])
def test_a_filter_finds_its_runs(client, numbered_id, numbered, filter_string, expected):
    runs = client.search_runs([numbered_id], filter_string, order_by=["start_time ASC"])
    assert [run.info.run_id for run in runs] == [numbered[index] for index in expected]


def test_runs_are_found_by_a_list_of_ids(client, numbered_id, numbered):
    wanted = numbered[3:6]
    listed = ", ".join(f"'{run_id}'" for run_id in wanted)
    runs = client.search_runs([numbered_id], f"attributes.run_id IN ({listed})", order_by=["start_time"])
    assert [run.info.run_id for run in runs] == wanted


def test_an_order_may_have_several_keys(client, numbered_id, numbered):
    runs = client.search_runs([numbered_id], order_by=["params.depth DESC", "metrics.loss ASC"])
    expected = sorted(range(25), key=lambda index: (-(index % 5), index))
    assert [run.info.run_id for run in runs] == [numbered[index] for index in expected]


def test_runs_without_the_metric_come_last_in_both_directions(client, experiment_id):
    without = client.create_run(experiment_id).info.run_id
    low, high, nan = (client.create_run(experiment_id).info.run_id for _ in range(3))
    client.log_metric(low, "loss", 1.0)
    client.log_metric(high, "loss", 2.0)
    client.log_metric(nan, "loss", float("nan"))

    def ordered(direction):
        runs = client.search_runs([experiment_id], order_by=[f"metrics.loss {direction}"])
        return [run.info.run_id for run in runs]

    assert ordered("ASC") == [low, high, nan, without]
    assert ordered("DESC") == [high, low, nan, without]


def test_the_fluent_search_returns_a_table(numbered):
    table = mlflow.search_runs(filter_string="metrics.loss < 0.02", order_by=["metrics.loss DESC"])
    assert list(table["run_id"]) == [numbered[1], numbered[0]]
    assert list(table["metrics.loss"]) == [0.01, 0.0]
    assert list(table["params.depth"]) == ["1", "0"] and list(table["tags.parity"]) == ["odd", "even"]


def test_runs_of_several_experiments_are_searched_at_once(client, experiment_id, run_id, unique):
    other = client.create_experiment(unique("other"))
    other_run = client.create_run(other).info.run_id
    found = {run.info.run_id for run in client.search_runs([experiment_id, other])}
    assert found == {run_id, other_run}


def test_experiments_come_in_pages(client, unique):
    prefix = unique("paged")
    ids = [client.create_experiment(f"{prefix}-{index}", tags={"set": prefix, "index": str(index)}) for index in range(7)]
    lengths, found = pages_of(lambda token: client.search_experiments(
        filter_string=f"name LIKE '{prefix}%'", order_by=["name ASC"], max_results=3, page_token=token))
    assert lengths == [3, 3, 1]
    assert [experiment.experiment_id for experiment in found] == ids


def test_experiments_are_found_by_tag_and_time(client, unique):
    prefix = unique("tagged")
    ids = [client.create_experiment(f"{prefix}-{index}", tags={"set": prefix, "index": str(index)}) for index in range(3)]
    (second,) = client.search_experiments(filter_string=f"tags.set = '{prefix}' and tags.index = '1'")
    assert second.experiment_id == ids[1]
    newer = client.search_experiments(
        filter_string=f"tags.set = '{prefix}' and creation_time > {second.creation_time}", order_by=["experiment_id DESC"])
    assert ids[2] in [experiment.experiment_id for experiment in newer]
    assert ids[1] not in [experiment.experiment_id for experiment in newer]
    (first,) = client.search_experiments(filter_string=f"name ILIKE '{prefix.upper()}-0'")
    assert first.experiment_id == ids[0]

"""Metric histories, batches and asynchronous logging."""

import inspect
import math
import time

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from mlflow_client.versions import has_async_logging


def test_a_history_is_in_order_of_time(client, run_id):
    client.log_metric(run_id, "loss", 0.3, timestamp=3000, step=2)
    client.log_metric(run_id, "loss", 0.1, timestamp=1000, step=0)
    client.log_metric(run_id, "loss", 0.2, timestamp=2000, step=1)
    history = client.get_metric_history(run_id, "loss")
    assert [(point.timestamp, point.step, point.value) for point in history] == [
        (1000, 0, 0.1), (2000, 1, 0.2), (3000, 2, 0.3)]


def test_the_latest_value_is_that_of_the_latest_step(client, run_id):
    client.log_metric(run_id, "loss", 0.9, timestamp=1000, step=9)
    client.log_metric(run_id, "loss", 0.1, timestamp=2000, step=1)
    assert client.get_run(run_id).data.metrics["loss"] == 0.9


def test_steps_may_be_negative_and_large(client, run_id):
    steps = [-(2**40), -1, 0, 2**40]
    for step in steps:
        client.log_metric(run_id, "loss", step / 3, timestamp=1, step=step)
    assert sorted(point.step for point in client.get_metric_history(run_id, "loss")) == steps


def test_a_value_that_is_not_finite_comes_back(client, run_id):
    for key, value in (("nan", math.nan), ("up", math.inf), ("down", -math.inf)):
        client.log_metric(run_id, key, value)
    metrics = client.get_run(run_id).data.metrics
    assert math.isnan(metrics["nan"])
    assert metrics["up"] >= 1.7976931348623157e308 and metrics["down"] <= -1.7976931348623157e308


def test_the_same_point_twice_is_one_point(client, run_id):
    for _ in range(2):
        client.log_metric(run_id, "loss", 0.5, timestamp=1000, step=1)
    assert len(client.get_metric_history(run_id, "loss")) == 1


def test_an_unknown_metric_has_an_empty_history(client, run_id):
    assert list(client.get_metric_history(run_id, "nothing")) == []


def test_a_long_history_comes_back_whole(client, run_id):
    for first in range(0, 5000, 1000):
        client.log_batch(run_id, metrics=[Metric("loss", step / 7, 1000 + step, step) for step in range(first, first + 1000)])
    history = client.get_metric_history(run_id, "loss")
    assert [point.step for point in history] == list(range(5000))
    assert [point.value for point in history] == [step / 7 for step in range(5000)]


def test_a_history_is_read_in_pages(client, run_id):
    """Clients fetch pages of 25,000 points, so the test calls their store with a smaller page size."""
    store = client._tracking_client.store
    if "page_token" not in inspect.signature(store.get_metric_history).parameters:
        pytest.skip("this client does not page")
    client.log_batch(run_id, metrics=[Metric("loss", float(step), 1000 + step, step) for step in range(25)])
    steps, token = [], None
    for _ in range(3):
        page = store.get_metric_history(run_id, "loss", max_results=10, page_token=token)
        steps.append([point.step for point in page])
        token = page.token
    assert steps == [list(range(10)), list(range(10, 20)), list(range(20, 25))]
    assert not token


def test_a_batch_contains_metrics_params_and_tags(client, run_id):
    client.log_batch(
        run_id,
        metrics=[Metric(f"m{index}", float(index), 1000, 0) for index in range(800)],
        params=[Param(f"p{index}", str(index)) for index in range(100)],
        tags=[RunTag(f"t{index}", str(index)) for index in range(100)])
    data = client.get_run(run_id).data
    assert data.metrics == {f"m{index}": float(index) for index in range(800)}
    assert data.params == {f"p{index}": str(index) for index in range(100)}
    assert {key: value for key, value in data.tags.items() if key[0] == "t"} == {f"t{index}": str(index) for index in range(100)}


def test_many_params_and_metrics_are_split_by_the_client(client, experiment_id):
    with mlflow.start_run() as run:
        mlflow.log_params({f"p{index}": index for index in range(100)})
        mlflow.log_metrics({f"m{index}": index for index in range(1000)})
    data = client.get_run(run.info.run_id).data
    assert len(data.params) == 100 and len(data.metrics) == 1000


def test_a_batch_sent_again_changes_nothing(client, run_id):
    for _ in range(2):
        client.log_batch(
            run_id, metrics=[Metric("loss", 0.5, 1000, 1)], params=[Param("depth", "3")], tags=[RunTag("stage", "draft")])
    assert len(client.get_metric_history(run_id, "loss")) == 1
    assert client.get_run(run_id).data.params == {"depth": "3"}


def test_a_param_keeps_its_value(client, run_id):
    client.log_param(run_id, "depth", 3)
    client.log_param(run_id, "depth", 3)
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        client.log_param(run_id, "depth", 4)
    assert client.get_run(run_id).data.params == {"depth": "3"}


@has_async_logging
def test_what_is_logged_asynchronously_arrives(client, experiment_id):
    with mlflow.start_run() as run:
        waiting = [mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=False) for step in range(200)]
        waiting.append(mlflow.log_param("depth", 3, synchronous=False))
        waiting.append(mlflow.set_tag("stage", "draft", synchronous=False))
        waiting.append(mlflow.log_params({"a": 1, "b": 2}, synchronous=False))
        for operation in waiting[-4:]:
            operation.wait()
        mlflow.flush_async_logging()
    assert [point.step for point in client.get_metric_history(run.info.run_id, "loss")] == list(range(200))
    data = client.get_run(run.info.run_id).data
    assert data.params == {"depth": "3", "a": "1", "b": "2"} and data.tags["stage"] == "draft"


@has_async_logging
def test_waiting_for_an_asynchronous_failure_raises(client, run_id):
    client.log_param(run_id, "depth", 3)
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        client.log_param(run_id, "depth", 4, synchronous=False).wait()


def test_a_point_without_a_timestamp_gets_the_time_of_logging(client, run_id):
    before = int(time.time() * 1000)
    client.log_metric(run_id, "loss", 1.0)
    (point,) = client.get_metric_history(run_id, "loss")
    assert before <= point.timestamp <= int(time.time() * 1000) and point.step == 0

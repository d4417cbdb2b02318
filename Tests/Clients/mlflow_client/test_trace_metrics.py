"""Trace metrics and filter correlation through MLflow's client."""

import math

import mlflow
import pytest

trace_metrics = pytest.importorskip("mlflow.entities.trace_metrics")

from mlflow.entities import SpanType  # noqa: E402
from mlflow.entities.trace_metrics import AggregationType, MetricAggregation, MetricViewType  # noqa: E402
from mlflow.tracking._tracking_service.utils import _get_store  # noqa: E402

COUNT, AVERAGE, MAXIMUM = (MetricAggregation(kind) for kind in (AggregationType.COUNT, AggregationType.AVG, AggregationType.MAX))
MEDIAN = MetricAggregation(AggregationType.PERCENTILE, 50)


@pytest.fixture
def traced(experiment_id):
    """Three traces: two of `answer`, one of which failed, and one of `other`; the first has a score."""
    @mlflow.trace(name="look up", span_type=SpanType.TOOL)
    def look_up(fails):
        if fails:
            raise ValueError("nothing found")

    def answer(name, fails=False):
        @mlflow.trace(name=name)
        def root():
            look_up(fails)

        try:
            root()
        except ValueError:
            pass
        mlflow.flush_trace_async_logging()
        return mlflow.get_last_active_trace_id()

    first, _, _ = answer("answer"), answer("answer", fails=True), answer("other")
    mlflow.log_feedback(trace_id=first, name="score", value=0.75)
    return experiment_id


def points(experiment_id, view, metric, aggregations, **options):
    """The data points as {dimension values, ordered by the dimensions' names: metric values}."""
    found = _get_store().query_trace_metrics([experiment_id], view, metric, aggregations, **options)
    return {tuple(value for _, value in sorted(point.dimensions.items())): point.values for point in found}


def test_traces_are_counted_by_name_and_state(traced):
    assert points(traced, MetricViewType.TRACES, "trace_count", [COUNT]) == {(): {"COUNT": 3}}
    assert points(traced, MetricViewType.TRACES, "trace_count", [COUNT], dimensions=["trace_name"]) == {
        ("answer",): {"COUNT": 2}, ("other",): {"COUNT": 1}}
    assert points(traced, MetricViewType.TRACES, "trace_count", [COUNT], dimensions=["trace_status"]) == {
        ("ERROR",): {"COUNT": 1}, ("OK",): {"COUNT": 2}}


def test_latencies_come_with_percentiles(traced):
    (values,) = points(traced, MetricViewType.TRACES, "latency", [AVERAGE, MAXIMUM, MEDIAN]).values()
    assert 0 <= values["P50.0"] <= values["MAX"] and 0 <= values["AVG"] <= values["MAX"]


def test_times_are_in_buckets(traced):
    trace = mlflow.search_traces(locations=[traced], return_type="list", max_results=1)[0]
    day = 86_400_000
    start = trace.info.request_time // day * day
    found = points(traced, MetricViewType.TRACES, "trace_count", [COUNT], time_interval_seconds=86_400, start_time_ms=start - day,
                   end_time_ms=start + 2 * day)
    assert sum(values["COUNT"] for values in found.values()) == 3
    assert all(bucket.endswith("T00:00:00+00:00") for (bucket,) in found)


def test_tools_and_their_errors_are_counted(traced):
    assert points(traced, MetricViewType.SPANS, "span_count", [COUNT], dimensions=["span_name", "span_status"],
                  filters=["span.type = 'TOOL'"]) == {
        ("look up", "ERROR"): {"COUNT": 1}, ("look up", "OK"): {"COUNT": 2}}


def test_assessments_are_averaged(traced):
    assert points(traced, MetricViewType.ASSESSMENTS, "assessment_value", [AVERAGE], dimensions=["assessment_name"]) == {
        ("score",): {"AVG": 0.75}}


def test_an_invalid_metric_name_is_reported(traced):
    with pytest.raises(mlflow.exceptions.MlflowException, match="metric_name must be one of"):
        points(traced, MetricViewType.TRACES, "speed", [COUNT])


def test_filters_are_correlated(traced):
    result = _get_store().calculate_trace_filter_correlation([traced], "status = 'OK'", "name = 'other'")
    assert (result.filter1_count, result.filter2_count, result.joint_count, result.total_count) == (2, 1, 1, 3)
    assert 0 < result.npmi < 1
    assert math.isnan(_get_store().calculate_trace_filter_correlation([traced], "status = 'OK'", "name = 'none'").npmi)

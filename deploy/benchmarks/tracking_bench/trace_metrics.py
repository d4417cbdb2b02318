"""A million traces of one day, and the queries of the overview page of MLflow's UI."""

import random

from .api import Api, milliseconds
from .peer_database import insert

TRACES = 1_000_000
START = 1_767_225_600_000
DAY = 86_400_000
HOUR = 3600
PREVIEW = 300
"""Characters in the request and response previews of a trace, which are stored next to what is measured."""

NAMES = ("answer", "summarize", "translate", "route")
MODELS = (("gpt-4o", "openai"), ("claude-sonnet-4-5", "anthropic"), ("gemini-2.5-flash", "gemini"))
PERCENTILES = tuple({"aggregation_type": "PERCENTILE", "percentile_value": value} for value in (50, 90, 99))


def plain(*names):
    return tuple({"aggregation_type": name} for name in names)


QUERIES = (
    ("count of traces", "TRACES", "trace_count", plain("COUNT"), ()),
    ("count of traces by status", "TRACES", "trace_count", plain("COUNT"), ("trace_status",)),
    ("latency, average and percentiles", "TRACES", "latency", plain("AVG") + PERCENTILES, ()),
    ("sum of tokens", "TRACES", "total_tokens", plain("SUM", "AVG"), ()),
    ("percentiles of tokens", "TRACES", "total_tokens", PERCENTILES, ()),
    ("count of traces by name", "TRACES", "trace_count", plain("COUNT"), ("trace_name",)),
    ("count of sessions", "TRACES", "session_count", plain("COUNT"), ()),
    ("count of spans by type", "SPANS", "span_count", plain("COUNT"), ("span_type",)),
    ("latency of spans by name", "SPANS", "latency", plain("AVG"), ("span_name",)),
    ("cost by model", "SPANS", "total_cost", plain("SUM"), ("span_model_name",)),
    ("value of assessments by name", "ASSESSMENTS", "assessment_value", plain("AVG"), ("assessment_name",)),
)
"""The queries: name, view, metric, aggregations and dimensions."""


def described_traces(count):
    """The traces as (id, time, duration, state, name, session, input tokens, output tokens), the same for every server."""
    chance = random.Random(2026)
    for index in range(count):
        yield (
            f"tr-{index:032x}", START + index * DAY // count, int(chance.lognormvariate(6.5, 1)),
            "ERROR" if chance.random() < 0.03 else "OK", NAMES[index % len(NAMES)], f"session-{index // 5}",
            chance.randrange(50, 4000), chance.randrange(10, 900))


def cost_of(index):
    """The cost of a trace's span, exact in binary."""
    return (index % 64 + 1) / 1024


def fill_peer_database(database_uri, experiment_id, count, psql=None):
    """Writes the traces into MLflow's tables."""
    def put(table, columns, rows):
        insert(database_uri, table, columns, rows, psql)

    experiment = int(experiment_id)
    put("trace_info", (
        "request_id", "experiment_id", "timestamp_ms", "execution_time_ms", "status", "trace_name", "session_id", "input_tokens",
        "output_tokens", "total_tokens", "request_preview", "response_preview", "db_payload_generation"),
        ((trace, experiment, time, duration, state, name, session, tokens, more, tokens + more, "q" * PREVIEW, "a" * PREVIEW, 0)
         for trace, time, duration, state, name, session, tokens, more in described_traces(count)))
    put("spans", (
        "trace_id", "experiment_id", "span_id", "name", "type", "status", "start_time_unix_nano", "end_time_unix_nano", "content",
        "total_cost", "model_name", "model_provider"),
        ((trace, experiment, f"{index:016x}", name, "LLM", state, time * 10**6, (time + duration) * 10**6, "{}", cost_of(index),
          *MODELS[index % len(MODELS)])
         for index, (trace, time, duration, state, name, *_) in enumerate(described_traces(count))))
    put("assessments", (
        "assessment_id", "trace_id", "name", "assessment_type", "value", "created_timestamp", "last_updated_timestamp", "source_type",
        "source_id", "valid", "experiment_id", "trace_timestamp_ms", "aggregate_value"),
        ((f"a-{index}", trace, "quality", "feedback", str(index % 5), time, time, "HUMAN", "ada", "1", experiment, time, index % 5)
         for index, (trace, time, *_) in enumerate(described_traces(count)) if index % 4 == 0))


def fill_our_database(database_uri, experiment_id, count, psql=None):
    """Writes the same traces into our tables, which must be empty."""
    def put(table, columns, rows):
        insert(database_uri, table, columns, rows, psql)

    experiment = int(experiment_id)
    put("traces", (
        "id", "trace_id", "experiment_id", "timestamp", "duration", "state", "input_tokens", "output_tokens", "total_tokens",
        "request_preview", "response_preview", "is_final", "given_usage", "name", "session"),
        ((number, trace, experiment, time, duration, state, tokens, more, tokens + more, "q" * PREVIEW, "a" * PREVIEW, 1, 1, name, session)
         for number, (trace, time, duration, state, name, session, tokens, more) in enumerate(described_traces(count), 1)))
    put("trace_tags", ("trace_id", "key", "value"), (
        (number, "mlflow.traceName", name) for number, (_, _, _, _, name, *_) in enumerate(described_traces(count), 1)))
    put("trace_metadata", ("trace_id", "key", "value"), (
        (number, "mlflow.trace.session", session) for number, (_, _, _, _, _, session, *_) in enumerate(described_traces(count), 1)))
    put("span_metrics", (
        "experiment_id", "trace_time", "trace_id", "span_id", "name", "type", "status", "start_time", "end_time", "total_cost", "model",
        "provider"),
        ((experiment, time, index + 1, f"{index:016x}", name, "LLM", state, time * 10**6, (time + duration) * 10**6, cost_of(index),
          *MODELS[index % len(MODELS)])
         for index, (_, time, duration, state, name, *_) in enumerate(described_traces(count))))
    put("assessments", (
        "trace_id", "assessment_id", "name", "kind", "value", "number", "creation_time", "last_update_time", "source_type", "source_id",
        "valid", "experiment_id", "trace_time"),
        ((index + 1, f"a-{index}", "quality", "feedback", str(index % 5), index % 5, time, time, "HUMAN", "ada", 1, experiment, time)
         for index, (_, time, *_) in enumerate(described_traces(count)) if index % 4 == 0))


def timed_queries(url, experiment_id, repeats):
    """Runs every query with hourly intervals; returns [(name, data points, [ms…])…]."""
    api = Api(url)
    results = []
    for name, view, metric, aggregations, dimensions in QUERIES:
        body = {
            "experiment_ids": [experiment_id], "view_type": view, "metric_name": metric, "aggregations": aggregations,
            "dimensions": dimensions, "start_time_ms": START, "end_time_ms": START + DAY - 1, "time_interval_seconds": HOUR}
        times = []
        for _ in range(repeats):
            response, elapsed = milliseconds(lambda body=body: api.post("/traces/metrics", body, prefix="/api/3.0/mlflow"))
            times.append(elapsed)
        results.append((name, canonical(response.get("data_points", [])), times))
    return results


def canonical(points):
    """Data points in a comparable form, rounded so that the last digits don't matter."""
    return [(sorted(point.get("dimensions", {}).items()),
             sorted((label, float(f"{value:.9g}")) for label, value in point["values"].items())) for point in points]

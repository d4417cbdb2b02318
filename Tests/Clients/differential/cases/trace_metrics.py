"""Metrics of traces, spans and assessments, and the correlation of two filters."""

import itertools

from ..case import delete, patch, post
from .traces import V3, header, span, text

ALL = tuple(f"tr-{digit * 32}" for digit in "4567")
ONE, TWO, THREE, FOUR = ALL
#: The first hour of the traces, and the end of the third.
START, END = 1767322800000, 1767333599999
HOUR = 3600


def place(experiment: str):
    return {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}


def trace(name: str, trace_id: str, time: str, **fields):
    made = header(trace_id, request_time=f"2026-01-02T{time}Z", **fields)
    return post(name, V3, made)


def metadata(tokens: str | None = None, session: str | None = None, **others: str):
    named = {"mlflow.trace.tokenUsage": tokens, "mlflow.trace.session": session}
    return others | {key: value for key, value in named.items() if value is not None}


def timed(trace_id: str, digit: str, start: int, milliseconds: int, *attributes, **fields):
    times = {"startTimeUnixNano": f"{start * 1_000_000 + 1}", "endTimeUnixNano": f"{(start + milliseconds) * 1_000_000 + 500}"}
    return span(trace_id, digit, attributes=list(attributes), **(times | fields))


def exported(name: str, *items):
    return post(name, "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": list(items)}]}]},
                headers={"x-mlflow-experiment-id": "{{exp}}"})


def model(model_name: str, provider: str | None, cost: str | None):
    attributes = [text("mlflow.spanType", "LLM"), text("mlflow.llm.model", model_name)]
    if provider:
        attributes.append(text("mlflow.llm.provider", provider))
    return attributes + ([text("mlflow.llm.cost", cost)] if cost else [])


def assess(name: str, trace_id: str, save=None, **fields):
    times = {"create_time": "2026-01-02T05:00:00Z", "last_update_time": "2026-01-02T05:00:00Z"}
    return post(name, f"{V3}/{trace_id}/assessments", {
        "assessment": times | {"source": {"source_type": "HUMAN", "source_id": "bob"}} | fields}, save=save or {})


def metrics(name: str, view="TRACES", metric="trace_count", aggregations=("COUNT",), **fields):
    made = [{"aggregation_type": item} if isinstance(item, str) else {"aggregation_type": "PERCENTILE", "percentile_value": item}
            for item in aggregations]
    body = {"experiment_ids": ["{{exp}}"], "view_type": view, "metric_name": metric, "aggregations": made} | fields
    return post(name, V3 + "/metrics", {key: value for key, value in body.items() if value != "absent"})


def raw(name: str, body):
    return post(name, V3 + "/metrics", body)


def correlation(name: str, first: str, second: str, **fields):
    body = {"experiment_ids": ["{{exp}}"], "filter_string1": first, "filter_string2": second} | fields
    return post(name, V3 + "/calculate-filter-correlation", {key: value for key, value in body.items() if value != "absent"})


SPREAD = ("AVG", "MIN", "MAX", 50, 90.0, 99.9, 0, 100)
AMOUNTS = ("SUM",) + SPREAD
TOKENS = tuple(f"{kind}_tokens" for kind in ("input", "output", "total", "cache_read_input", "cache_creation_input"))
#: Each metric with its aggregations and dimensions.
CATALOGUE = [
    ("TRACES", "trace_count", ("COUNT",), ("trace_name", "trace_status")),
    ("TRACES", "session_count", ("COUNT",), ()),
    ("TRACES", "latency", SPREAD, ("trace_name",)),
    *(("TRACES", name, AMOUNTS, ("trace_name",)) for name in TOKENS),
    ("SPANS", "span_count", ("COUNT",), ("span_name", "span_type", "span_status", "span_model_name", "span_model_provider")),
    ("SPANS", "latency", SPREAD, ("span_name", "span_status")),
    *(("SPANS", f"{kind}_cost", AMOUNTS, ("span_model_name", "span_model_provider")) for kind in ("input", "output", "total")),
    ("ASSESSMENTS", "assessment_count", ("COUNT",), ("assessment_name", "assessment_value")),
    ("ASSESSMENTS", "assessment_value", SPREAD, ("assessment_name",)),
]

RANGES = {
    "of all times": {},
    "of an hour": {"start_time_ms": START, "end_time_ms": START + HOUR * 1000 - 1},
    "by the hour": {"start_time_ms": START, "end_time_ms": END, "time_interval_seconds": HOUR},
    "by 7 minutes": {"start_time_ms": START + 1, "end_time_ms": str(END), "time_interval_seconds": "420"},
    "by the second of a century": {"start_time_ms": 0, "end_time_ms": 10**13, "time_interval_seconds": 1},
    "of no time": {"start_time_ms": END, "end_time_ms": START},
    "before 1970": {"start_time_ms": -1000, "end_time_ms": -1},
    "beyond all times": {"start_time_ms": 2**63 - 1, "end_time_ms": 2**63 - 1},
}

FILTERS = {
    "TRACES": [
        "trace.status = 'OK'", "trace.status = 'ok'", "trace.tag.team = 'red'", "trace.tag.`team` = \"red\"", "trace.tag.a.b = 'x'",
        "trace.metadata.k = 'v'", "trace.metadata.`mlflow.trace.session` = 's1'", "trace.metadata.\"mlflow.sourceRun\" = 'run-9'",
        "trace.tag.mlflow.traceName = 'second'", "`trace`.status = 'ERROR'",
    ],
    "SPANS": [
        "span.type = 'LLM'", "span.name = 'work'", "span.status = 'ERROR'", "trace.status = 'OK'", "trace.tag.team = 'red'",
    ],
    "ASSESSMENTS": [
        "assessment.name = 'quality'", "assessment.type = 'feedback'", "assessment.type = 'expectation'", "trace.status = 'OK'",
        "trace.metadata.k = 'v'",
    ],
}

BAD_FILTERS = [
    "", "  ", "nonsense", "trace.status", "trace.status = OK", "trace.status = 5", "trace.status != 'OK'", "trace.status LIKE 'O%'",
    "trace.status IN ('OK')", "trace.status = 'OK' AND trace.status = 'OK'", "trace.status = 'OK' trace.status = 'OK'", "foo.bar = 'a'",
    "status = 'OK'", "trace.foo = 'a'", "trace.tag = 'a'", "trace.status.foo = 'a'", "span.foo = 'a'", "assessment.foo = 'a'",
    "span.name = 'a'", "assessment.name = 'a'", "'trace.status' = 'OK'", "trace.status = 'OK'; trace.status = 'OK'", "5 = 'a'",
]

CASES = [
    post("create", "experiments/create", {"name": "measured"}, save={"exp": "experiment_id"}),
    post("create an empty one", "experiments/create", {"name": "unmeasured"}, save={"none": "experiment_id"}),
    # What is measured
    trace("start the first", ONE, "03:04:05", tags={"mlflow.traceName": "first", "team": "red", "a.b": "x"}, trace_metadata=metadata(
        '{"input_tokens": 10, "output_tokens": 5, "total_tokens": 15, "cache_read_input_tokens": 4}', "s1", k="v")),
    trace("start the second", TWO, "03:24:05", state="ERROR", execution_duration="0.250s", tags={"mlflow.traceName": "second"},
          trace_metadata=metadata('{"input_tokens": 100, "output_tokens": 50, "total_tokens": 150}', "s1")),
    trace("start the third", THREE, "05:04:05", execution_duration="3s", tags={"mlflow.traceName": "second", "team": "red"},
          trace_metadata=metadata('{"input_tokens": "7", "output_tokens": 2.5, "total_tokens": true}', "s2", k="v")),
    exported("export spans of the first",
             timed(ONE, "a", 1767323045000, 1250, text("mlflow.spanType", "AGENT"), name="root"),
             timed(ONE, "b", 1767323045100, 100, *model("gpt", "openai", '{"input_cost": 0.25, "output_cost": 0.5, "total_cost": 0.75}'),
                   parentSpanId="a" * 16, name="call"),
             timed(ONE, "c", 1767323045300, 40, text("mlflow.spanType", "TOOL"), parentSpanId="a" * 16, name="work")),
    exported("export spans of the second",
             timed(TWO, "a", 1767324245000, 250, text("mlflow.spanType", "AGENT"), name="root", status={"code": "STATUS_CODE_ERROR"}),
             timed(TWO, "b", 1767324245100, 60, *model("gpt", "azure", '{"input_cost": 1.5, "output_cost": 2, "total_cost": 3.5}'),
                   parentSpanId="a" * 16, name="call"),
             timed(TWO, "c", 1767324245200, 20, text("mlflow.spanType", "TOOL"), parentSpanId="a" * 16, name="work",
                   status={"code": "STATUS_CODE_ERROR"})),
    exported("export spans of the third, one of which is missing",
             timed(THREE, "a", 1767330245000, 3000, name="root", status={}),
             timed(THREE, "b", 1767330245500, 1000, *model("claude", None, '{"input_cost": 0.125, "total_cost": 0.5}'),
                   parentSpanId="a" * 16, name="call"),
             timed(THREE, "c", 1767330246000, 0, *model("free", "local", None), parentSpanId="a" * 16, name="call"),
             timed(THREE, "d", 1767337445000, 500, *model("late", "local", '{"total_cost": 8}'), parentSpanId="a" * 16, name="late")),
    exported("export a fourth without a header, whose tokens are summed up",
             timed(FOUR, "a", 1767326600000, 700,
                   text("mlflow.chat.tokenUsage", '{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}'), name="alone")),
    patch("name the fourth", f"{V3}/{FOUR}/tags", {"key": "mlflow.traceName", "value": "first"}),
    post("link the fourth to a run", "traces/link-to-run", {"trace_ids": [FOUR], "run_id": "run-9"}),
    assess("assess with a number", ONE, assessment_name="quality", feedback={"value": 0.75}),
    assess("assess with another number", TWO, assessment_name="quality", feedback={"value": 2}),
    assess("assess with yes", ONE, assessment_name="relevant", feedback={"value": "yes"}),
    assess("assess with No", TWO, assessment_name="relevant", feedback={"value": " No "}),
    assess("assess with true", THREE, assessment_name="relevant", feedback={"value": True}),
    assess("assess with false", FOUR, assessment_name="relevant", feedback={"value": False}),
    assess("assess with a word", THREE, assessment_name="label", feedback={"value": "good"}),
    assess("assess with a list", THREE, assessment_name="list", feedback={"value": [1, "a"]}),
    assess("assess with an error", THREE, assessment_name="quality", feedback={"error": {"error_code": "E"}}),
    assess("expect a number", THREE, assessment_name="answer", expectation={"value": 42}),
    assess("name an issue", THREE, assessment_name="iss", issue={"issue_name": "yes"}),
    assess("assess with what is replaced", FOUR, assessment_name="quality", feedback={"value": 100},
           save={"old": "assessment.assessment_id"}),
    assess("replace it", FOUR, assessment_name="quality", feedback={"value": 4}, overrides="{{old}}"),
    # Every metric, with all its aggregations
    *(metrics(f"{metric} of {view} {name}", view, metric, aggregations, **times)
      for (view, metric, aggregations, _), (name, times) in itertools.product(CATALOGUE, RANGES.items())),
    *(metrics(f"{metric} of {view} by {' and '.join(chosen)} {name}", view, metric, aggregations, dimensions=list(chosen), **RANGES[name])
      for (view, metric, aggregations, dimensions), name in itertools.product(CATALOGUE, ("of all times", "by the hour"))
      for count in (1, 2) for chosen in itertools.permutations(dimensions, count)),
    *(metrics(f"{metric} of {view} where {item}", view, metric, aggregations, filters=[item])
      for view, metric, aggregations, _ in CATALOGUE for item in FILTERS[view]),
    metrics("count where two filters hold", filters=["trace.status = 'OK'", "trace.tag.team = 'red'"], dimensions=["trace_name"]),
    metrics("count spans by all dimensions", "SPANS", "span_count", dimensions=list(CATALOGUE[8][3])),
    metrics("count by one dimension twice", dimensions=["trace_name", "trace_name"]),
    metrics("one aggregation twice", "TRACES", "latency", ("AVG", "AVG", 50, 50.0)),
    metrics("no aggregations", aggregations=()),
    metrics("in several experiments", experiment_ids=["{{exp}}", "{{none}}", "{{exp}}"]),
    *(metrics(f"{metric} of {view} in an empty experiment", view, metric, aggregations, experiment_ids=["{{none}}"])
      for view, metric, aggregations, _ in CATALOGUE),
    metrics("in an empty experiment by the hour", experiment_ids=["{{none}}"], **RANGES["by the hour"]),
    metrics("in no experiment", experiment_ids=[]),
    metrics("in an unknown experiment", experiment_ids=["98765"]),
    metrics("in an experiment in words", experiment_ids=["abc"]),
    raw("numbers of enumerations", {
        "experiment_ids": ["{{exp}}"], "view_type": 1, "metric_name": "latency",
        "aggregations": [{"aggregation_type": 3}, {"aggregation_type": 4, "percentile_value": "50"}]}),
    raw("names of protobuf's JSON form", {
        "experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "trace_count", "aggregations": [{"aggregationType": "COUNT"}],
        "startTimeMs": START}),
    raw("an aggregation without a type", {
        "experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "trace_count", "aggregations": [{}]}),
    # Pages
    metrics("fewer than the page size", dimensions=["trace_name"], max_results=10),
    metrics("the first of several", dimensions=["trace_name"], max_results=1),
    metrics("none at all", dimensions=["trace_name"], max_results=0),
    metrics("a negative number", dimensions=["trace_name"], max_results=-1),
    metrics("an empty token", dimensions=["trace_name"], page_token=""),
    metrics("a token of words", dimensions=["trace_name"], page_token="?"),
    # What is rejected
    metrics("without experiments", experiment_ids="absent"),
    metrics("without view", view_type="absent"),
    metrics("without metric", metric_name="absent"),
    raw("without aggregations", {"experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "trace_count"}),
    metrics("an unknown view", view="RUNS"),
    metrics("a view in lower case", view="traces"),
    metrics("an unknown metric", metric="speed"),
    metrics("a metric of another view", view="SPANS", metric="trace_count"),
    metrics("an unknown metric of assessments", view="ASSESSMENTS", metric="'"),
    metrics("an unknown aggregation", aggregations=("MEDIAN",)),
    *(metrics(f"{metric} of {view} with unsupported aggregations", view, metric, ("SUM", "COUNT", "MAX", 5, "MIN"))
      for view, metric, _, _ in CATALOGUE[:5] + CATALOGUE[8:11] + CATALOGUE[13:]),
    metrics("a percentile without a value", "TRACES", "latency", ("PERCENTILE",)),
    metrics("a percentile above 100", "TRACES", "latency", (100.5,)),
    metrics("a percentile below 0", "TRACES", "latency", (-1,)),
    raw("a value for an average", {
        "experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "latency",
        "aggregations": [{"aggregation_type": "AVG", "percentile_value": 50}]}),
    metrics("unknown dimensions", dimensions=["model", "trace_name", "colour"]),
    metrics("a dimension that the metric doesn't have", metric="latency", aggregations=("AVG",), dimensions=["trace_status"]),
    metrics("a session's dimension", metric="session_count", dimensions=["trace_name"]),
    metrics("an interval without a range", time_interval_seconds=60),
    metrics("an interval without an end", time_interval_seconds=60, start_time_ms=START),
    metrics("an interval of nothing", time_interval_seconds=0),
    metrics("an interval in words", time_interval_seconds="hour"),
    metrics("a negative interval", time_interval_seconds=-60, start_time_ms=START, end_time_ms=END),
    metrics("an endless interval", time_interval_seconds=2**62, start_time_ms=START, end_time_ms=END),
    metrics("a time in words", start_time_ms="now"),
    metrics("filters that aren't a list", filters="trace.status = 'OK'"),
    metrics("dimensions that are numbers", dimensions=[5]),
    raw("aggregations that are strings", {
        "experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "trace_count", "aggregations": ["COUNT"]}),
    *(metrics(f"filter {item}", filters=[item]) for item in BAD_FILTERS),
    metrics("a bad filter behind a good one", filters=["trace.status = 'OK'", "foo"]),
    metrics("a span's filter for assessments", "ASSESSMENTS", "assessment_count", filters=["span.name = 'a'"]),
    post("the same request from a browser", "/ajax-api/3.0/mlflow/traces/metrics", {
        "experiment_ids": ["{{exp}}"], "view_type": "TRACES", "metric_name": "trace_count", "aggregations": [{"aggregation_type": "COUNT"}],
        "filters": [], "dimensions": ["trace_status"]}),
    # Correlation
    correlation("correlate independent", "status = 'OK'", "tags.team = 'red'"),
    correlation("correlate always together", "name = 'first'", "name = 'first'"),
    correlation("correlate never together", "status = 'OK'", "status = 'ERROR'"),
    correlation("correlate all of them", "timestamp > 0", "status != 'x'"),
    correlation("correlate never", "status = 'x'", "status = 'OK'"),
    correlation("correlate on top of a filter", "tags.team = 'red'", "metadata.k = 'v'", base_filter="timestamp < 1767326000000"),
    correlation("correlate on top of a filter that matches nothing", "tags.team = 'red'", "metadata.k = 'v'", base_filter="status = 'x'"),
    correlation("correlate on top of an empty filter", "tags.team = 'red'", "metadata.k = 'v'", base_filter=""),
    correlation("correlate spans", "span.type = 'LLM'", "span.status = 'ERROR'", base_filter="span.name = 'work'"),
    correlation("correlate assessments", "feedback.relevant = 'yes'", "feedback.quality > 0.5"),
    correlation("correlate runs", "run_id = 'run-9'", "name = 'first'"),
    correlation("correlate patterns", "name RLIKE '^f'", "tags.team LIKE 'r%'"),
    correlation("correlate in an empty experiment", "status = 'OK'", "status = 'OK'", experiment_ids=["{{none}}"]),
    correlation("correlate in no experiment", "status = 'OK'", "status = 'OK'", experiment_ids=[]),
    correlation("correlate in several experiments", "status = 'OK'", "tags.team = 'red'", experiment_ids=["{{exp}}", "{{none}}"]),
    correlation("correlate without experiments", "status = 'OK'", "status = 'OK'", experiment_ids="absent"),
    correlation("correlate in an experiment in words", "status = 'OK'", "status = 'OK'", experiment_ids=["abc"]),
    correlation("correlate without the first", "absent", "status = 'OK'"),
    correlation("correlate with an empty second", "status = 'OK'", ""),
    correlation("correlate a bad first", "foo = 'a'", "bar"),
    correlation("correlate a bad second", "status = 'OK'", "status > 'OK'"),
    correlation("correlate a bad base", "status = 'OK'", "status = 'OK'", base_filter="foo = 'a'"),
    correlation("correlate a base that isn't a string", "status = 'OK'", "status = 'OK'", base_filter=5),
    post("correlate from a browser", "/ajax-api/3.0/mlflow/traces/calculate-filter-correlation", {
        "experiment_ids": ["{{exp}}"], "filter_string1": "status = 'OK'", "filter_string2": "tags.team = 'red'"}),
    # Deleted traces and assessments no longer count
    delete("delete an assessment that replaces another", f"{V3}/{FOUR}/assessments/{{{{old}}}}"),
    metrics("assessments after that", "ASSESSMENTS", "assessment_value", ("AVG", "MAX"), dimensions=["assessment_name"]),
    post("delete two traces", V3 + "/delete-traces", {"experiment_id": "{{exp}}", "request_ids": [ONE, TWO]}),
    metrics("traces after that", dimensions=["trace_name", "trace_status"]),
    metrics("spans after that", "SPANS", "span_count", dimensions=["span_name"]),
    metrics("costs after that", "SPANS", "total_cost", ("SUM",)),
    metrics("what assessments are left", "ASSESSMENTS", "assessment_count", dimensions=["assessment_name"]),
]

"""Traces: traced functions, reading, searching, tags, assessments and deletion."""

import gzip
import json
import time
import uuid
import zlib

import mlflow
import pytest
import requests
from mlflow.exceptions import MlflowException

from mlflow_client.versions import VERSION

if VERSION < (3, 4):
    pytest.skip("clients have sent spans to the tracking server since 3.4", allow_module_level=True)

from mlflow.entities import AssessmentSource, SpanType  # noqa: E402


@pytest.fixture(params=["asynchronous", "synchronous"])
def export(request, monkeypatch):
    """Both ways in which a client sends traces; returns a function that waits until all have been sent."""
    is_async = request.param == "asynchronous"
    monkeypatch.setenv("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", str(is_async).lower())
    mlflow.tracing.reset()
    yield mlflow.flush_trace_async_logging if is_async else lambda: None
    mlflow.tracing.reset()


@pytest.fixture
def traced(experiment_id):
    """Traces a function with an argument and a result, with a name, tags and metadata; returns the trace's id."""
    def trace(value, answer=None, name="root", tags=None, metadata=None):
        @mlflow.trace(name=name)
        def root(question):
            mlflow.update_current_trace(tags=tags or {}, metadata=metadata or {})
            return answer if answer is not None else value

        root(value)
        mlflow.flush_trace_async_logging()
        return mlflow.get_last_active_trace_id()

    return trace


def found(experiment_id, filter_string=None, **options):
    traces = mlflow.search_traces(
        locations=[experiment_id], filter_string=filter_string, return_type="list", **options)
    return [trace.info.trace_id for trace in traces]


def test_nested_spans_come_back_as_they_were(export, experiment_id):
    @mlflow.trace(span_type=SpanType.TOOL, attributes={"count": 3, "ratio": 0.5, "whole": 2.0, "yes": True, "nothing": None})
    def child(text):
        return {"text": text, "list": [1, 2.5, "three", None, {"four": 4}]}

    @mlflow.trace(name="the root", span_type=SpanType.AGENT)
    def root(question, options):
        mlflow.update_current_trace(tags={"env": "dev"}, metadata={"mine": "value"}, client_request_id="request-7")
        return [child(question), child("größe 数据 🦜")]

    root("what?", {"a": {"b": []}})
    export()
    trace_id = mlflow.get_last_active_trace_id()
    trace = mlflow.get_trace(trace_id)
    assert trace.info.state == "OK" and trace.info.experiment_id == experiment_id
    assert trace.info.client_request_id == "request-7"
    assert trace.info.tags["env"] == "dev" and trace.info.tags["mlflow.traceName"] == "the root"
    assert trace.info.trace_metadata["mine"] == "value"
    assert trace.info.tags["mlflow.artifactLocation"].endswith(f"/{experiment_id}/traces/{trace_id}/artifacts")
    first, *children = trace.data.spans
    assert (first.name, first.span_type, first.parent_id) == ("the root", "AGENT", None)
    assert first.inputs == {"question": "what?", "options": {"a": {"b": []}}}
    assert first.outputs[1] == {"text": "größe 数据 🦜", "list": [1, 2.5, "three", None, {"four": 4}]}
    assert [span.name for span in children] == ["child", "child"]
    assert {span.parent_id for span in children} == {first.span_id}
    attributes = children[0].attributes
    assert (attributes["count"], attributes["ratio"], attributes["yes"]) == (3, 0.5, True)
    assert isinstance(attributes["whole"], float) and isinstance(attributes["count"], int)
    assert first.start_time_ns <= children[0].start_time_ns <= children[0].end_time_ns <= first.end_time_ns
    assert json.loads(trace.info.request_preview) == first.inputs


def test_an_exception_is_kept_with_its_span(export, experiment_id):
    @mlflow.trace
    def broken():
        raise ValueError("no swallow")

    with pytest.raises(ValueError):
        broken()
    export()
    trace = mlflow.get_trace(mlflow.get_last_active_trace_id())
    assert trace.info.state == "ERROR"
    (span,) = trace.data.spans
    assert span.status.status_code == "ERROR" and "no swallow" in span.status.description
    (event,) = [event for event in span.events if event.name == "exception"]
    assert event.attributes["exception.message"] == "no swallow"


def test_tokens_are_summed_and_previews_made(export, experiment_id):
    with mlflow.start_span("chat", span_type=SpanType.AGENT) as root:
        root.set_inputs({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]})
        for count in (10, 20):
            with mlflow.start_span("call", span_type=SpanType.CHAT_MODEL) as call:
                call.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": count, "output_tokens": 5, "total_tokens": count + 5})
        root.set_outputs({"choices": [{"message": {"role": "assistant", "content": "Because."}}]})
    export()
    info = mlflow.get_trace(root.trace_id).info
    assert info.token_usage == {"input_tokens": 30, "output_tokens": 10, "total_tokens": 40}
    assert (info.request_preview, info.response_preview) == ("Why?", "Because.")


def test_calls_of_models_are_priced(export, experiment_id):
    with mlflow.start_span("chat", span_type=SpanType.AGENT) as root:
        for provider in ("openai", None):
            with mlflow.start_span("call", span_type=SpanType.CHAT_MODEL) as call:
                call.set_attribute("mlflow.llm.model", "gpt-4o")
                if provider:
                    call.set_attribute("mlflow.llm.provider", provider)
                call.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100})
        with mlflow.start_span("unknown", span_type=SpanType.CHAT_MODEL) as call:
            call.set_attribute("mlflow.llm.model", "nobody-knows-this")
            call.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100})
    export()
    trace = mlflow.get_trace(root.trace_id)
    assert json.loads(trace.info.trace_metadata["mlflow.trace.cost"]) == pytest.approx(
        {"input_cost": 0.005, "output_cost": 0.002, "total_cost": 0.007})
    costs = [span.get_attribute("mlflow.llm.cost") for span in trace.data.spans]
    expected = {"input_cost": 0.0025, "output_cost": 0.001, "total_cost": 0.0035}
    assert costs == [None, pytest.approx(expected), pytest.approx(expected), None]


def test_many_spans_and_large_values_are_kept(export, experiment_id):
    large = "x" * 300_000 + "ü"
    with mlflow.start_span("root") as root:
        root.set_inputs({"large": large})
        for index in range(120):
            with mlflow.start_span(f"span {index}") as span:
                span.set_outputs({"index": index})
    export()
    trace = mlflow.get_trace(root.trace_id)
    assert len(trace.data.spans) == 121
    assert trace.data.spans[0].inputs == {"large": large}
    assert [span.outputs["index"] for span in trace.data.spans[1:]] == list(range(120))
    assert len(trace.info.request_preview) == 1000


def test_many_small_traces_at_once_all_arrive(export, experiment_id):
    for index in range(30):
        with mlflow.start_span(f"number {index}") as span:
            span.set_inputs(index)
    export()
    traces = mlflow.search_traces(locations=[experiment_id], return_type="list")
    assert sorted(trace.data.spans[0].inputs for trace in traces) == list(range(30))
    assert all(trace.info.state == "OK" for trace in traces)


def test_no_file_is_uploaded_for_stored_spans(export, experiment_id, tracking_uri, traced):
    trace_id = traced("a")
    export()
    uri = mlflow.get_trace(trace_id).info.tags["mlflow.artifactLocation"]
    assert mlflow.artifacts.list_artifacts(artifact_uri=uri) == []


def test_an_unknown_trace_is_none(experiment_id):
    assert mlflow.get_trace("tr-00000000000000000000000000000000") is None


def test_traces_are_searched(experiment_id, traced):
    red = traced("a question", name="red", tags={"team": "red", "size": "größe"}, metadata={"mlflow.trace.session": "s1"})
    blue = traced("another", name="blue", tags={"team": "blue"}, metadata={"mlflow.trace.session": "s2"})
    assert found(experiment_id) == [blue, red]
    for filter_string, expected in [
        ("status = 'OK'", [blue, red]), ("status = 'ERROR'", []), ("tags.team = 'red'", [red]),
        ("tags.team != 'red'", [blue]), ("tags.size LIKE 'gr%'", [red]), ("tags.size ILIKE 'GRÖSSE%'", []),
        ("tags.size ILIKE 'GRÖ%'", [red]), ("tags.team IS NULL", []), ("tags.size IS NULL", [blue]),
        ("tags.size IS NOT NULL", [red]), ("name = 'blue'", [blue]), ("name LIKE 'r%'", [red]),
        ("tags.team RLIKE '^(re|blu)[de]$'", [blue, red]), ("name RLIKE 'l.e'", [blue]),
        ("metadata.`mlflow.trace.session` = 's1'", [red]), ("metadata.mlflow.trace.session LIKE 's%'", [blue, red]),
        (f"request_id = '{red}'", [red]), (f"request_id IN ('{red}', '{blue}')", [blue, red]),
        (f"request_id NOT IN ('{red}')", [blue]), ("timestamp_ms > 0 AND tags.team = 'blue'", [blue]),
        ("timestamp_ms < 1000", []), ("execution_time_ms >= 0", [blue, red]), ("end_time_ms > 1000", [blue, red]),
        ("span.name = 'red'", [red]), ("span.name IN ('red', 'blue') AND span.status = 'OK'", [blue, red]),
        ("span.name = 'red' AND span.type = 'LLM'", []), ("span.content LIKE '%a question%'", [red]),
        ("trace.text ILIKE '%ANOTHER%'", [blue]), ("span.attributes.mlflow.spanInputs LIKE '%a question%'", [red]),
        ("span.attributes.mlflow.spanOutputs RLIKE 'another'", [blue]),
    ]:
        assert found(experiment_id, filter_string) == expected, filter_string


def test_traces_come_in_order_and_in_pages(client, experiment_id, traced):
    ids = [traced(index, name=f"n{index % 2}", tags={"index": str(index)}) for index in range(7)]
    assert found(experiment_id, order_by=["timestamp_ms ASC"]) == ids
    assert found(experiment_id, order_by=["tags.index DESC"]) == ids[::-1]
    by_name = found(experiment_id, order_by=["name ASC", "timestamp ASC"])
    assert by_name == ids[0::2] + ids[1::2]
    lengths, collected, token = [], [], None
    while not lengths or token:
        page = client.search_traces(locations=[experiment_id], max_results=3, order_by=["timestamp_ms ASC"], page_token=token)
        lengths.append(len(page))
        collected += [trace.info.trace_id for trace in page]
        token = page.token
    assert lengths == [3, 3, 1] and collected == ids
    assert found(experiment_id, max_results=2) == [ids[6], ids[5]]


@pytest.mark.parametrize("filter_string, message", [
    ("nonsense", "Invalid clause"), ("status = 'OK' OR status = 'ERROR'", "Invalid clause"), ("foo.bar = 'x'", "Invalid entity"),
    ("status > 'OK'", "Invalid comparator"), ("tags.a = 5", "Expected a quoted string"),
    ("tags.a RLIKE '('", "Invalid regular expression"), ("prompt = 'a'", "Expected format"),
])
def test_an_invalid_filter_is_rejected(experiment_id, filter_string, message):
    with pytest.raises(MlflowException, match=message):
        found(experiment_id, filter_string)


def test_tags_are_set_and_deleted(client, traced):
    trace_id = traced("a", tags={"kept": "1"})
    mlflow.set_trace_tag(trace_id, "größe x", "🦜")
    mlflow.set_trace_tag(trace_id, "kept", "2")
    assert mlflow.get_trace(trace_id).info.tags["größe x"] == "🦜"
    mlflow.delete_trace_tag(trace_id, "größe x")
    tags = mlflow.get_trace(trace_id).info.tags
    assert tags["kept"] == "2" and "größe x" not in tags
    with pytest.raises(MlflowException, match="No trace tag with key"):
        mlflow.delete_trace_tag(trace_id, "größe x")
    with pytest.raises(MlflowException, match="not found"):
        client.set_trace_tag("tr-00000000000000000000000000000000", "a", "b")


def test_traces_are_deleted_by_id_and_by_time(client, experiment_id, traced):
    ids = [traced(index) for index in range(4)]
    assert client.delete_traces(experiment_id, trace_ids=[ids[1], "tr-unknown"]) == 1
    assert mlflow.get_trace(ids[1]) is None
    now = int(time.time() * 1000) + 1000
    assert client.delete_traces(experiment_id, max_timestamp_millis=now, max_traces=1) == 1
    assert found(experiment_id) == [ids[3], ids[2]]
    assert client.delete_traces(experiment_id, max_timestamp_millis=now) == 2
    assert found(experiment_id) == []


def test_feedback_is_logged_overridden_and_deleted(traced, experiment_id):
    trace_id = traced("a")
    source = AssessmentSource(source_type="HUMAN", source_id="bob")
    first = mlflow.log_feedback(
        trace_id=trace_id, name="quality", value=0.5, rationale="so so", source=source, metadata={"a": "b"})
    read = mlflow.get_assessment(trace_id, first.assessment_id)
    assert (read.value, read.rationale, read.metadata, read.valid) == (0.5, "so so", {"a": "b"}, True)
    assert read.source.source_id == "bob"
    mlflow.update_assessment(
        trace_id, first.assessment_id, mlflow.entities.Feedback(name="quality", value=0.9, metadata={"c": "d"}))
    read = mlflow.get_assessment(trace_id, first.assessment_id)
    assert read.value == 0.9 and read.metadata == {"a": "b", "c": "d"}
    second = mlflow.override_feedback(trace_id=trace_id, assessment_id=first.assessment_id, value=0.1, source=source)
    assert mlflow.get_assessment(trace_id, first.assessment_id).valid is False
    assert second.overrides == first.assessment_id
    assert found(experiment_id, "feedback.quality < 0.2") == [trace_id]
    assert found(experiment_id, "feedback.quality > 0.5") == []
    mlflow.delete_assessment(trace_id=trace_id, assessment_id=second.assessment_id)
    assert mlflow.get_assessment(trace_id, first.assessment_id).valid
    assert found(experiment_id, "feedback.quality = '0.9'") == [trace_id]
    with pytest.raises(MlflowException, match="not found"):
        mlflow.get_assessment(trace_id, second.assessment_id)


@pytest.mark.parametrize("value", [True, 7, "Zürich", ["a", "b"], {"nested": {"list": [1, {"x": None}]}}])
def test_expectations_keep_their_values(traced, experiment_id, value):
    trace_id = traced("a")
    logged = mlflow.log_expectation(trace_id=trace_id, name="answer", value=value)
    assert mlflow.get_assessment(trace_id, logged.assessment_id).value == value
    (assessment,) = mlflow.get_trace(trace_id).info.assessments
    assert assessment.value == value and assessment.name == "answer"
    assert found(experiment_id, "expectation.answer IS NOT NULL") == [trace_id]


def test_feedback_of_a_failed_judge_has_its_error(traced):
    trace_id = traced("a")
    logged = mlflow.log_feedback(trace_id=trace_id, name="judge", error=ValueError("judge failed"))
    read = mlflow.get_assessment(trace_id, logged.assessment_id)
    assert read.value is None and read.feedback.error.error_message == "judge failed"


def test_feedback_within_a_trace_comes_with_it(export, experiment_id):
    with mlflow.start_span("root") as span:
        mlflow.log_feedback(trace_id=span.trace_id, name="early", value="yes")
    export()
    (assessment,) = mlflow.get_trace(span.trace_id).info.assessments
    assert (assessment.name, assessment.value) == ("early", "yes") and assessment.assessment_id
    assert found(experiment_id, "feedback.early = 'yes'") == [span.trace_id]


def test_traces_belong_to_the_run_they_are_made_in_or_linked_to(client, experiment_id, traced):
    with mlflow.start_run() as run:
        inside = traced("a")
    outside = traced("b")
    assert found(experiment_id, run_id=run.info.run_id) == [inside]
    client.link_traces_to_run([outside], run.info.run_id)
    client.link_traces_to_run([outside], run.info.run_id)
    assert found(experiment_id, run_id=run.info.run_id) == [outside, inside]


def test_a_trace_is_linked_to_the_prompt_that_it_loads(experiment_id, unique):
    name = unique("prompt")
    mlflow.genai.register_prompt(name, "Say {{text}}.")

    @mlflow.trace
    def root():
        return mlflow.genai.load_prompt(f"prompts:/{name}/1").format(text="hello")

    root()
    other = mlflow.start_span_no_context("other")
    other.end()
    mlflow.flush_trace_async_logging()
    time.sleep(0.5)
    trace = [trace for trace in mlflow.search_traces(locations=[experiment_id], return_type="list")
             if trace.data.spans[0].name == "root"][0]
    assert name in trace.info.tags["mlflow.linkedPrompts"]
    assert found(experiment_id, f'prompt = "{name}/1"') == [trace.info.trace_id]


def test_sessions_are_searched(experiment_id, traced):
    if not hasattr(mlflow, "search_sessions"):
        pytest.skip("mlflow.search_sessions came later")
    for session in ("one", "two", "one"):
        traced("a", metadata={"mlflow.trace.session": session})
    sessions = mlflow.search_sessions(locations=[experiment_id])
    assert sorted(len(list(session)) for session in sessions) == [1, 2]


def exported(tracking_uri, experiment_id, body, **headers):
    """Sends a body to the endpoint for OpenTelemetry exporters."""
    return requests.post(
        f"{tracking_uri}/v1/traces", data=body, timeout=30, headers={
            "x-mlflow-experiment-id": experiment_id, "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()}})


def otlp(trace: str, count: int = 1, **fields):
    spans = [{"traceId": trace, "spanId": f"{index + 1:016x}", "name": f"span {index}", "startTimeUnixNano": "1700000000000000000",
              "endTimeUnixNano": "1700000001000000000", **({"parentSpanId": f"{1:016x}"} if index else {}), **fields}
             for index in range(count)]
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeSpans": [{"spans": spans}]}]}).encode()


@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate"])
def test_other_exporters_send_compressed_json(tracking_uri, experiment_id, encoding):
    trace = uuid.uuid4().hex
    body = otlp(trace, 100, links=[{"traceId": "f" * 32, "spanId": "e" * 16}], attributes=[
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "2"}},
        {"key": "gen_ai.input.messages", "value": {"stringValue": "{\"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}"}}])
    packed = {"identity": lambda it: it, "gzip": gzip.compress, "deflate": zlib.compress}[encoding](body)
    response = exported(tracking_uri, experiment_id, packed, Content_Encoding=encoding)
    assert (response.status_code, response.content) == (200, b"")
    found = mlflow.get_trace(f"tr-{trace}")
    assert len(found.data.spans) == 100 and found.info.tags["service.name"] == "shop"
    assert found.info.token_usage["input_tokens"] == 2  # The root span reports the total.
    assert found.info.request_preview == "Why?"
    assert found.data.spans[0].inputs == {"messages": [{"role": "user", "content": "Why?"}]}


def test_invalid_exports_are_rejected_as_a_whole(tracking_uri, experiment_id):
    good = otlp(uuid.uuid4().hex)
    assert exported(tracking_uri, experiment_id, b"garbage").status_code == 400
    assert exported(tracking_uri, experiment_id, b"\xff\x00\x01", Content_Type="application/x-protobuf").status_code == 400
    assert exported(tracking_uri, experiment_id, good, Content_Type="text/plain").status_code == 400
    assert exported(tracking_uri, experiment_id, good, Content_Encoding="gzip").status_code == 400
    assert exported(tracking_uri, experiment_id, gzip.compress(b"0" * (65 << 20)), Content_Encoding="gzip").status_code == 413
    assert exported(tracking_uri, experiment_id, otlp("")).status_code == 422
    assert exported(tracking_uri, "98765", good).status_code == 404
    assert requests.post(f"{tracking_uri}/v1/traces", data=good, timeout=30).status_code == 422
    assert found(experiment_id) == []


def test_the_artifact_of_a_trace_has_its_spans(tracking_uri, traced):
    trace_id = traced("a question")
    response = requests.get(f"{tracking_uri}/ajax-api/3.0/mlflow/get-trace-artifact", params={"request_id": trace_id}, timeout=30)
    (span,) = response.json()["spans"]
    assert span["name"] == "root" and json.loads(span["attributes"]["mlflow.spanInputs"]) == {"question": "a question"}

"""Traces: headers, spans over OTLP, search, tags, assessments, links and deletion, in both versions of the API."""

from ..case import delete, get, patch, post, request

V3 = "/api/3.0/mlflow/traces"
FIRST, SECOND, THIRD = (f"tr-{digit * 32}" for digit in "123")
UNKNOWN = "tr-" + "f" * 32
SECONDS = {FIRST: 10, SECOND: 20, THIRD: 30}


def header(trace_id: str, experiment="{{exp}}", **fields):
    location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    info = {"trace_id": trace_id, "trace_location": location, "request_time": f"2026-01-02T03:04:{SECONDS.get(trace_id, 5):02}.500Z",
            "execution_duration": "1.250s", "state": "OK"}
    return {"trace": {"trace_info": info | fields}}


def span(trace_id: str, digit: str, parent: str | None = None, **fields):
    made = {"traceId": trace_id[3:], "spanId": digit * 16, "name": f"span {digit}", "startTimeUnixNano": "1767323050500000001",
            "endTimeUnixNano": "1767323051750000002", "status": {"code": "STATUS_CODE_OK"}}
    return made | ({"parentSpanId": parent * 16} if parent else {}) | fields


def spans(name: str, *items, experiment="{{exp}}", resource=(), **options):
    body = {"resourceSpans": [{"resource": {"attributes": list(resource)}, "scopeSpans": [{"spans": list(items)}]}]}
    return post(name, "/v1/traces", body, headers={"x-mlflow-experiment-id": experiment}, **options)


def text(key: str, value: str):
    return {"key": key, "value": {"stringValue": value}}


def search(name: str, **fields):
    fields.setdefault("locations", [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "{{exp}}"}}])
    # MLflow lists assessments in the order of its database.
    return post(name, V3 + "/search", fields, unordered=["traces.assessments"])


#: Assessments are listed by creation time, so each has its own.
MINUTES = iter(range(60))


def assess(name: str, trace_id: str = FIRST, save=None, **fields):
    made = f"2026-01-02T04:{next(MINUTES):02}:00.250Z"
    times = {"create_time": made, "last_update_time": made}
    body = {"assessment": times | {"source": {"source_type": "HUMAN", "source_id": "bob"}} | fields}
    return post(name, f"{V3}/{trace_id}/assessments", body, save=save or {})


GOOD_FILTERS = [
    "", "status = 'OK'", "status != 'OK'", "status IN ('OK', 'ERROR')", "status NOT IN ('ERROR')", "trace.status LIKE 'E%'",
    f"request_id = '{FIRST}'", f"attributes.request_id IN ('{FIRST}', '{UNKNOWN}')", "client_request_id = 'c1'",
    "client_request_id ILIKE 'C%'", "timestamp > 1767323060000", "timestamp_ms <= 1767323050500", "execution_time = 1250",
    "execution_time_ms < 2000", "end_time_ms >= 1767323061750", "name = 'first'", "name != 'first'", "name LIKE 'f%'", "name IS NULL",
    "tags.team = 'red'", "tags.team != 'red'", "tag.`team` LIKE 'r%'", "tags.team IS NULL", "tags.team IS NOT NULL", "tags.none = 'x'",
    "tags.team RLIKE '^re'", "metadata.k = 'v'", "request_metadata.k ILIKE 'V'", "metadata.k IS NULL",
    "metadata.`mlflow.trace.session` = 's1'", "run_id = 'run-1'", "prompt = 'p/1'", "prompt = 'p/2'",
    "span.name = 'span a'", "span.name = 'span a' AND span.status = 'ERROR'", "span.type = 'LLM'", "span.status IN ('ERROR')",
    "span.name LIKE 'span%' AND tags.team = 'red'", "span.attributes.answer LIKE '%forty%'", "span.content LIKE '%swallow%'",
    "trace.text ILIKE '%SWALLOW%'", "feedback.quality > 0.5", "feedback.quality < 0.5", "feedback.quality = '0.75'",
    "feedback.label = 'good'", "feedback.label != 'good'", "feedback.label IS NOT NULL", "feedback.label IS NULL",
    "expectation.answer = 'yes'", "feedback.answer = 'yes'", "issue.id = 'iss-1'", "status = 'OK' and tags.team = 'red' AND name = 'first'",
]

BAD_FILTERS = [
    "  ", "nonsense", "status", "status = OK", "status = 5", "foo = 'a'", "foo.bar = 'a'", "status > 'OK'", "status IS NULL",
    "status = 'OK' OR name = 'a'", "timestamp > 'a'", "timestamp LIKE 'a'", "timestamp IN ('1')", "tags.team = 5", "tags.team > 'a'",
    "name IN ('a')", "text LIKE 'a'", "prompt = 'a'", "prompt LIKE 'a'", "span.content = 'a'", "span.foo = 'a'",
    "span.attributes. = 'a'", "feedback.quality = 0.5", "feedback.quality > 'a'", "issue.foo = 'a'", "issue.id != 'a'",
    "metadata.`mlflow.trace.tokenUsage` LIKE 'a'", "status IN ()", "metadata.k > 'a'",
]

ORDERS = [
    [], ["timestamp_ms ASC"], ["timestamp DESC"], ["execution_time ASC", "timestamp ASC"], ["status DESC"], ["name"], ["tags.team DESC"],
    ["metadata.k"], ["request_id DESC"], ["experiment_id"], ["run_id"],
    ["timestamp FOO"], ["foo"], ["span.name"], ["metadata.`mlflow.trace.tokenUsage`"],
]

CASES = [
    post("create the experiment", "experiments/create", {"name": "traces"}, save={"exp": "experiment_id"}),
    post("create an experiment to be deleted", "experiments/create", {"name": "traces: gone"}, save={"gone": "experiment_id"}),
    post("delete it", "experiments/delete", {"experiment_id": "{{gone}}"}),
    # Headers
    post("start the first", V3, header(
        FIRST, client_request_id="c1", request_preview="q", response_preview="größe 🦜",
        tags={"mlflow.traceName": "first", "team": "red"}, trace_metadata={"k": "v", "mlflow.trace.session": "s1"})),
    post("start the second", V3, header(SECOND, state="ERROR", tags={"mlflow.traceName": "second", "team": "blue"})),
    post("start the third", V3, header(THIRD, execution_duration="0s")),
    post("start the third again, with more", V3, header(THIRD, trace_metadata={"k": "w"}, request_preview="later")),
    post("start without anything", V3, {}),
    post("start in an unknown experiment", V3, header(UNKNOWN, "98765")),
    post("start in a deleted experiment", V3, header(UNKNOWN, "{{gone}}")),
    post("start with a long name", V3, header(UNKNOWN, tags={"mlflow.traceName": "x" * 4097})),
    post("start with a long session", V3, header(UNKNOWN, trace_metadata={"mlflow.trace.session": "x" * 251})),
    get("get the first", f"{V3}/{FIRST}"),
    get("get the third", f"{V3}/{THIRD}"),
    get("get the first under the browser's prefix", f"/ajax-api/3.0/mlflow/traces/{FIRST}"),
    get("get an unknown one", f"{V3}/{UNKNOWN}"),
    # Spans
    spans("send spans", span(FIRST, "a", attributes=[
        {"key": "mlflow.spanType", "value": {"stringValue": "AGENT"}}, {"key": "n", "value": {"intValue": "3"}},
        {"key": "half", "value": {"doubleValue": 0.5}}, {"key": "yes", "value": {"boolValue": True}},
        {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "x"}, {"intValue": 1}]}}},
    ]), span(FIRST, "b", "a", status={"code": "STATUS_CODE_ERROR", "message": "why"}, attributes=[text("answer", "forty two swallows")],
             events=[{"timeUnixNano": "1767323051000000000", "name": "event", "attributes": [text("a", "b")]}])),
    spans("send a span of a trace without header", span(UNKNOWN, "c", "d"), resource=[text("service.name", "shop")]),
    get("get a trace without header", f"{V3}/{UNKNOWN}"),
    spans("send its root", span(UNKNOWN, "d", attributes=[
        text("gen_ai.operation.name", "chat"), {"key": "gen_ai.usage.input_tokens", "value": {"intValue": 5}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 6}}, text("session.id", "s2"), text("mlflow.traceTag.team", "green"),
    ])),
    get("get a trace with its root", f"{V3}/{UNKNOWN}"),
    get("get the spans", V3 + "/get", {"trace_id": FIRST}),
    get("get the spans of an unknown trace", V3 + "/get", {"trace_id": "tr-" + "e" * 32}),
    get("get spans with an odd flag", V3 + "/get", {"trace_id": FIRST, "allow_partial": "xx"}),
    get("get several", V3 + "/batchGet", {"trace_ids": [UNKNOWN, "tr-none", FIRST]}),
    get("get none", V3 + "/batchGet", {"trace_ids": ["tr-none"]}),
    get("get several without ids", V3 + "/batchGet"),
    post("get several headers", V3 + "/batchGetInfos", {"trace_ids": [THIRD, "tr-none", FIRST]}),
    spans("send no spans"),
    spans("send spans of an unknown experiment", span("tr-" + "9" * 32, "a"), experiment="98765"),
    spans("send spans of an experiment in words", span("tr-" + "9" * 32, "a"), experiment="abc"),
    spans("send a span without ids", {"name": "x"}),
    post("send spans without an experiment", "/v1/traces", {}),
    post("send garbage", "/v1/traces", body="garbage", headers={
        "x-mlflow-experiment-id": "{{exp}}", "Content-Type": "application/json"}),
    post("send text", "/v1/traces", body="text", headers={"x-mlflow-experiment-id": "{{exp}}", "Content-Type": "text/plain"}),
    post("send an unknown content encoding", "/v1/traces", body="x", headers={
        "x-mlflow-experiment-id": "{{exp}}", "Content-Type": "application/json", "Content-Encoding": "br"}),
    post("send what isn't gzip", "/v1/traces", body="x", headers={
        "x-mlflow-experiment-id": "{{exp}}", "Content-Type": "application/json", "Content-Encoding": "gzip"}),
    # Tags
    patch("set a tag", f"traces/{SECOND}/tags", {"key": "size", "value": "größe"}),
    patch("set a tag in the third version", f"{V3}/{SECOND}/tags", {"key": "other/one", "value": "x"}),
    patch("set a tag without key", f"traces/{SECOND}/tags", {"value": "x"}),
    patch("set a tag to a number", f"traces/{SECOND}/tags", {"key": "a", "value": 5}),
    patch("set a tag with a bad name", f"traces/{SECOND}/tags", {"key": "a?!", "value": "x"}),
    patch("set a tag named dot", f"traces/{SECOND}/tags", {"key": ".", "value": "x"}),
    patch("set a tag with a long name", f"traces/{SECOND}/tags", {"key": "x" * 251, "value": "x"}),
    patch("set a long tag", f"traces/{SECOND}/tags", {"key": "long", "value": "x" * 9000}),
    patch("set where spans are", f"traces/{SECOND}/tags", {"key": "mlflow.trace.spansLocation", "value": "x"}),
    patch("set a tag of an unknown trace", "traces/tr-none/tags", {"key": "a", "value": "x"}),
    delete("delete a tag", f"traces/{SECOND}/tags", {"key": "other/one"}),
    delete("delete a tag again", f"{V3}/{SECOND}/tags", {"key": "other/one"}),
    delete("delete where spans are", f"traces/{SECOND}/tags", {"key": "mlflow.trace.spansLocation"}),
    delete("delete a tag of an unknown trace", "traces/tr-none/tags", {"key": "a"}),
    get("get the second", f"{V3}/{SECOND}"),
    # Links
    post("link to a run", "traces/link-to-run", {"trace_ids": [SECOND], "run_id": "run-1"}),
    post("link to a run again", "traces/link-to-run", {"trace_ids": [SECOND], "run_id": "run-1"}),
    post("link too many", "traces/link-to-run", {"trace_ids": [f"tr-{index}" for index in range(101)], "run_id": "run-1"}),
    post("link to a prompt", "traces/link-prompts", {"trace_id": FIRST, "prompt_versions": [{"name": "p", "version": "1"}]}),
    post("link an unknown trace to a prompt", "traces/link-prompts", {
        "trace_id": "tr-none", "prompt_versions": [{"name": "p", "version": "1"}]}),
    # Assessments
    assess("give a number", assessment_name="quality", feedback={"value": 0.75}, rationale="so so", metadata={"a": "b"},
           save={"number": "assessment.assessment_id"}),
    assess("give a word", assessment_name="label", feedback={"value": "good"}, span_id="a" * 16, save={"word": "assessment.assessment_id"}),
    assess("give a list", assessment_name="list", feedback={"value": [1, "x", {"a": None}]}),
    assess("give an error", assessment_name="judge", feedback={"error": {"error_code": "E", "error_message": "why"}}),
    assess("expect a word", assessment_name="answer", expectation={"value": "yes"}, save={"expected": "assessment.assessment_id"}),
    assess("expect an object", assessment_name="object", expectation={
        "serialized_value": {"serialization_format": "JSON_FORMAT", "value": "{\"a\": [1, 2]}"}}),
    assess("raise an issue", assessment_name="iss-1", issue={"issue_name": "iss-1"}),
    assess("give nothing", assessment_name="nothing"),
    assess("of an unknown trace", "tr-none", assessment_name="x", feedback={"value": 1}),
    assess("replace an unknown one", assessment_name="x", feedback={"value": 1}, overrides="a-none"),
    assess("replace the word", assessment_name="label", feedback={"value": "better"}, overrides="{{word}}",
           save={"better": "assessment.assessment_id"}),
    post("give without an assessment", f"{V3}/{FIRST}/assessments", {}),
    get("get the number", f"{V3}/{FIRST}/assessments/{{{{number}}}}"),
    get("get the replaced word", f"{V3}/{FIRST}/assessments/{{{{word}}}}"),
    get("get an unknown assessment", f"{V3}/{FIRST}/assessments/a-none"),
    get("get an assessment of an unknown trace", f"{V3}/tr-none/assessments/a-none"),
    patch("change without a mask", f"{V3}/{FIRST}/assessments/{{{{number}}}}", {"assessment": {"assessment_name": "x"}}),
    patch("change an expectation into feedback", f"{V3}/{FIRST}/assessments/{{{{expected}}}}", {
        "assessment": {"feedback": {"value": 1}}, "update_mask": "feedback"}),
    patch("change feedback into an expectation", f"{V3}/{FIRST}/assessments/{{{{number}}}}", {
        "assessment": {"expectation": {"value": 1}}, "update_mask": "expectation"}),
    delete("delete the replacement", f"{V3}/{FIRST}/assessments/{{{{better}}}}"),
    delete("delete the replacement again", f"{V3}/{FIRST}/assessments/{{{{better}}}}"),
    get("get the word, which is valid again", f"{V3}/{FIRST}/assessments/{{{{word}}}}"),
    # Search
    *(search(f"filter {text}", filter=text) for text in GOOD_FILTERS + BAD_FILTERS),
    *(search(f"order by {order}", order_by=order) for order in ORDERS),
    search("a page of one", max_results=1),
    search("a page that is too large", max_results=501),
    search("a page of none", max_results=0),
    search("a page token of words", page_token="?"),
    search("nowhere", locations=[]),
    search("in an unknown experiment", locations=[{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "98765"}}]),
    post("search without a location", V3 + "/search", {}),
    # The second version
    post("start as clients of 2.x do", "traces", {
        "experiment_id": "{{exp}}", "timestamp_ms": 1000, "request_metadata": [{"key": "a", "value": "b"}],
        "tags": [{"key": "mlflow.traceName", "value": "old"}]}, save={"old": "trace_info.request_id"},
         unordered=["trace_info.request_metadata"]),
    patch("end as clients of 2.x do", "traces/{{old}}", {
        "request_id": "{{old}}", "timestamp_ms": 1061, "status": "OK", "request_metadata": [{"key": "c", "value": "d"}]},
          unordered=["trace_info.request_metadata"]),
    get("get as clients of 2.x do", "traces/{{old}}/info", unordered=["trace_info.request_metadata"]),
    get("get an unknown one as clients of 2.x do", "traces/tr-none/info"),
    get("search as clients of 2.x do", "traces", {"experiment_ids": "{{exp}}", "filter": "name = 'old'", "max_results": "5"},
        unordered=["traces.request_metadata"]),
    get("search as clients of 2.x do, without experiments", "traces", {"max_results": "5"}),
    # Deletion
    post("delete without a choice", "traces/delete-traces", {"experiment_id": "{{exp}}"}),
    post("delete by id and by time", "traces/delete-traces", {
        "experiment_id": "{{exp}}", "request_ids": [FIRST], "max_timestamp_millis": 5}),
    post("delete less than one", "traces/delete-traces", {"experiment_id": "{{exp}}", "max_timestamp_millis": 5, "max_traces": 0}),
    post("delete some by id", "traces/delete-traces", {
        "experiment_id": "{{exp}}", "request_ids": [FIRST], "max_traces": 1}),
    post("delete without experiment", "traces/delete-traces", {"request_ids": [FIRST]}),
    post("delete in an experiment in words", "traces/delete-traces", {"experiment_id": "abc", "request_ids": [FIRST]}),
    post("delete by id", "traces/delete-traces", {"experiment_id": "{{exp}}", "request_ids": [FIRST, "tr-none"]}),
    post("delete the oldest", V3 + "/delete-traces", {
        "experiment_id": "{{exp}}", "max_timestamp_millis": 9999999999999, "max_traces": 1}),
    search("what is left"),
    post("delete all", "traces/delete-traces", {"experiment_id": "{{exp}}", "max_timestamp_millis": 9999999999999}),
    search("nothing is left"),
    request("DELETE", "an assessment of a deleted trace", f"{V3}/{FIRST}/assessments/{{{{number}}}}"),
]

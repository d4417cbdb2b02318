"""Requests and responses as traces on a tracking server, read by MLflow's client."""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import mlflow
import pytest
from packaging.version import Version

from gateway.configs import chat, endpoint, split
from support.builds import bin_dir
from support.gateways import FakeProvider, Gateway, unladen_gateway
from support.servers import RunningServer, mlflow_server, unladen_suite

pytestmark = pytest.mark.skipif(Version(mlflow.__version__) < Version("3.6"), reason="traces by OTLP came with MLflow 3.6")

SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The server that receives traces: Unladen's, or with UNLADEN_TEST_PEER=1 MLflow's, from the environment that runs the tests."""
    if os.environ.get("UNLADEN_TEST_PEER"):
        directory = tmp_path_factory.mktemp("mlflow")
        with mlflow_server(sys.executable, f"sqlite:///{directory}/mlflow.db", directory / "artifacts", directory) as server:
            mlflow.set_tracking_uri(server.url)
            yield server
        return
    directory = tmp_path_factory.mktemp("traces")
    with unladen_suite(
        bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory,
        registry_backend_uri=f"sqlite:///{directory}/registry.db",
    ) as server:
        mlflow.set_tracking_uri(server.url)
        yield server


def config(fake: FakeProvider, tracking_url: str, experiment: str, **traces: Any) -> dict[str, Any]:
    return {
        "endpoints": [
            endpoint(fake, "chat"), endpoint(fake, "claude", provider="anthropic", model_name="claude-sonnet-4-5"),
            endpoint(fake, "embeddings", task="embeddings", model_name="text-embedding-3-small"),
            endpoint(fake, "broken", model_name="gpt-4o-mini", fallback=["chat"])],
        "routes": [split("both", ("chat", 50), ("claude", 50))],
        "teams": ["research"], "keys": [{"name": "ci", "key": "ci-key-0123456789abcdef", "team": "research"}],
        "retries": {"attempts": 0},
        "traces": {"tracking_uri": tracking_url, "experiment": experiment, **traces}}


def call(gateway: Gateway, body: dict[str, Any], path: str = "/v1/chat/completions", **headers: str) -> Any:
    response = gateway.post(path, body, headers={"Authorization": "Bearer ci-key-0123456789abcdef", **headers})
    return response


def traces(experiment: str, count: int, timeout: float = 15) -> list[Any]:
    """All traces of an experiment, oldest first, once there are `count` of them."""
    end = time.monotonic() + timeout
    while True:
        found = mlflow.get_experiment_by_name(experiment)
        listed = [] if found is None else mlflow.search_traces(
            experiment_ids=[found.experiment_id], return_type="list", order_by=["timestamp_ms ASC"])
        if len(listed) >= count or time.monotonic() > end:
            assert len(listed) == count, f"{len(listed)} traces"
            return listed
        time.sleep(0.2)


def with_spans(count: int, read: Callable[[], Any], timeout: float = 15) -> Any:
    """A trace, once it has ``count`` spans."""
    end = time.monotonic() + timeout
    while True:
        trace = read()
        if len(trace.data.spans) >= count or time.monotonic() > end:
            assert len(trace.data.spans) == count, [span.name for span in trace.data.spans]
            return trace
        time.sleep(0.2)


def figure(gateway: Gateway, metric: str, label: str = "") -> int:
    lines = gateway.get("/metrics").body.decode().splitlines()
    return next(int(float(line.split()[-1])) for line in lines if line.startswith(metric) and label in line)


def test_a_chat_becomes_a_trace(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name, redact={"patterns": [r"\b\d{3}-\d{2}-\d{4}\b"]})) as gateway:
        body = chat("chat", f"my key is {SECRET} and my number 123-45-6789: größe 😀")
        response = call(gateway, {**body, "user": "alice", "metadata": {"Password": "hunter2"}})
        assert response.status == 200
        (trace,) = traces(name, 1)
        assert trace.info.state == "OK" and trace.info.tags["mlflow.traceName"] == "chat"
        assert trace.info.tags["unladen.team"] == "research" and trace.info.tags["unladen.key"] == "ci"
        assert trace.info.trace_metadata["mlflow.trace.user"] == "alice"
        usage = response.json()["usage"]
        assert trace.info.token_usage["input_tokens"] == usage["prompt_tokens"]
        assert trace.info.token_usage["output_tokens"] == usage["completion_tokens"]
        root, attempt = trace.data.spans
        assert root.span_type == "CHAT_MODEL" and attempt.parent_id == root.span_id and attempt.name == "openai/gpt-4o-mini"
        assert root.inputs["messages"][-1]["content"] == "my key is [REDACTED] and my number [REDACTED]: größe 😀"
        assert root.inputs["metadata"] == {"Password": "[REDACTED]"}
        assert root.outputs["choices"][0]["message"]["content"] == "echo: my key is [REDACTED] and my number [REDACTED]: größe 😀"
        assert SECRET in response.json()["choices"][0]["message"]["content"], "the client's own response isn't redacted"
        assert SECRET not in json.dumps(trace.to_dict()) and "ci-key" not in json.dumps(trace.to_dict())
        assert root.start_time_ns <= attempt.start_time_ns <= attempt.end_time_ns <= root.end_time_ns


@pytest.mark.parametrize("route", ["chat", "claude"])
def test_a_stream_is_logged_as_its_response(fake: FakeProvider, tracking: RunningServer, unique: Any, route: str) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        assert call(gateway, chat(route, "[[words=5]]", stream=True)).status == 200
        (trace,) = traces(name, 1)
        message = trace.data.spans[0].outputs["choices"][0]["message"]
        assert message["content"] == "word1 word2 word3 word4 word5"


def test_messages_and_embeddings(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        message = {"model": "claude", "max_tokens": 50, "messages": [{"role": "user", "content": "[[words=3]]"}], "stream": True}
        assert call(gateway, message, "/v1/messages").status == 200
        assert call(gateway, {"model": "embeddings", "input": "hello"}, "/v1/embeddings").status == 200
        first, second = traces(name, 2)
        assert first.data.spans[0].outputs["content"][0]["text"] == "word1 word2 word3"
        assert second.data.spans[0].span_type == "EMBEDDING"


def test_a_request_with_many_values_or_deep_ones(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    """Exceeds the values that a tracking server accepts by OTLP; such a trace doesn't prevent later ones from being logged."""
    name = unique("calls")
    deep: Any = "bottom"
    for _ in range(40):
        deep = [deep]
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        assert call(gateway, {"model": "embeddings", "input": [7] * 350_000}, "/v1/embeddings").status == 200
        assert call(gateway, {**chat("chat", "hi"), "tools": [], "metadata": {"deep": deep}}).status == 200
        assert call(gateway, chat("chat", "last")).status == 200
        first, second, third = traces(name, 3, timeout=60)
        assert first.data.spans[0].inputs["input"] == [7] * 350_000
        assert second.data.spans[0].inputs["metadata"] == {"deep": deep}
        assert third.data.spans[0].inputs["messages"][-1]["content"] == "last"
        assert figure(gateway, "unladen_gateway_traces_total", 'outcome="dropped"') == 0


def test_the_parts_of_a_cost_add_up(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        body = chat("claude", "[[words=550 read=1000 write=304 write-1h=12000]]", max_tokens=1000)
        assert call(gateway, body).status == 200
        # A tier without a price: the cost is unknown, and the tracking server doesn't invent one.
        assert call(gateway, chat("chat", "[[tier=flex]]")).status == 200
        first, second = traces(name, 2)
        tokens = json.loads(first.info.trace_metadata["mlflow.trace.tokenUsage"])
        words = 4
        assert tokens == {
            "input_tokens": words + 13304, "output_tokens": 550, "total_tokens": words + 13854, "cache_read_input_tokens": 1000,
            "cache_creation_input_tokens": 12304, "cache_creation_input_tokens_above_1hr": 12000}
        cost = json.loads(first.info.trace_metadata["mlflow.trace.cost"])
        read = words * 3 + 1000 * 0.3 + 304 * 3.75 + 12000 * 6
        assert cost == pytest.approx(
            {"input_cost": read / 1e6, "output_cost": 550 * 15 / 1e6, "total_cost": (read + 550 * 15) / 1e6}, abs=1e-9)
        assert cost["input_cost"] + cost["output_cost"] == pytest.approx(cost["total_cost"], abs=1e-12)
        assert "mlflow.trace.cost" not in second.info.trace_metadata
        assert second.data.spans[1].get_attribute("mlflow.llm.model") == "gpt-4o-mini"


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_clients_trace_is_continued(fake: FakeProvider, tracking: RunningServer, unique: Any, flags: str) -> None:
    """The client's own spans are elsewhere; the trace still has a state, a request and a response."""
    name = unique("calls")
    trace_id, parent_id = uuid.uuid4().hex, "b7ad6b7169203331"
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        assert call(gateway, chat("chat", "hello"), traceparent=f"00-{trace_id}-{parent_id}-{flags}").status == 200
        trace = with_spans(2, lambda: traces(name, 1)[0])
        assert trace.info.trace_id == f"tr-{trace_id}" and trace.info.state == "OK"
        assert "hello" in trace.info.request_preview and "echo: hello" in trace.info.response_preview
        assert trace.info.tags["unladen.route"] == "chat" and trace.info.token_usage["total_tokens"] > 0
        (root,) = [span for span in trace.data.spans if span.parent_id == parent_id]
        (attempt,) = [span for span in trace.data.spans if span.parent_id == root.span_id]
        assert root.inputs["messages"][-1]["content"] == "hello" and attempt.name == "openai/gpt-4o-mini"
        seen = [request["headers"].get("traceparent", "") for request in fake.requests(last=50)]
        assert f"00-{trace_id}-{attempt.span_id}-01" in seen


def test_two_requests_of_a_clients_trace(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    traceparent = f"00-{uuid.uuid4().hex}-b7ad6b7169203331-01"
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        for text in ["one", "two"]:
            assert call(gateway, chat("chat", text), traceparent=traceparent).status == 200
        trace = with_spans(4, lambda: traces(name, 1)[0])
        assert {span.inputs["messages"][-1]["content"] for span in trace.data.spans if span.inputs} == {"one", "two"}


def test_the_gateways_spans_are_in_the_trace_of_mlflows_client(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name, agent = unique("calls"), unique("agents")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        experiment = mlflow.set_experiment(agent)
        with mlflow.start_span("agent") as span:
            span.set_inputs({"question": "what?"})
            headers = mlflow.tracing.get_tracing_context_headers_for_http_request()
            assert call(gateway, chat("chat", "hello"), **headers).status == 200
            span.set_outputs("that")
        mlflow.flush_trace_async_logging()
        trace = with_spans(3, lambda: mlflow.get_trace(span.trace_id))
        assert trace.info.experiment_id == experiment.experiment_id and trace.info.tags["mlflow.traceName"] == "agent"
        assert "what?" in trace.info.request_preview and "that" in trace.info.response_preview
        assert trace.info.tags["unladen.route"] == "chat"
        (request,) = [one for one in trace.data.spans if one.parent_id == span.span_id]
        assert request.name == "chat"


def test_failures_and_the_attempts_before_a_response(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        assert call(gateway, chat("chat", "[[status=400]]")).status == 400
        (trace,) = traces(name, 1)
        assert trace.info.state == "ERROR" and trace.data.spans[0].status.description
        assert [span.status.status_code.value for span in trace.data.spans] == ["ERROR", "ERROR"]


def test_without_content_there_are_only_numbers(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name, content=False)) as gateway:
        assert call(gateway, chat("chat", "nobody shall read this")).status == 200
        (trace,) = traces(name, 1)
        assert "nobody shall read" not in json.dumps(trace.to_dict())
        assert trace.info.token_usage["total_tokens"] > 0


def test_a_sample_and_chosen_routes(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name, sample=0.3, routes=["chat"])) as gateway:
        for _ in range(200):
            assert call(gateway, chat("chat", "hi")).status == 200
        for _ in range(20):
            assert call(gateway, chat("claude", "hi")).status == 200
        end = time.monotonic() + 60
        while figure(gateway, "unladen_gateway_traces_pending") > 0 and time.monotonic() < end:
            time.sleep(0.2)
        logged = figure(gateway, "unladen_gateway_traces_total", 'outcome="logged"')
        # 30% of 200, within five standard deviations.
        assert 27 <= logged <= 93
        found = mlflow.get_experiment_by_name(name)
        listed = mlflow.search_traces(
            experiment_ids=[found.experiment_id], return_type="list", max_results=500, include_spans=False)
        assert len(listed) == logged and {trace.info.tags["mlflow.traceName"] for trace in listed} == {"chat"}


def test_an_unreachable_tracking_server(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    """Requests are still served; after an edit that names another server, further traces go there."""
    name = unique("calls")
    with unladen_gateway(config(fake, "http://127.0.0.1:9", name)) as gateway:
        assert call(gateway, chat("chat", "first")).status == 200
        time.sleep(1)
        assert figure(gateway, "unladen_gateway_traces_pending") == 1
        gateway.write(config(fake, tracking.url, name))
        time.sleep(3)
        assert call(gateway, chat("chat", "second")).status == 200
        (trace,) = traces(name, 1)
        assert trace.data.spans[0].inputs["messages"][-1]["content"] == "second"


def test_pending_traces_are_sent_at_shutdown(fake: FakeProvider, tracking: RunningServer, unique: Any) -> None:
    name = unique("calls")
    with unladen_gateway(config(fake, tracking.url, name)) as gateway:
        for _ in range(50):
            assert call(gateway, chat("chat", "hi")).status == 200
        gateway.process.process.terminate()
        assert gateway.process.process.wait(20) == 0
        gateway.killed.append(gateway.process.process.pid)
    traces(name, 50)

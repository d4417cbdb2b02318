"""W3C Trace Context: OpenTelemetry's propagator on the client's side, and what providers receive."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import anthropic
import httpx
import openai
import pytest
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gateway.configs import chat, endpoint, user
from support.gateways import FakeProvider, Gateway, unladen_gateway

propagator = TraceContextTextMapPropagator()


def client_headers(*, sampled: bool = True) -> tuple[trace.SpanContext, dict[str, str]]:
    """A span of a client and its headers, as an instrumented HTTP client sends them."""
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if sampled else trace.TraceFlags.DEFAULT)
    state = trace.TraceState([("vendor", "private")])
    context = trace.SpanContext(secrets.randbits(128), secrets.randbits(64) | 1, is_remote=False, trace_flags=flags, trace_state=state)
    headers: dict[str, str] = {"baggage": "user=alice"}
    propagator.inject(headers, trace.set_span_in_context(trace.NonRecordingSpan(context)))
    return context, headers


def received(fake: FakeProvider, text: str) -> list[dict[str, str]]:
    """The headers of the requests with a given text that the provider received."""
    return [request["headers"] for request in fake.requests(last=50) if text in json.dumps(request["body"])]


def provider_span(headers: dict[str, str]) -> trace.SpanContext:
    """The span that a provider's instrumentation would have as its parent."""
    assert "tracestate" not in headers and "baggage" not in headers
    return trace.get_current_span(propagator.extract(headers)).get_span_context()


def assert_continued(span: trace.SpanContext, client: trace.SpanContext) -> None:
    assert span.is_valid and span.trace_id == client.trace_id and span.span_id != client.span_id
    assert span.trace_flags.sampled == client.trace_flags.sampled


@pytest.mark.parametrize("sampled", [True, False])
@pytest.mark.parametrize("route", ["chat-openai", "chat-anthropic", "chat-gemini", "chat-claude-bedrock"])
def test_a_provider_receives_the_clients_trace_with_another_span(
    client: openai.OpenAI, fake: FakeProvider, unique: Callable[[str], str], route: str, sampled: bool
) -> None:
    text = unique("text")
    context, headers = client_headers(sampled=sampled)
    messages: list[Any] = user(text)
    client.chat.completions.create(model=route, messages=messages, extra_headers=headers)
    (seen,) = received(fake, text)
    assert_continued(provider_span(seen), context)


def test_a_stream_of_messages(messages_client: anthropic.Anthropic, fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = unique("text")
    context, headers = client_headers()
    messages: list[Any] = user(text)
    with messages_client.messages.stream(model="chat-anthropic", max_tokens=9, messages=messages, extra_headers=headers) as stream:
        assert stream.get_final_message().content
    (seen,) = received(fake, text)
    assert_continued(provider_span(seen), context)


def test_every_attempt_has_a_span_of_its_own(fake: FakeProvider, unique: Callable[[str], str]) -> None:
    text = unique("text")
    context, headers = client_headers()
    endpoints = [
        endpoint(fake, "first", model_name="first-[[status=500]]", fallback=["second"], retries={"attempts": 1, "backoff": "0.01s"}),
        endpoint(fake, "second", model_name="second")]
    with unladen_gateway({"endpoints": endpoints}) as gateway:
        assert gateway.post("/v1/chat/completions", chat("first", text), headers=headers).status == 200
    spans = [provider_span(seen) for seen in received(fake, text)]
    assert len(spans) >= 2 and len({span.span_id for span in spans}) == len(spans)
    for span in spans:
        assert_continued(span, context)


@pytest.mark.parametrize("headers", [
    {}, {"tracestate": "vendor=private"}, {"traceparent": "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"},
    {"traceparent": f"00-{'0' * 32}-b7ad6b7169203331-01"}, {"traceparent": "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}])
def test_without_a_valid_trace_there_is_none(
    gateway: Gateway, fake: FakeProvider, unique: Callable[[str], str], headers: dict[str, str]
) -> None:
    text = unique("text")
    response = httpx.post(f"{gateway.url}/v1/chat/completions", json=chat("chat-openai", text), headers=headers, timeout=30)
    assert response.status_code == 200
    (seen,) = received(fake, text)
    assert "traceparent" not in seen and "tracestate" not in seen


def test_the_log_has_the_trace(fake: FakeProvider) -> None:
    context, headers = client_headers()
    with unladen_gateway({"endpoints": [endpoint(fake, "chat")]}) as gateway:
        assert gateway.post("/v1/chat/completions", chat("nowhere", "hi"), headers=headers).status == 404
        assert trace.format_trace_id(context.trace_id) in gateway.process.log.read_text()

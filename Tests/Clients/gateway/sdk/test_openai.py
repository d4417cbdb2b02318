"""OpenAI's client against the gateway, with all providers."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from gateway.configs import CHAT_MODELS, TOOL_PROVIDERS, user
from gateway.sdk.conftest import BEDROCK_COMPLETIONS, COMPLETIONS, EMBEDDINGS
from support.gateways import FakeProvider

PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}
TOOLS: Any = [
    {"type": "function", "function": {"name": name, "description": f"The {name}", "parameters": PARAMETERS}}
    for name in ("weather", "traffic")]
CALL = "Please call the tool for Oslo"
ARGUMENTS = {"city": "Oslo", "days": 7}
USAGE: Any = {"include_usage": True}


@pytest.mark.parametrize("provider", CHAT_MODELS)
def test_a_chat(client: openai.OpenAI, provider: str) -> None:
    response = client.chat.completions.create(
        model=f"chat-{provider}", messages=[{"role": "system", "content": "Be brief."}, *user("Hello there")], temperature=0.5)
    (choice,) = response.choices
    assert (choice.message.content, choice.message.role, choice.finish_reason) == ("echo: Hello there", "assistant", "stop")
    assert response.object == "chat.completion" and response.id and response.created
    assert response.usage and (response.usage.prompt_tokens, response.usage.completion_tokens, response.usage.total_tokens) == (4, 3, 7)


@pytest.mark.parametrize("provider", CHAT_MODELS)
def test_limits_and_stops(client: openai.OpenAI, provider: str) -> None:
    cut = client.chat.completions.create(model=f"chat-{provider}", messages=user("one two three"), max_tokens=2).choices[0]
    assert (cut.message.content, cut.finish_reason) == ("echo: one", "length")
    stopped = client.chat.completions.create(model=f"chat-{provider}", messages=user("one two three"), stop=" two").choices[0]
    assert (stopped.message.content, stopped.finish_reason) == ("echo: one", "stop")


@pytest.mark.parametrize("provider", CHAT_MODELS)
def test_a_stream(client: openai.OpenAI, provider: str) -> None:
    chunks = list(client.chat.completions.create(
        model=f"chat-{provider}", messages=user("Grüße an die 😀 Welt"), stream=True, stream_options=USAGE))
    parts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert parts == ["echo:", " Grüße", " an", " die", " 😀", " Welt"]
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]
    assert reasons == ["stop"]
    (usage,) = [chunk.usage for chunk in chunks if chunk.usage]
    assert (usage.prompt_tokens, usage.completion_tokens) == (5, 6)
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"} and len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize("provider", [name for name in CHAT_MODELS if name not in ("mistral", "ai21labs")])
def test_a_stream_reports_usage_only_on_request(client: openai.OpenAI, provider: str) -> None:
    chunks = list(client.chat.completions.create(model=f"chat-{provider}", messages=user("Hello"), stream=True))
    assert not any(chunk.usage for chunk in chunks) and all(chunk.choices for chunk in chunks)


@pytest.mark.parametrize("provider", CHAT_MODELS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_fragmented_stream(client: openai.OpenAI, provider: str, size: int) -> None:
    text = f"Grüße 😀 [[split={size}]]"
    chunks = client.chat.completions.create(model=f"chat-{provider}", messages=user(text), stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == f"echo: {text}"


@pytest.mark.parametrize("provider", TOOL_PROVIDERS)
def test_a_tool_is_called_and_responds(client: openai.OpenAI, provider: str) -> None:
    response = client.chat.completions.create(model=f"chat-{provider}", messages=user(CALL), tools=TOOLS)
    assert response.choices[0].finish_reason == "tool_calls"
    message = response.choices[0].message
    assert message.tool_calls and len(message.tool_calls) == 1
    call: Any = message.tool_calls[0]
    assert call.type == "function" and call.function.name == "weather" and json.loads(call.function.arguments) == ARGUMENTS
    said: Any = [*user(CALL), message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": "cold"}]
    assert client.chat.completions.create(
        model=f"chat-{provider}", messages=said, tools=TOOLS).choices[0].message.content == "echo: cold"


@pytest.mark.parametrize("provider", TOOL_PROVIDERS)
def test_tools_are_called_in_a_stream(client: openai.OpenAI, provider: str) -> None:
    with client.chat.completions.stream(
            model=f"chat-{provider}", messages=user("Please call every tool for Oslo"), tools=TOOLS) as stream:
        for _ in stream:
            pass
        choice = stream.get_final_completion().choices[0]
    assert choice.finish_reason == "tool_calls"
    calls: Any = choice.message.tool_calls
    assert [(call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        ("weather", ARGUMENTS), ("traffic", ARGUMENTS)]
    assert len({call.id for call in calls}) == 2


@pytest.mark.parametrize("provider", [name for name in TOOL_PROVIDERS if name != "cohere"])
def test_a_tool_is_chosen(client: openai.OpenAI, provider: str) -> None:
    choice: Any = {"type": "function", "function": {"name": "traffic"}}
    response = client.chat.completions.create(model=f"chat-{provider}", messages=user("Hello Oslo"), tools=TOOLS, tool_choice=choice)
    calls: Any = response.choices[0].message.tool_calls
    assert [call.function.name for call in calls] == ["traffic"]
    none = client.chat.completions.create(model=f"chat-{provider}", messages=user(CALL), tools=TOOLS, tool_choice="none")
    assert none.choices[0].message.content == f"echo: {CALL}" and not none.choices[0].message.tool_calls


@pytest.mark.parametrize("provider", [name for name in CHAT_MODELS if name not in ("ai21labs", "ollama")])
def test_json_by_a_schema(client: openai.OpenAI, provider: str) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"]}
    format: Any = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema, "strict": True}}
    response = client.chat.completions.create(model=f"chat-{provider}", messages=user("It is Ada."), response_format=format)
    assert json.loads(response.choices[0].message.content or "") == {"name": "Ada", "age": 7}


@pytest.mark.parametrize("provider", ["openai", "azure", "gemini", "mistral", "groq", "ai21labs"])
def test_several_choices(client: openai.OpenAI, provider: str) -> None:
    response = client.chat.completions.create(model=f"chat-{provider}", messages=user("Hello"), n=3)
    assert [choice.message.content for choice in response.choices] == ["echo: Hello", "echo-1: Hello", "echo-2: Hello"]
    assert response.usage and response.usage.completion_tokens == 6
    texts = {0: "", 1: "", 2: ""}
    for chunk in client.chat.completions.create(model=f"chat-{provider}", messages=user("Hello"), n=3, stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert list(texts.values()) == ["echo: Hello", "echo-1: Hello", "echo-2: Hello"]


@pytest.mark.parametrize("name", [*COMPLETIONS, *BEDROCK_COMPLETIONS])
def test_a_completion(client: openai.OpenAI, name: str) -> None:
    response = client.completions.create(model=f"completions-{name}", prompt="one two three", max_tokens=3)
    assert response.object == "text_completion"
    (choice,) = response.choices
    assert choice.text == "echo: one two"
    if name in ("mosaicml", "mlflow-model-serving"):
        # These providers report neither a finish reason nor usage.
        assert choice.finish_reason == "stop"
    else:
        assert choice.finish_reason == "length"
        assert response.usage and (response.usage.prompt_tokens, response.usage.completion_tokens) == (3, 3)


@pytest.mark.parametrize("name", [
    name for name in [*COMPLETIONS, *BEDROCK_COMPLETIONS] if name not in ("ai21labs", "mosaicml", "mlflow-model-serving")])
def test_a_completion_in_a_stream(client: openai.OpenAI, name: str) -> None:
    chunks = list(client.completions.create(
        model=f"completions-{name}", prompt="one two three", max_tokens=100, stream=True, stream_options=USAGE))
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices) == "echo: one two three"
    (usage,) = [chunk.usage for chunk in chunks if chunk.usage]
    assert (usage.prompt_tokens, usage.completion_tokens) == (3, 4)


@pytest.mark.parametrize("name", ["ai21labs", "mosaicml", "mlflow-model-serving"])
def test_completions_that_have_no_streams(client: openai.OpenAI, name: str) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        client.completions.create(model=f"completions-{name}", prompt="one", stream=True)


@pytest.mark.parametrize("name", [*EMBEDDINGS, "cohere-bedrock"])
def test_embeddings(client: openai.OpenAI, name: str) -> None:
    response = client.embeddings.create(model=f"embeddings-{name}", input=["one two", "three"])
    floats = client.embeddings.create(model=f"embeddings-{name}", input=["one two", "three"], encoding_format="float")
    assert [item.embedding for item in response.data] == [item.embedding for item in floats.data]
    assert [item.index for item in response.data] == [0, 1] and {len(item.embedding) for item in response.data} == {8}
    assert response.data[0].embedding != response.data[1].embedding
    if name not in ("gemini", "mosaicml", "mlflow-embeddings"):
        assert response.usage.prompt_tokens == 3 and response.usage.total_tokens == 3


def test_embeddings_of_titan_are_one_at_a_time(client: openai.OpenAI) -> None:
    response = client.embeddings.create(model="embeddings-titan", input="one two", dimensions=256)
    assert len(response.data[0].embedding) == 256 and response.usage.prompt_tokens == 2
    with pytest.raises(openai.UnprocessableEntityError):
        client.embeddings.create(model="embeddings-titan", input=["a", "b"])


@pytest.mark.parametrize("provider", ["openai", "azure"])
def test_responses(client: openai.OpenAI, provider: str) -> None:
    response = client.responses.create(model=f"chat-{provider}", instructions="Be brief", input="Hello there", store=False)
    assert response.output_text == "echo: Hello there" and response.status == "completed"
    assert response.usage and (response.usage.input_tokens, response.usage.output_tokens) == (4, 3)
    events = list(client.responses.create(model=f"chat-{provider}", input="Hello there", stream=True))
    assert [event.delta for event in events if event.type == "response.output_text.delta"] == ["echo:", " Hello", " there"]
    assert events[0].type == "response.created" and events[-1].type == "response.completed"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    tools: Any = [{"type": "function", "name": "weather", "parameters": PARAMETERS, "strict": False}]
    with client.responses.stream(model=f"chat-{provider}", input=CALL, tools=tools) as stream:
        for _ in stream:
            pass
        item: Any = stream.get_final_response().output[0]
    assert item.type == "function_call" and json.loads(item.arguments) == ARGUMENTS


def test_models_are_the_routes(client: openai.OpenAI) -> None:
    models = {model.id: model for model in client.models.list()}
    assert {f"chat-{provider}" for provider in CHAT_MODELS} <= models.keys()
    assert client.models.retrieve("chat-openai").id == "chat-openai"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("missing")


def test_what_the_provider_receives(client: openai.OpenAI, fake: FakeProvider) -> None:
    """The provider receives neither the client's key nor the route's name, and every parameter that the client has set."""
    client.chat.completions.create(
        model="chat-openai", messages=user("Hello"), seed=7, logit_bias={"1": 2}, user="ada", extra_body={"verbosity": "low"})
    (request,) = fake.requests(last=1)
    assert request["body"] == {
        "model": "gpt-4o-mini", "messages": user("Hello"), "seed": 7, "logit_bias": {"1": 2}, "user": "ada", "verbosity": "low"}
    assert "no-key-is-needed" not in json.dumps(request) and "chat-openai" not in json.dumps(request)


def test_the_raw_response_has_a_request_id(client: openai.OpenAI) -> None:
    response = client.chat.completions.with_raw_response.create(model="chat-openai", messages=user("Hello"))
    assert response.headers["x-request-id"] and response.headers["content-type"] == "application/json"
    assert response.parse().choices[0].message.content == "echo: Hello"

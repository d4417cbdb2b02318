"""The providers' own clients against the fake provider, so that the other tests can rely on it."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import boto3
import botocore.config
import botocore.exceptions
import cohere
import openai
import pytest
from google import genai
from google.genai import errors as genai_errors
from google.genai import types as genai_types

from support.gateways import PROVIDER_KEY, FakeProvider

PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CALL = "Please call the tool for Oslo"


@pytest.fixture
def openai_client(fake: FakeProvider) -> openai.OpenAI:
    return openai.OpenAI(api_key=PROVIDER_KEY, base_url=f"{fake.url}/openai/v1", max_retries=0)


@pytest.fixture
def anthropic_client(fake: FakeProvider) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key=PROVIDER_KEY, base_url=f"{fake.url}/anthropic", max_retries=0)


@pytest.fixture
def cohere_client(fake: FakeProvider) -> cohere.ClientV2:
    return cohere.ClientV2(api_key=PROVIDER_KEY, base_url=f"{fake.url}/cohere")


@pytest.fixture
def gemini_client(fake: FakeProvider) -> genai.Client:
    return genai.Client(api_key=PROVIDER_KEY, http_options=genai_types.HttpOptions(base_url=f"{fake.url}/gemini"))


def bedrock(fake: FakeProvider, secret: str = PROVIDER_KEY) -> Any:
    return boto3.client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=f"{fake.url}/bedrock", aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=secret, config=botocore.config.Config(retries={"total_max_attempts": 1}))


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


# OpenAI


def test_openai_chat(openai_client: openai.OpenAI) -> None:
    response = openai_client.chat.completions.create(model="gpt-4o", messages=ask("Hello there"), n=2, max_tokens=2)
    assert [choice.message.content for choice in response.choices] == ["echo: Hello", "echo-1: Hello"]
    assert {choice.finish_reason for choice in response.choices} == {"length"}
    assert response.usage and (response.usage.prompt_tokens, response.usage.completion_tokens) == (2, 4)


def test_openai_stream(openai_client: openai.OpenAI) -> None:
    chunks = list(openai_client.chat.completions.create(
        model="gpt-4o", messages=ask("one two three"), stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "echo: one two three"
    assert chunks[-1].usage and chunks[-1].usage.total_tokens == 7
    without = list(openai_client.chat.completions.create(model="gpt-4o", messages=ask("one"), stream=True))
    assert not any(chunk.usage for chunk in without)


def test_openai_tools(openai_client: openai.OpenAI) -> None:
    tools: Any = [{"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}]
    response = openai_client.chat.completions.create(model="gpt-4o", messages=ask(CALL), tools=tools)
    message = response.choices[0].message
    assert message.tool_calls and json.loads(message.tool_calls[0].function.arguments) == {"city": "Oslo"}
    assert response.choices[0].finish_reason == "tool_calls"
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "cold"}
    more: Any = [*ask(CALL), message.model_dump(exclude_none=True), result]
    assert openai_client.chat.completions.create(
        model="gpt-4o", messages=more, tools=tools).choices[0].message.content == "echo: cold"
    with openai_client.chat.completions.stream(model="gpt-4o", messages=ask(CALL), tools=tools) as stream:
        for _ in stream:
            pass
        call = stream.get_final_completion().choices[0].message.tool_calls
    assert call and json.loads(call[0].function.arguments) == {"city": "Oslo"}


def test_openai_completions_and_embeddings(openai_client: openai.OpenAI) -> None:
    completion = openai_client.completions.create(model="gpt-4o", prompt=["a b", "c"], stop="b")
    assert [choice.text for choice in completion.choices] == ["echo: a ", "echo: c"]
    whole = "".join(chunk.choices[0].text for chunk in openai_client.completions.create(model="m", prompt="a b", stream=True))
    assert whole == "echo: a b"
    base64 = openai_client.embeddings.create(model="text-embedding-3-small", input=["a b", "c"])
    floats = openai_client.embeddings.create(model="text-embedding-3-small", input=["a b", "c"], encoding_format="float")
    assert [item.embedding for item in base64.data] == [item.embedding for item in floats.data]
    assert floats.usage.prompt_tokens == 3 and len(floats.data[0].embedding) == 8


def test_openai_responses(openai_client: openai.OpenAI) -> None:
    response = openai_client.responses.create(model="gpt-4o", instructions="Be brief", input="Hello there")
    assert response.output_text == "echo: Hello there" and response.usage and response.usage.input_tokens == 4
    events = list(openai_client.responses.create(model="gpt-4o", input="Hello there", stream=True))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "echo: Hello there"
    assert events[-1].type == "response.completed"
    tools: Any = [{"type": "function", "name": "weather", "parameters": PARAMETERS, "strict": False}]
    with openai_client.responses.stream(model="gpt-4o", input=CALL, tools=tools) as stream:
        for _ in stream:
            pass
        item = stream.get_final_response().output[0]
    assert item.type == "function_call" and json.loads(item.arguments) == {"city": "Oslo"}
    cut = openai_client.responses.create(model="gpt-4o", input="Hello there", max_output_tokens=2)
    assert cut.status == "incomplete" and cut.output_text == "echo: Hello"


def test_openai_json(openai_client: openai.OpenAI) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
    format: Any = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema}}
    response = openai_client.chat.completions.create(model="gpt-4o", messages=ask("It is Ada."), response_format=format)
    assert json.loads(response.choices[0].message.content or "") == {"name": "Ada", "age": 7}


@pytest.mark.parametrize("text, error", [
    ("[[status=400]]", openai.BadRequestError), ("[[status=401]]", openai.AuthenticationError),
    ("[[status=403]]", openai.PermissionDeniedError), ("[[status=404]]", openai.NotFoundError),
    ("[[status=409]]", openai.ConflictError), ("[[status=422]]", openai.UnprocessableEntityError),
    ("[[status=429 retry-after=1]]", openai.RateLimitError), ("[[status=503]]", openai.InternalServerError),
    ("[[reset]]", openai.APIConnectionError), ("[[close]]", openai.APIConnectionError), ("[[no-http]]", openai.APIConnectionError),
    ("[[wrong-length]]", openai.APIConnectionError), ("[[hang]]", openai.APITimeoutError),
])
def test_openai_errors(openai_client: openai.OpenAI, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        openai_client.with_options(timeout=1).chat.completions.create(model="gpt-4o", messages=ask(text))


def test_openai_refusals(openai_client: openai.OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        openai_client.with_options(api_key="wrong").models.list()
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        openai_client.chat.completions.create(model="no-such-model", messages=ask("Hello"))
    bodies: list[dict[str, Any]] = [
        {"candidate_count": 1}, {"temperature": 3}, {"temperature": "hot"}, {"n": 0}, {"messages": []}, {"messages": "a"},
        {"stream_options": {"include_usage": True}}, {"tool_choice": "auto"}, {"max_tokens": 1, "max_completion_tokens": 1}]
    for body in bodies:
        with pytest.raises(openai.BadRequestError):
            openai_client.chat.completions.create(model="gpt-4o", messages=ask("Hello"), extra_body=body)


def test_azure(fake: FakeProvider) -> None:
    client = openai.AzureOpenAI(
        api_key=PROVIDER_KEY, azure_endpoint=f"{fake.url}/azure", api_version="2024-10-21", max_retries=0)
    assert client.chat.completions.create(model="mine", messages=ask("Hi")).choices[0].message.content == "echo: Hi"
    assert client.embeddings.create(model="mine", input="Hi").data[0].embedding
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").embeddings.create(model="mine", input="Hi")


# Anthropic


def test_anthropic(anthropic_client: anthropic.Anthropic) -> None:
    response = anthropic_client.messages.create(model="claude", max_tokens=10, system="Be brief", messages=ask("Hello there"))
    assert response.content[0].type == "text" and response.content[0].text == "echo: Hello there"
    assert (response.usage.input_tokens, response.usage.output_tokens, response.stop_reason) == (4, 3, "end_turn")
    with anthropic_client.messages.stream(model="claude", max_tokens=2, messages=ask("Hello there")) as stream:
        assert list(stream.text_stream) == ["echo:", " Hello"]
        last = stream.get_final_message()
    assert last.stop_reason == "max_tokens" and last.usage.output_tokens == 2


def test_anthropic_tools(anthropic_client: anthropic.Anthropic) -> None:
    tools: Any = [{"name": "weather", "input_schema": PARAMETERS}]
    with anthropic_client.messages.stream(model="claude", max_tokens=100, messages=ask(CALL), tools=tools) as stream:
        last = stream.get_final_message()
    block = last.content[0]
    assert block.type == "tool_use" and block.input == {"city": "Oslo"} and last.stop_reason == "tool_use"
    result = {"type": "tool_result", "tool_use_id": block.id, "content": "cold"}
    more: Any = [*ask(CALL), {"role": "assistant", "content": last.content}, {"role": "user", "content": [result]}]
    response = anthropic_client.messages.create(model="claude", max_tokens=100, messages=more, tools=tools)
    assert response.content[0].type == "text" and response.content[0].text == "echo: cold"


@pytest.mark.parametrize("text, error", [
    ("[[status=400]]", anthropic.BadRequestError), ("[[status=401]]", anthropic.AuthenticationError),
    ("[[status=413]]", anthropic.RequestTooLargeError), ("[[status=429]]", anthropic.RateLimitError),
    ("[[status=529]]", anthropic.OverloadedError), ("[[reset]]", anthropic.APIConnectionError),
])
def test_anthropic_errors(anthropic_client: anthropic.Anthropic, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        anthropic_client.messages.create(model="claude", max_tokens=10, messages=ask(text))


def test_anthropic_refusals(anthropic_client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.AuthenticationError):
        anthropic_client.with_options(api_key="wrong").messages.create(model="claude", max_tokens=1, messages=ask("Hi"))
    for body in [{"temperature": 1}, {"new_member": 1}, {"messages": ask("")}, {"messages": [{"role": "tool", "content": "a"}]}]:
        with pytest.raises(anthropic.BadRequestError):
            anthropic_client.messages.create(model="claude", max_tokens=1, messages=ask("Hi"), extra_body=body)
    with pytest.raises(anthropic.APIStatusError, match="was requested"):
        with anthropic_client.messages.stream(model="claude", max_tokens=9, messages=ask("[[error-after=3 status=529]]")) as stream:
            list(stream.text_stream)


# Cohere


def test_cohere(cohere_client: cohere.ClientV2) -> None:
    response = cohere_client.chat(model="command-a", messages=[cohere.UserChatMessageV2(content="Hello there")])
    assert response.message.content and response.message.content[0].text == "echo: Hello there"
    assert response.usage and response.usage.billed_units and response.usage.billed_units.output_tokens == 3
    events = list(cohere_client.chat_stream(model="command-a", messages=[cohere.UserChatMessageV2(content="Hello there")]))
    assert "".join(event.delta.message.content.text for event in events if event.type == "content-delta") == "echo: Hello there"
    assert events[-1].type == "message-end" and events[-1].delta.finish_reason == "COMPLETE"
    vectors = cohere_client.embed(
        model="embed-v4.0", texts=["a", "b"], input_type="search_query", embedding_types=["float"]).embeddings.float_
    assert vectors and len(vectors) == 2 and vectors[0] != vectors[1]
    tools: Any = [{"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}]
    called = cohere_client.chat(model="command-a", messages=[cohere.UserChatMessageV2(content=CALL)], tools=tools)
    assert called.finish_reason == "TOOL_CALL" and called.message.tool_calls
    assert json.loads(called.message.tool_calls[0].function.arguments) == {"city": "Oslo"}


def test_cohere_refusals(fake: FakeProvider, cohere_client: cohere.ClientV2) -> None:
    with pytest.raises(cohere.UnauthorizedError):
        cohere.ClientV2(api_key="wrong", base_url=f"{fake.url}/cohere").embed(
            model="embed-v4.0", texts=["a"], input_type="search_query", embedding_types=["float"])
    with pytest.raises(cohere.BadRequestError):
        cohere_client.chat(model="command-a", messages=[cohere.UserChatMessageV2(content="Hi")], temperature=2)


# Gemini


def test_gemini(gemini_client: genai.Client) -> None:
    response = gemini_client.models.generate_content(
        model="gemini-2.5-flash", contents="Hello there",
        config=genai_types.GenerateContentConfig(system_instruction="Be brief", max_output_tokens=2, candidate_count=1))
    assert response.text == "echo: Hello" and response.candidates and response.candidates[0].finish_reason == "MAX_TOKENS"
    assert response.usage_metadata and response.usage_metadata.prompt_token_count == 4
    parts = list(gemini_client.models.generate_content_stream(model="gemini-2.5-flash", contents="Hello there"))
    assert [part.text for part in parts if part.text] == ["echo:", " Hello", " there"]
    assert parts[-1].usage_metadata and parts[-1].usage_metadata.candidates_token_count == 3
    vectors = gemini_client.models.embed_content(model="gemini-embedding-001", contents=["a", "b"]).embeddings
    assert vectors and len(vectors) == 2 and vectors[0].values != vectors[1].values


def test_gemini_functions(gemini_client: genai.Client) -> None:
    function = genai_types.FunctionDeclaration(name="weather", parameters_json_schema=PARAMETERS)
    response = gemini_client.models.generate_content(
        model="gemini-2.5-flash", contents=CALL,
        config=genai_types.GenerateContentConfig(tools=[genai_types.Tool(function_declarations=[function])]))
    assert response.function_calls and response.function_calls[0].args == {"city": "Oslo"}


def test_gemini_refusals(fake: FakeProvider, gemini_client: genai.Client) -> None:
    wrong = genai.Client(api_key="wrong", http_options=genai_types.HttpOptions(base_url=f"{fake.url}/gemini"))
    with pytest.raises(genai_errors.ClientError, match="API key not valid"):
        wrong.models.generate_content(model="gemini-2.5-flash", contents="Hi")
    with pytest.raises(genai_errors.ClientError, match="RESOURCE_EXHAUSTED"):
        gemini_client.models.generate_content(model="gemini-2.5-flash", contents="[[status=429]]")


# Bedrock


def test_bedrock_converse(fake: FakeProvider) -> None:
    client = bedrock(fake)
    messages = [{"role": "user", "content": [{"text": "Hello there"}]}]
    response = client.converse(
        modelId="amazon.nova-lite-v1:0", messages=messages, system=[{"text": "Be brief"}], inferenceConfig={"maxTokens": 2})
    assert response["output"]["message"]["content"] == [{"text": "echo: Hello"}]
    assert response["stopReason"] == "max_tokens" and response["usage"] == {"inputTokens": 4, "outputTokens": 2, "totalTokens": 6}
    events = list(client.converse_stream(modelId="amazon.nova-lite-v1:0", messages=messages)["stream"])
    texts = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
    assert texts == ["echo:", " Hello", " there"] and events[-1]["metadata"]["usage"]["totalTokens"] == 5
    tools = {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": PARAMETERS}}}]}
    called = client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": CALL}]}], toolConfig=tools)
    assert called["output"]["message"]["content"][0]["toolUse"]["input"] == {"city": "Oslo"}


def test_bedrock_invoke(fake: FakeProvider) -> None:
    client = bedrock(fake)
    titan = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": "a b"}))
    assert json.loads(titan["body"].read())["inputTextTokenCount"] == 2
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": ask("Hello there")}
    claude = client.invoke_model(modelId="us.anthropic.claude-sonnet-4-v1:0", body=json.dumps(body))
    assert json.loads(claude["body"].read())["content"] == [{"type": "text", "text": "echo: Hello there"}]
    events = client.invoke_model_with_response_stream(modelId="anthropic.claude-3", body=json.dumps(body))["body"]
    types = [json.loads(event["chunk"]["bytes"])["type"] for event in events]
    assert types[0] == "message_start" and types[-1] == "message_stop" and types.count("content_block_delta") == 3
    titan_events = client.invoke_model_with_response_stream(
        modelId="amazon.titan-text-lite-v1", body=json.dumps({"inputText": "Hello there"}))["body"]
    chunks = [json.loads(event["chunk"]["bytes"]) for event in titan_events]
    assert "".join(chunk["outputText"] for chunk in chunks) == "echo: Hello there"
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == 3


def test_bedrock_refusals(fake: FakeProvider) -> None:
    messages = [{"role": "user", "content": [{"text": "[[status=429]]"}]}]
    with pytest.raises(botocore.exceptions.ClientError, match="signature we calculated"):
        bedrock(fake, secret="wrong").converse(modelId="m", messages=messages)
    client = bedrock(fake)
    with pytest.raises(client.exceptions.ThrottlingException):
        client.converse(modelId="m", messages=messages)
    cut = [{"role": "user", "content": [{"text": "[[error-after=2 status=429]]"}]}]
    with pytest.raises(botocore.exceptions.EventStreamError, match="throttlingException"):
        list(client.converse_stream(modelId="m", messages=cut)["stream"])

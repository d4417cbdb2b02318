"""Anthropic's client against the gateway: its messages pass through to Anthropic and are translated for other providers."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from gateway.configs import user
from support.gateways import FakeProvider

PASSING = ["chat-anthropic", "chat-claude-bedrock"]
TRANSLATED = ["chat-openai", "chat-gemini", "chat-cohere", "chat-bedrock", "chat-mistral"]
TOOLS: Any = [
    {"name": name, "description": f"The {name}", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
    for name in ("weather", "traffic")]


@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_a_message(messages_client: anthropic.Anthropic, model: str) -> None:
    response = messages_client.messages.create(model=model, max_tokens=10, system="Be brief.", messages=user("Hello there"))
    assert [(block.type, block.text) for block in response.content] == [("text", "echo: Hello there")]  # type: ignore[union-attr]
    assert (response.type, response.role, response.stop_reason) == ("message", "assistant", "end_turn")
    assert (response.usage.input_tokens, response.usage.output_tokens) == (4, 3)


@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_limits_and_stops(messages_client: anthropic.Anthropic, model: str) -> None:
    cut = messages_client.messages.create(model=model, max_tokens=2, messages=user("one two three"))
    assert cut.content[0].text == "echo: one" and cut.stop_reason == "max_tokens"  # type: ignore[union-attr]
    stopped = messages_client.messages.create(model=model, max_tokens=9, messages=user("one two"), stop_sequences=[" two"])
    assert stopped.content[0].text == "echo: one"  # type: ignore[union-attr]
    # Only Anthropic reports whether a stop sequence ended the message.
    assert stopped.stop_reason in (("stop_sequence",) if model in PASSING else ("stop_sequence", "end_turn"))


@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_a_stream(messages_client: anthropic.Anthropic, model: str) -> None:
    with messages_client.messages.stream(model=model, max_tokens=100, messages=user("Grüße an die 😀 Welt")) as stream:
        assert list(stream.text_stream) == ["echo:", " Grüße", " an", " die", " 😀", " Welt"]
        last = stream.get_final_message()
    assert last.content[0].text == "echo: Grüße an die 😀 Welt" and last.stop_reason == "end_turn"  # type: ignore[union-attr]
    assert (last.usage.input_tokens, last.usage.output_tokens) == (5, 6)


@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_the_events_of_a_stream(messages_client: anthropic.Anthropic, model: str) -> None:
    events = [event.type for event in messages_client.messages.create(
        model=model, max_tokens=9, messages=user("Hello"), stream=True) if event.type != "ping"]
    assert events == [
        "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta",
        "message_stop"]


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_tools(messages_client: anthropic.Anthropic, model: str, streams: bool) -> None:
    text = "Please call every tool for Oslo"

    def create(messages: Any) -> anthropic.types.Message:
        if not streams:
            return messages_client.messages.create(model=model, max_tokens=100, messages=messages, tools=TOOLS)
        with messages_client.messages.stream(model=model, max_tokens=100, messages=messages, tools=TOOLS) as stream:
            return stream.get_final_message()

    response = create(user(text))
    calls: Any = [block for block in response.content if block.type == "tool_use"]
    assert [(call.name, call.input) for call in calls] == [("weather", {"city": "Oslo"}), ("traffic", {"city": "Oslo"})]
    assert response.stop_reason == "tool_use" and len({call.id for call in calls}) == 2
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": word} for call, word in zip(calls, ("cold", "slow"), strict=True)]
    made = [call.model_dump(include={"type", "id", "name", "input"}) for call in calls]
    said = [*user(text), {"role": "assistant", "content": made}, {"role": "user", "content": results}]
    final: Any = create(said).content[-1]
    assert final.text == "echo: slow"


@pytest.mark.parametrize("model", PASSING + TRANSLATED)
def test_a_tool_is_chosen(messages_client: anthropic.Anthropic, model: str) -> None:
    choice: Any = {"type": "any"} if model == "chat-cohere" else {"type": "tool", "name": "weather"}
    response = messages_client.messages.create(
        model=model, max_tokens=100, messages=user("Hello Oslo"), tools=TOOLS, tool_choice=choice)
    assert [block.name for block in response.content if block.type == "tool_use"] == ["weather"]


def test_what_the_provider_gets(messages_client: anthropic.Anthropic, fake: FakeProvider) -> None:
    messages_client.messages.create(
        model="chat-anthropic", max_tokens=10, messages=user("Hello"), metadata={"user_id": "ada"},
        extra_headers={"anthropic-beta": "context-1m-2025-08-07"})
    (request,) = fake.requests(last=1)
    assert request["path"] == "/anthropic/v1/messages" and request["headers"]["anthropic-beta"] == "context-1m-2025-08-07"
    assert request["body"] == {
        "model": "claude-sonnet-4-5", "max_tokens": 10, "messages": user("Hello"), "metadata": {"user_id": "ada"}}
    assert request["headers"]["x-api-key"] == "fake-key"

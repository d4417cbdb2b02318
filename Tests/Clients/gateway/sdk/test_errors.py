"""The gateway's errors as the clients' exception classes."""

from __future__ import annotations

from typing import Any

import anthropic
import httpx
import openai
import pytest

from gateway.configs import CHAT_MODELS, chat, user
from support.gateways import Gateway


def error_of(response: httpx.Response) -> dict[str, Any]:
    """The error in OpenAI's format, which must have all its members."""
    error = response.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"} and error["message"] and error["type"]
    return error


@pytest.mark.parametrize("provider", CHAT_MODELS)
@pytest.mark.parametrize("status, error", [
    (400, openai.BadRequestError), (422, openai.UnprocessableEntityError), (429, openai.RateLimitError),
    (500, openai.InternalServerError), (503, openai.InternalServerError),
])
def test_errors_of_the_provider_pass_through(client: openai.OpenAI, provider: str, status: int, error: type[openai.APIStatusError]) -> None:
    with pytest.raises(error, match="was requested") as raised:
        client.chat.completions.create(model=f"chat-{provider}", messages=user(f"[[status={status}]]"))
    assert raised.value.status_code == status


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_of_the_gateway_is_not_the_clients_mistake(client: openai.OpenAI, status: int) -> None:
    with pytest.raises(openai.InternalServerError, match="rejected the gateway's credentials") as raised:
        client.chat.completions.create(model="chat-openai", messages=user(f"[[status={status}]]"))
    assert raised.value.status_code == 502


def test_retry_after_passes_through(client: openai.OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as raised:
        client.chat.completions.create(model="chat-openai", messages=user("[[status=429 retry-after=30]]"))
    assert raised.value.response.headers["retry-after"] == "30"


def test_an_unknown_model(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="missing", messages=user("Hello"))
    assert raised.value.code == "model_not_found" and raised.value.param == "model"


def test_a_model_of_another_kind(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="not a chat endpoint"):
        client.chat.completions.create(model="embeddings-openai", messages=user("Hello"))


@pytest.mark.parametrize("body", [
    {"model": "chat-openai"}, {"messages": user("Hello")}, {"model": 1, "messages": user("Hello")},
    {"model": "chat-openai", "messages": []}, {"model": "chat-openai", "messages": "Hello"},
    {"model": "chat-openai", "messages": [{"role": "user"}]}, {"model": "chat-openai", "messages": user("Hello"), "stream": "yes"},
    {"model": "chat-openai", "messages": user("Hello"), "temperature": "hot"},
    {"model": "chat-openai", "messages": user("Hello"), "max_tokens": -1},
    {"model": "chat-openai", "messages": [{"role": "user", "content": {"text": "Hello"}}]},
])
def test_malformed_requests(gateway: Gateway, body: dict[str, Any]) -> None:
    response = httpx.post(f"{gateway.url}/v1/chat/completions", json=body)
    assert response.status_code == 400, response.text
    assert error_of(response)["type"] == "invalid_request_error"


def test_what_a_provider_does_not_support(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="logprobs"):
        client.chat.completions.create(model="chat-anthropic", messages=user("Hello"), logprobs=True)
    with pytest.raises(openai.UnprocessableEntityError):
        client.responses.create(model="chat-anthropic", input="Hello")


def test_errors_of_messages(gateway: Gateway, messages_client: anthropic.Anthropic) -> None:
    def create(text: str, model: str = "chat-anthropic") -> None:
        messages_client.messages.create(model=model, max_tokens=10, messages=user(text))  # type: ignore[arg-type]

    for model in ("chat-anthropic", "chat-openai"):
        for status, error in [
            (400, anthropic.BadRequestError), (429, anthropic.RateLimitError), (503, anthropic.InternalServerError),
        ]:
            with pytest.raises(error, match="was requested") as raised:
                create(f"[[status={status}]]", model)
            body: Any = raised.value.body
            assert body["type"] == "error" and body["error"].keys() == {"type", "message"}
    with pytest.raises(anthropic.NotFoundError):
        create("Hello", "missing")
    response = httpx.post(f"{gateway.url}/v1/messages", json={"model": "chat-openai", "messages": user("Hello")})
    assert response.status_code == 400 and response.json()["error"]["type"] == "invalid_request_error"


def test_unknown_paths_and_methods(gateway: Gateway) -> None:
    assert httpx.get(f"{gateway.url}/v1/missing").status_code == 404
    assert httpx.get(f"{gateway.url}/v1/chat/completions").status_code in (404, 405)
    response = httpx.post(f"{gateway.url}/gateway/missing/invocations", json=chat("x", "Hello"))
    assert response.status_code == 404 and response.json()["detail"]

"""LangChain's chat models and embeddings against the gateway."""

from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from support.gateways import Gateway

MODELS = ["chat-openai", "chat-anthropic", "chat-gemini", "chat-bedrock", "chat-cohere", "chat-mistral"]


def chat_model(gateway: Gateway, name: str) -> ChatOpenAI:
    return ChatOpenAI(model=name, base_url=f"{gateway.url}/v1", api_key="no-key-is-needed", max_retries=0, stream_usage=True)


@tool
def weather(city: str) -> str:
    """Returns the weather in a city."""
    return f"It is cold in {city}."


@pytest.mark.parametrize("name", MODELS)
def test_a_chat(gateway: Gateway, name: str) -> None:
    response = chat_model(gateway, name).invoke([SystemMessage("Be brief."), HumanMessage("Hello there")])
    assert response.content == "echo: Hello there" and response.response_metadata["finish_reason"] == "stop"
    assert response.usage_metadata and response.usage_metadata["input_tokens"] == 4 and response.usage_metadata["output_tokens"] == 3


@pytest.mark.parametrize("name", MODELS)
def test_a_stream(gateway: Gateway, name: str) -> None:
    chunks = list(chat_model(gateway, name).stream("Hello there"))
    assert [chunk.content for chunk in chunks if chunk.content] == ["echo:", " Hello", " there"]
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.usage_metadata and whole.usage_metadata["total_tokens"] == 5


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("streams", [False, True])
def test_tools(gateway: Gateway, name: str, streams: bool) -> None:
    model = chat_model(gateway, name).bind_tools([weather])
    said: list = [HumanMessage("Please call the tool for Oslo")]
    response = model.invoke(said)
    if streams:
        response = None
        for chunk in model.stream(said):
            response = chunk if response is None else response + chunk
    assert response is not None
    (call,) = response.tool_calls
    assert (call["name"], call["args"]) == ("weather", {"city": "Oslo"})
    said += [response, ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])]
    assert model.invoke(said).content == "echo: It is cold in Oslo."


@pytest.mark.parametrize("name", ["embeddings-openai", "embeddings-cohere", "embeddings-gemini"])
def test_embeddings(gateway: Gateway, name: str) -> None:
    embeddings = OpenAIEmbeddings(
        model=name, base_url=f"{gateway.url}/v1", api_key="no-key-is-needed", check_embedding_ctx_length=False)
    documents = embeddings.embed_documents(["one two", "three"])
    assert len(documents) == 2 and len(documents[0]) == 8 and documents[0] == embeddings.embed_query("one two")

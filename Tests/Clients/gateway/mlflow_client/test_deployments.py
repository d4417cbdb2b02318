"""`mlflow.deployments`, the client of MLflow 2.9 and later, against endpoints in its format."""

from __future__ import annotations

import mlflow
import pytest
from requests.exceptions import HTTPError

from support.gateways import Gateway

if tuple(int(part) for part in mlflow.__version__.split(".")[:2]) < (2, 9):
    pytest.skip("mlflow.deployments has had a gateway client since MLflow 2.9", allow_module_level=True)

from mlflow.deployments import BaseDeploymentClient, get_deploy_client  # noqa: E402


@pytest.fixture
def client(endpoints: Gateway) -> BaseDeploymentClient:
    return get_deploy_client(endpoints.url)


def test_endpoints_are_listed(client: BaseDeploymentClient, endpoints: Gateway) -> None:
    listed = {endpoint.name: endpoint for endpoint in client.list_endpoints()}
    assert {"chat", "completions", "embeddings", "claude"} <= listed.keys()
    chat = listed["chat"]
    assert (chat.endpoint_type, chat.model.name, chat.model.provider) == ("llm/v1/chat", "gpt-4o-mini", "openai")
    assert chat.endpoint_url == f"{endpoints.url}/gateway/chat/invocations"
    assert chat.limit and (chat.limit.calls, chat.limit.renewal_period) == (1000, "minute")
    assert listed["claude"].limit is None


def test_an_endpoint_is_described(client: BaseDeploymentClient) -> None:
    endpoint = client.get_endpoint(endpoint="embeddings")
    assert (endpoint.name, endpoint.endpoint_type) == ("embeddings", "llm/v1/embeddings")
    with pytest.raises(HTTPError, match="'missing' is not present or active"):
        client.get_endpoint("missing")


@pytest.mark.parametrize("name", ["chat", "claude", "both"])
def test_a_chat(client: BaseDeploymentClient, name: str) -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello there"}]
    response = client.predict(endpoint=name, inputs={"messages": messages, "max_tokens": 2, "temperature": 0.2})
    assert response["object"] == "chat.completion"
    assert response["choices"][0]["message"]["content"] == "echo: Hello"
    assert response["choices"][0]["message"]["role"] == "assistant" and response["choices"][0]["finish_reason"] == "length"
    assert response["usage"] == response["usage"] | {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6}


def test_a_tool_is_called(client: BaseDeploymentClient) -> None:
    function = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    for name in ("chat", "claude"):
        response = client.predict(endpoint=name, inputs={
            "messages": [{"role": "user", "content": "Please call the tool for Oslo"}],
            "tools": [{"type": "function", "function": function}]})
        (call,) = response["choices"][0]["message"]["tool_calls"]
        assert call["function"] == {"name": "weather", "arguments": '{"city":"Oslo"}'}
        assert response["choices"][0]["finish_reason"] == "tool_calls"


def test_a_completion(client: BaseDeploymentClient) -> None:
    response = client.predict(endpoint="completions", inputs={"prompt": "Hello!", "temperature": 0.3, "max_tokens": 500, "n": 2})
    assert response["object"] == "text_completion"
    assert [choice["text"] for choice in response["choices"]] == ["echo: Hello!", "echo-1: Hello!"]


def test_embeddings(client: BaseDeploymentClient) -> None:
    response = client.predict(endpoint="embeddings", inputs={"input": ["one two", "three"]})
    assert [item["index"] for item in response["data"]] == [0, 1] and len(response["data"][0]["embedding"]) == 8
    assert response["usage"] == {"prompt_tokens": 3, "total_tokens": 3}


@pytest.mark.parametrize("inputs", [
    {"messages": []}, {"messages": "Hello"}, {"messages": [{"content": "Hello"}]}, {},
    {"model": "other", "messages": [{"role": "user", "content": "Hello"}]},
    {"messages": [{"role": "user", "content": "Hello"}], "temperature": "hot"},
])
def test_requests_that_violate_the_schema(client: BaseDeploymentClient, inputs: dict) -> None:
    with pytest.raises(HTTPError, match="422"):
        client.predict(endpoint="chat", inputs=inputs)


def test_an_unknown_endpoint(client: BaseDeploymentClient) -> None:
    with pytest.raises(HTTPError, match="404"):
        client.predict(endpoint="missing", inputs={"messages": [{"role": "user", "content": "Hello"}]})


def test_an_error_of_the_provider(client: BaseDeploymentClient) -> None:
    with pytest.raises(HTTPError, match="400"):
        client.predict(endpoint="chat", inputs={"messages": [{"role": "user", "content": "[[status=400]]"}]})

"""`mlflow.gateway`, the client of MLflow 2.5, against routes in its format."""

from __future__ import annotations

import mlflow
import pytest
from requests.exceptions import HTTPError

from support.gateways import FakeProvider, Gateway

if not mlflow.__version__.startswith("2.5."):
    pytest.skip("mlflow.gateway has a client in MLflow 2.5 only", allow_module_level=True)

from mlflow.gateway import MlflowGatewayClient, get_route, query, search_routes, set_gateway_uri  # noqa: E402


@pytest.fixture
def client(routes: Gateway) -> MlflowGatewayClient:
    set_gateway_uri(gateway_uri=routes.url)
    return MlflowGatewayClient(routes.url)


def test_the_demo_of_the_documentation(routes: Gateway) -> None:
    """The calls of the quickstart, with its data."""
    set_gateway_uri(gateway_uri=routes.url)
    response = query("completions", {"prompt": "What is the best day of the week?", "temperature": 0.3})
    assert response["candidates"][0]["text"].startswith("echo: ")
    response = query(
        route="chat",
        data={
            "messages": [
                {"role": "system", "content": "You are a talented European rapper with a background in US history"},
                {"role": "user", "content": "Please recite the preamble to the US Constitution as if it were written today "
                                            "by a rapper from Reykjavík"}]})
    assert response["candidates"][0]["message"]["role"] == "assistant"
    assert response["candidates"][0]["message"]["content"].endswith("by a rapper from Reykjavík")
    response = query(route="embeddings", data={"text": ["When you are at the bottom of a hole, stop digging", "b"]})
    assert len(response["embeddings"]) == 2


def test_routes_are_found(client: MlflowGatewayClient, routes: Gateway) -> None:
    found = search_routes()
    assert [route.name for route in found][:3] == ["completions", "chat", "embeddings"]
    assert {route.name for route in client.search_routes()} == {route.name for route in found}
    route = client.get_route("completions")
    assert (route.name, route.route_type, route.model.name, route.model.provider) == (
        "completions", "llm/v1/completions", "gpt-3.5-turbo", "openai")
    assert route.route_url == f"{routes.url}/gateway/completions/invocations"
    assert get_route("chat").route_type == "llm/v1/chat"
    with pytest.raises(HTTPError, match="'missing' is not present or active"):
        client.get_route("missing")


def test_a_chat(client: MlflowGatewayClient) -> None:
    response = client.query("chat", {
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello there"}],
        "temperature": 0.5, "candidate_count": 2, "max_tokens": 2, "stop": ["x"]})
    assert response == {
        "candidates": [
            {"message": {"role": "assistant", "content": "echo: Hello"}, "metadata": {"finish_reason": "length"}},
            {"message": {"role": "assistant", "content": "echo-1: Hello"}, "metadata": {"finish_reason": "length"}}],
        "metadata": {
            "input_tokens": 4, "output_tokens": 4, "total_tokens": 8, "model": "gpt-3.5-turbo", "route_type": "llm/v1/chat"}}


def test_a_completion(client: MlflowGatewayClient) -> None:
    response = client.query("completions", {"prompt": "one two", "max_tokens": 100})
    assert response == {
        "candidates": [{"text": "echo: one two", "metadata": {"finish_reason": "stop"}}],
        "metadata": {
            "input_tokens": 2, "output_tokens": 3, "total_tokens": 5, "model": "gpt-3.5-turbo", "route_type": "llm/v1/completions"}}


def test_embeddings(client: MlflowGatewayClient) -> None:
    one = client.query("embeddings", {"text": "one two"})
    many = client.query("embeddings", {"text": ["one two", "three"]})
    assert one["embeddings"][0] == many["embeddings"][0] and len(many["embeddings"]) == 2
    assert many["metadata"] == {
        "input_tokens": 3, "output_tokens": 0, "total_tokens": 3, "model": "text-embedding-ada-002",
        "route_type": "llm/v1/embeddings"}


@pytest.fixture
def later(later_routes: Gateway) -> MlflowGatewayClient:
    return MlflowGatewayClient(later_routes.url)


@pytest.mark.parametrize("provider, tokens", [
    ("anthropic", (2, 3)), ("cohere", (2, 3)), ("ai21labs", (2, 3)), ("huggingface-text-generation-inference", (2, 3)),
    ("mosaicml", (None, None)), ("mlflow-model-serving", (None, None)),
])
def test_completions_of_all_providers(
    client: MlflowGatewayClient, later: MlflowGatewayClient, provider: str, tokens: tuple[int | None, int | None]
) -> None:
    queried = client if provider in ("anthropic", "cohere") else later
    response = queried.query(f"completions-{provider}", {"prompt": "one two", "max_tokens": 100, "temperature": 0.5})
    assert [candidate["text"] for candidate in response["candidates"]] == ["echo: one two"]
    assert (response["metadata"]["input_tokens"], response["metadata"]["output_tokens"]) == tokens
    assert response["metadata"]["route_type"] == "llm/v1/completions"


@pytest.mark.parametrize("provider", ["azure", "mosaicml"])
def test_chats_of_all_providers(later: MlflowGatewayClient, provider: str) -> None:
    response = later.query(f"chat-{provider}", {"messages": [{"role": "user", "content": "Hello there"}]})
    assert "Hello there" in response["candidates"][0]["message"]["content"]


@pytest.mark.parametrize("provider", ["cohere", "mosaicml", "mlflow-embeddings"])
def test_embeddings_of_all_providers(
    client: MlflowGatewayClient, later: MlflowGatewayClient, provider: str
) -> None:
    response = (client if provider == "cohere" else later).query(f"embeddings-{provider}", {"text": ["a", "b"]})
    assert len(response["embeddings"]) == 2 and len(response["embeddings"][0]) == 8
    assert response["metadata"]["route_type"] == "llm/v1/embeddings"


@pytest.mark.parametrize("route, data", [
    ("chat", {"messages": []}), ("chat", {"prompt": "a"}), ("chat", {"messages": [{"role": "user"}]}),
    ("chat", {"messages": [{"role": "user", "content": "a"}], "temperature": 2}),
    ("chat", {"messages": [{"role": "user", "content": "a"}], "candidate_count": 6}),
    ("completions", {"prompt": "a", "max_tokens": 0}), ("completions", {}), ("embeddings", {}),
    ("embeddings", {"text": {"a": "b"}}),
])
def test_requests_that_violate_the_schema(client: MlflowGatewayClient, route: str, data: dict) -> None:
    with pytest.raises(HTTPError, match="422 Client Error"):
        client.query(route, data)


def test_an_error_of_the_provider(client: MlflowGatewayClient) -> None:
    with pytest.raises(HTTPError, match="400 Client Error"):
        client.query("completions", {"prompt": "[[status=400]]"})


def test_what_the_provider_receives(client: MlflowGatewayClient, fake: FakeProvider) -> None:
    client.query("chat", {"messages": [{"role": "user", "content": "Hi"}], "candidate_count": 1, "stop": ["x"]})
    (request,) = fake.requests(last=1)
    assert request["path"] == "/openai/v1/chat/completions"
    assert request["body"]["model"] == "gpt-3.5-turbo" and request["body"]["stop"] == ["x"]
    assert "candidate_count" not in request["body"]

"""Fixtures for MLflow's own gateway clients, of the version that runs pytest."""

from __future__ import annotations

import os
from collections.abc import Iterator

# Set before mlflow is imported, which reads them: fail quickly, no telemetry.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import pytest  # noqa: E402

from gateway.configs import endpoint, route, split  # noqa: E402
from support.gateways import FakeProvider, Gateway, unladen_gateway  # noqa: E402


@pytest.fixture(scope="session")
def routes(fake: FakeProvider) -> Iterator[Gateway]:
    """A gateway with routes in MLflow 2.5's format, with its documentation's names and its providers."""
    config = {
        "routes": [
            route(fake, "completions", task="completions", model_name="gpt-3.5-turbo"),
            route(fake, "chat", model_name="gpt-3.5-turbo"),
            route(fake, "embeddings", task="embeddings", model_name="text-embedding-ada-002"),
            route(fake, "completions-anthropic", task="completions", provider="anthropic", model_name="claude-1"),
            route(fake, "completions-cohere", task="completions", provider="cohere", model_name="command"),
            route(fake, "embeddings-cohere", task="embeddings", provider="cohere", model_name="embed-english-v3.0")]}
    with unladen_gateway(config) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def later_routes(fake: FakeProvider) -> Iterator[Gateway]:
    """Routes in MLflow 2.5's format with later providers, which its client can query but not list."""
    kinds = {
        "chat": [("azure", "gpt-35-turbo"), ("mosaicml", "llama2-70b-chat")],
        "completions": [
            ("ai21labs", "j2-ultra"), ("mosaicml", "mpt-7b-instruct"), ("huggingface-text-generation-inference", "falcon"),
            ("mlflow-model-serving", "my-model")],
        "embeddings": [("mosaicml", "instructor-xl"), ("mlflow-embeddings", "minilm")]}
    config = {"routes": [
        route(fake, f"{task}-{provider}", task=task, provider=provider, model_name=name)
        for task, models in kinds.items() for provider, name in models]}
    with unladen_gateway(config) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def endpoints(fake: FakeProvider) -> Iterator[Gateway]:
    """A gateway with endpoints, as in MLflow since 2.9, and a route over two of them."""
    config = {
        "endpoints": [
            endpoint(fake, "chat", limit={"calls": 1000, "renewal_period": "minute"}),
            endpoint(fake, "completions", task="completions", model_name="gpt-3.5-turbo-instruct"),
            endpoint(fake, "embeddings", task="embeddings", model_name="text-embedding-3-small"),
            endpoint(fake, "claude", provider="anthropic", model_name="claude-sonnet-4-5")],
        "routes": [split("both", ("chat", 50), ("claude", 50))]}
    with unladen_gateway(config) as gateway:
        yield gateway

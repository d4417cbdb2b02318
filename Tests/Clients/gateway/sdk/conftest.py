"""A gateway with an endpoint for each kind of provider, and its clients."""

from __future__ import annotations

from collections.abc import Iterator

import anthropic
import openai
import pytest

from gateway.configs import CHAT_MODELS, endpoint
from support.gateways import FakeProvider, Gateway, unladen_gateway

COMPLETIONS = {
    "openai": "gpt-3.5-turbo-instruct", "azure": "gpt-35", "anthropic": "claude-sonnet-4-5", "cohere": "command-a-03-2025",
    "gemini": "gemini-2.5-flash", "ai21labs": "j2-ultra", "huggingface-text-generation-inference": "falcon",
    "mosaicml": "mpt-7b-instruct", "mlflow-model-serving": "my-model"}
BEDROCK_COMPLETIONS = {
    "titan": "amazon.titan-text-express-v1", "claude": "anthropic.claude-3-haiku-20240307-v1:0",
    "llama": "meta.llama3-8b-instruct-v1:0"}
EMBEDDINGS = {
    "openai": "text-embedding-3-small", "azure": "ada", "cohere": "embed-v4.0", "gemini": "gemini-embedding-001",
    "mistral": "mistral-embed", "mosaicml": "instructor-xl", "mlflow-embeddings": "minilm"}


@pytest.fixture(scope="session")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    """Endpoints `chat-PROVIDER`, `completions-PROVIDER`, `embeddings-PROVIDER` and some of Bedrock's models."""
    endpoints = [endpoint(fake, f"chat-{provider}", provider=provider, model_name=name) for provider, name in CHAT_MODELS.items()]
    endpoints += [
        endpoint(fake, f"completions-{provider}", task="completions", provider=provider, model_name=name)
        for provider, name in COMPLETIONS.items()]
    endpoints += [
        endpoint(fake, f"completions-{family}", task="completions", provider="bedrock", model_name=name)
        for family, name in BEDROCK_COMPLETIONS.items()]
    endpoints += [
        endpoint(fake, f"embeddings-{provider}", task="embeddings", provider=provider, model_name=name)
        for provider, name in EMBEDDINGS.items()]
    endpoints += [
        endpoint(fake, "embeddings-titan", task="embeddings", provider="bedrock", model_name="amazon.titan-embed-text-v2:0"),
        endpoint(fake, "embeddings-cohere-bedrock", task="embeddings", provider="bedrock", model_name="cohere.embed-english-v3"),
        endpoint(fake, "chat-claude-bedrock", provider="bedrock", model_name="us.anthropic.claude-sonnet-4-20250514-v1:0")]
    with unladen_gateway({"endpoints": endpoints, "retries": {"attempts": 0}}) as server:
        yield server


@pytest.fixture
def client(gateway: Gateway) -> openai.OpenAI:
    return openai.OpenAI(api_key="no-key-is-needed", base_url=f"{gateway.url}/v1", max_retries=0, timeout=20)


@pytest.fixture
def messages_client(gateway: Gateway) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="no-key-is-needed", base_url=gateway.url, max_retries=0, timeout=20)

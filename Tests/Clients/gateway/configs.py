"""Gateway configurations with the fake provider."""

from __future__ import annotations

from typing import Any

from support.gateways import PROVIDER_KEY, FakeProvider

#: For each chat provider, a model that the fake provider accepts.
CHAT_MODELS = {
    "openai": "gpt-4o-mini", "azure": "gpt-4o-mini", "anthropic": "claude-sonnet-4-5", "cohere": "command-a-03-2025",
    "gemini": "gemini-2.5-flash", "bedrock": "amazon.nova-lite-v1:0", "mistral": "mistral-small", "groq": "llama-3.3-70b",
    "ai21labs": "jamba-large", "huggingface-text-generation-inference": "falcon", "ollama": "llama3.2",
}
#: The providers that support tools.
TOOL_PROVIDERS = [name for name in CHAT_MODELS if name != "ollama"]


def provider_config(fake: FakeProvider, provider: str) -> dict[str, Any]:
    """The configuration with which a provider's adapter uses the fake provider."""
    openai = f"{fake.url}/openai/v1"
    return {
        "openai": {"openai_api_key": PROVIDER_KEY, "openai_api_base": openai},
        "azure": {
            "openai_api_key": PROVIDER_KEY, "openai_api_type": "azure", "openai_api_base": f"{fake.url}/azure",
            "openai_api_version": "2024-10-21", "openai_deployment_name": "my-deployment"},
        "anthropic": {"anthropic_api_key": PROVIDER_KEY, "anthropic_api_base": f"{fake.url}/anthropic/v1"},
        "cohere": {"cohere_api_key": PROVIDER_KEY, "cohere_api_base": f"{fake.url}/cohere/v2"},
        "gemini": {"gemini_api_key": PROVIDER_KEY, "gemini_api_base": f"{fake.url}/gemini/v1beta/models"},
        "bedrock": {"aws_config": {
            "aws_region": "us-east-1", "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": PROVIDER_KEY,
            "aws_endpoint_url": f"{fake.url}/bedrock"}},
        "mistral": {"mistral_api_key": PROVIDER_KEY, "api_base": f"{fake.url}/mistral/v1"},
        "groq": {"api_key": PROVIDER_KEY, "api_base": openai},
        "ollama": {"api_key": PROVIDER_KEY, "api_base": openai},
        "ai21labs": {"ai21labs_api_key": PROVIDER_KEY, "ai21labs_api_base": f"{fake.url}/ai21/studio/v1"},
        "huggingface-text-generation-inference": {"hf_server_url": f"{fake.url}/tgi"},
        "mosaicml": {"mosaicml_api_key": PROVIDER_KEY, "mosaicml_api_base": f"{fake.url}/mosaicml"},
        "mlflow-model-serving": {"model_server_url": f"{fake.url}/mlflow"},
        "mlflow-embeddings": {"model_server_url": f"{fake.url}/mlflow/embeddings"},
    }[provider]


def model(fake: FakeProvider, provider: str = "openai", name: str = "gpt-4o-mini") -> dict[str, Any]:
    """The `model` of an endpoint or of a 2.5 route."""
    shown = provider if provider != "mlflow-embeddings" else "mlflow-model-serving"
    return {"provider": shown, "name": name, "config": provider_config(fake, provider)}


def endpoint(
    fake: FakeProvider, name: str, *, task: str = "chat", provider: str = "openai", model_name: str = "gpt-4o-mini", **more: Any
) -> dict[str, Any]:
    """An element of `endpoints:`."""
    return {"name": name, "endpoint_type": f"llm/v1/{task}", "model": model(fake, provider, model_name), **more}


def route(
    fake: FakeProvider, name: str, *, task: str = "chat", provider: str = "openai", model_name: str = "gpt-4o-mini"
) -> dict[str, Any]:
    """An element of `routes:` in MLflow 2.5's format."""
    return {"name": name, "route_type": f"llm/v1/{task}", "model": model(fake, provider, model_name)}


def split(name: str, *shares: tuple[str, int], task: str = "chat", **more: Any) -> dict[str, Any]:
    """An element of `routes:` that splits traffic across endpoints."""
    destinations = [{"name": endpoint, "traffic_percentage": percent} for endpoint, percent in shares]
    return {"name": name, "task_type": f"llm/v1/{task}", "destinations": destinations, "routing_strategy": "TRAFFIC_SPLIT", **more}


def user(text: str) -> list[dict[str, str]]:
    """Chat messages with a single user message."""
    return [{"role": "user", "content": text}]


def chat(model: str, text: str, **more: Any) -> dict[str, Any]:
    """The body of `POST /v1/chat/completions`."""
    return {"model": model, "messages": user(text), **more}

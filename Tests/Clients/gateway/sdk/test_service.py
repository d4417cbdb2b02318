"""The gateway's information about itself: health, metrics, documents."""

from __future__ import annotations

import pathlib
import resource
import subprocess

import pytest

from gateway.configs import CHAT_MODELS, chat, endpoint
from support.builds import bin_dir
from support.gateways import ADMIN_HEADERS, FakeProvider, Gateway, command, unladen_gateway


def test_health(gateway: Gateway) -> None:
    for path in ("/health", "/livez", "/readyz", "/version"):
        assert gateway.get(path).status == 200


def test_metrics(gateway: Gateway) -> None:
    gateway.post("/v1/chat/completions", chat("chat-openai", "Hello"))
    response = gateway.get("/metrics")
    assert response.status == 200 and response.headers["content-type"].startswith("text/plain")
    text = response.body.decode()
    assert "unladen_gateway_" in text and 'route="chat-openai"' in text


def test_the_root_leads_to_the_docs(gateway: Gateway) -> None:
    response = gateway.get("/")
    assert response.status == 307 and response.headers["location"].endswith("/docs")
    docs = gateway.get("/docs")
    assert docs.status == 200 and docs.headers["content-type"].startswith("text/html")


def test_the_openapi_document(gateway: Gateway) -> None:
    response = gateway.get("/openapi.json")
    assert response.status == 200
    document = response.json()
    assert document["openapi"].startswith("3.")
    assert {"/v1/chat/completions", "/v1/messages"} <= document["paths"].keys()
    assert any("chat-openai" in path for path in document["paths"])


def test_adapters(gateway: Gateway) -> None:
    response = gateway.get("/api/unladen/1.0/adapters", headers=ADMIN_HEADERS).json()
    assert response["rejected"] == []
    providers = {provider["name"] for adapter in response["adapters"] for provider in adapter["providers"]}
    assert set(CHAT_MODELS) <= providers


def test_the_paths_of_mlflow_3(gateway: Gateway) -> None:
    response = gateway.get("/api/3.0/gateway/endpoint/chat-openai")
    assert response.status == 200 and response.json()["name"] == "chat-openai"
    assert gateway.get("/api/3.0/gateway/route/missing").status == 404


@pytest.mark.parametrize("text, line", [
    ("endpoints:\n  - name: a\n    endpoint_type: llm/v1/chat\n", 2), ("endpoints:\n  - nam: a\n", 2), ("a: [\n", 1)])
def test_configuration_errors_are_reported_with_their_line(tmp_path: pathlib.Path, text: str, line: int) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text(text)
    checked = command("check", str(file), directory=tmp_path)
    assert checked.returncode == 2 and f"{file}:" in checked.stderr
    lines = [int(problem.split(":")[1]) for problem in checked.stderr.splitlines() if problem.startswith(f"{file}:")]
    assert lines and min(abs(number - line) for number in lines) <= 1, checked.stderr


def test_it_does_not_start_with_a_bad_configuration(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text("endpoints: 1\n")
    program = bin_dir("unladen-gateway") / "unladen-gateway"
    ended = subprocess.run(
        [program, "--config-path", file, "--port", "0"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode != 0 and "gateway.yaml:1" in ended.stderr


def test_connections_are_not_bounded_by_the_shells_limit(fake: FakeProvider) -> None:
    """The soft limit is usually 1,024 open files, and a stream uses two connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with unladen_gateway({"endpoints": [endpoint(fake, "chat")]}) as gateway:
            limits = pathlib.Path(f"/proc/{gateway.process.process.pid}/limits").read_text()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    assert line.split()[3] == str(min(hard, 65536) if hard != resource.RLIM_INFINITY else 65536)


def test_secrets_are_never_exposed(gateway: Gateway) -> None:
    exposed = b"".join(
        gateway.get(path, headers=ADMIN_HEADERS).body for path in (
            "/api/2.0/endpoints/", "/api/2.0/endpoints/chat-openai", "/api/3.0/gateway/endpoint/chat-openai", "/v1/models",
            "/metrics", "/openapi.json", "/api/unladen/1.0/adapters"))
    assert b"fake-key" not in exposed
    gateway.post("/v1/chat/completions", chat("chat-openai", "[[status=401]]"))
    assert "fake-key" not in gateway.process.last_lines(1000)


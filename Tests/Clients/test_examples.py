"""The examples in deploy/examples: the README shows the quick start's files, and what they promise happens. Run with MLflow 3.17's
environment; the SDKs' environment lies beside it."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
import yaml
from mlflow import MlflowClient

from gateway.configs import user
from support.builds import REPOSITORY, bin_dir
from support.gateways import ADMIN_HEADERS, PROVIDER_KEY, FakeProvider, Gateway, command, fake_provider, unladen_gateway
from support.postgresql import postgresql
from support.processes import ServerProcess, free_port, running
from support.servers import RunningServer, unladen_suite

EXAMPLES = REPOSITORY / "deploy/examples"
QUICKSTART = EXAMPLES / "quickstart"
#: Of the SDKs: OpenAI's isn't in MLflow's environment.
SDK_PYTHON = pathlib.Path(sys.executable).parents[2] / "sdk/bin/python"


def missing(what: str) -> None:
    """Skips the test, or fails it where everything must be there."""
    if os.environ.get("UNLADEN_REQUIRE_ALL") == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def run_script(name: str, documented_url: str, url: str, directory: pathlib.Path, python: str | pathlib.Path = sys.executable) -> str:
    """Runs a script of the quick start against a server that listens elsewhere than in the documentation, and returns its output."""
    text = (QUICKSTART / name).read_text()
    assert documented_url in text
    script = directory / name
    script.write_text(text.replace(documented_url, url))
    done = subprocess.run([str(python), str(script)], cwd=directory, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def with_fake(configuration: dict, fake: FakeProvider) -> dict:
    """A configuration for OpenAI whose endpoints call the fake provider instead."""
    for endpoint in configuration["endpoints"]:
        endpoint["model"]["config"]["openai_api_base"] = f"{fake.url}/openai/v1"
    return configuration


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with fake_provider() as server:
        yield server


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    directory = tmp_path_factory.mktemp("suite")
    with unladen_suite(
        bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory,
        registry_backend_uri=f"sqlite:///{directory}/registry.db",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    """A gateway with the quick start's configuration, but for the provider's address."""
    configuration = with_fake(yaml.safe_load((QUICKSTART / "gateway.yaml").read_text()), fake)
    with unladen_gateway(configuration, environment={"OPENAI_API_KEY": PROVIDER_KEY}) as server:
        yield server


@pytest.mark.parametrize("file", sorted(path.name for path in QUICKSTART.iterdir()))
def test_the_readme_shows_the_file(file: str) -> None:
    language = {".py": "python", ".yaml": "yaml"}[pathlib.Path(file).suffix]
    assert f"```{language}\n{(QUICKSTART / file).read_text()}```\n" in (REPOSITORY / "README.md").read_text()


def test_the_first_steps_log_a_run(suite: RunningServer, tmp_path: pathlib.Path) -> None:
    output = run_script("first_steps.py", "http://127.0.0.1:5000", suite.url, tmp_path)
    client = MlflowClient(suite.url)
    experiment = client.get_experiment_by_name("first steps")
    (run,) = client.search_runs([experiment.experiment_id])
    assert (run.data.params, run.data.metrics) == ({"depth": "3"}, {"loss": 0.1})
    assert run.info.status == "FINISHED"
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["note.txt"]
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 10
    assert run.info.run_id in output and "0.1" in output


def test_the_configuration_is_valid() -> None:
    for path in (QUICKSTART / "gateway.yaml", EXAMPLES / "two-teams/gateway.yaml"):
        keys = {"OPENAI_API_KEY": PROVIDER_KEY, "RESEARCH_KEY": "the-key-of-research", "SALES_KEY": "the-key-of-sales-1"}
        done = subprocess.run(
            [bin_dir("unladen-gateway") / "unladen-gateway", "check", str(path)], env={**os.environ, **keys}, capture_output=True,
            text=True, timeout=60)
        assert done.returncode == 0, done.stderr


def test_mlflows_client_chats(gateway: Gateway, tmp_path: pathlib.Path) -> None:
    assert run_script("predict.py", "http://127.0.0.1:5002", gateway.url, tmp_path) == "echo: Hello!\n"


def test_openais_client_chats(gateway: Gateway, tmp_path: pathlib.Path) -> None:
    if not SDK_PYTHON.exists():
        missing(f"there is no {SDK_PYTHON}; Tests/Clients/environments.sh creates it")
    assert run_script("chat.py", "http://127.0.0.1:5002", gateway.url, tmp_path, SDK_PYTHON) == "echo: Hello!\n"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The directory with the adapter in C, built by its Makefile."""
    if not shutil.which("make"):
        missing("make isn't installed")
    directory = tmp_path_factory.mktemp("plugin")
    done = subprocess.run(["make", "-C", str(EXAMPLES / "plugin-c"), f"BUILD={directory}"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return directory


def test_the_adapter_in_c_is_loaded_and_responds(fake: FakeProvider, plugin: pathlib.Path) -> None:
    config = {"server_url": f"{fake.url}/openai/", "api_key": PROVIDER_KEY}
    configuration = {"endpoints": [
        {"name": "local", "endpoint_type": "llm/v1/chat", "model": {"provider": "llama-server", "name": "qwen", "config": config}}]}
    directories = f"{plugin}:{bin_dir('unladen-gateway')}"
    with unladen_gateway(configuration, arguments=["--plugin-dir", directories]) as gateway:
        adapters = gateway.get("/api/unladen/1.0/adapters", headers=ADMIN_HEADERS).json()
        assert "llama-server" in str(adapters) and "anthropic" in str(adapters)
        request = {"model": "local", "messages": user("Hello there")}
        response = gateway.post("/v1/chat/completions", request).json()
        assert response["choices"][0]["message"]["content"] == "echo: Hello there"
        # The provider gets the endpoint's model.
        assert fake.counts()["by_model"]["qwen"]["requests"] == 1
        stream = gateway.post("/v1/chat/completions", {**request, "stream": True, "stream_options": {"include_usage": True}}).body
        assert stream.endswith(b"data: [DONE]\n\n") and stream.count(b"data: ") > 3
        assert b'"prompt_tokens"' in stream
        refused = gateway.post("/v1/chat/completions", {**request, "messages": user("[[status=418]]")})
        assert refused.status >= 400 and refused.json()["error"]["message"]


def two_teams_urls(server: ServerProcess) -> dict[str, str]:
    """The addresses that start.sh has printed so far, by team."""
    lines = [line.partition(": listening on ") for line in server.output.read_text().splitlines()]
    return {team: url for team, separator, url in lines if separator}


def chat_status(url: str, key: str) -> int:
    """The status of a chat with a gateway."""
    body = {"model": "chat", "messages": user("one two")}
    return requests.post(f"{url}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=60).status_code


def test_two_teams_share_limits_and_the_ledger(fake: FakeProvider, tmp_path: pathlib.Path) -> None:
    configuration = with_fake(yaml.safe_load((EXAMPLES / "two-teams/gateway.yaml").read_text()), fake)
    # A limit that no new minute resets in the middle of the test.
    (limit,) = [limit for limit in configuration["limits"] if limit["name"] == "sales-requests"]
    limit.update(requests=5, per="month")
    (tmp_path / "gateway.yaml").write_text(yaml.safe_dump(configuration))
    keys = {"research": "the-key-of-research", "sales": "the-key-of-sales-1"}
    with postgresql() as database:
        uri = database.create_database("two_teams")
        environment = {
            "UNLADEN_BIN": str(bin_dir("unladen-gateway")), "UNLADEN_BACKEND_STORE_URI": uri, "TWO_TEAMS_DATA": str(tmp_path / "data"),
            "TWO_TEAMS_CONFIG": str(tmp_path / "gateway.yaml"), "RESEARCH_KEY": keys["research"], "SALES_KEY": keys["sales"],
            "RESEARCH_OPENAI_API_KEY": PROVIDER_KEY, "SALES_OPENAI_API_KEY": PROVIDER_KEY,
            "RESEARCH_PORT": str(free_port()), "SALES_PORT": str(free_port())}
        with running(
            "two-teams", [str(EXAMPLES / "two-teams/start.sh")], directory=tmp_path, environment=environment,
            ready=lambda server: len(two_teams_urls(server)) == 2,
        ) as server:
            urls = two_teams_urls(server)
            for team, key in keys.items():
                assert [chat_status(url, key) for url in urls.values()] == [200, 200], team
            assert chat_status(urls["research"], "a-key-that-nobody-has") == 401
            statuses = [chat_status(url, keys["sales"]) for _ in range(4) for url in urls.values()]
            assert (statuses.count(200), statuses.count(429)) == (3, 5)
        # start.sh has stopped both gateways, which have written all rows.
        usage = command("usage", "--by", "team", "--last", "1d", "--json", "--backend-store-uri", uri, directory=tmp_path)
        rows = json.loads(usage.stdout)["rows"]
        assert {row["team"]: row["requests"] for row in rows} == {"research": 2, "sales": 5}

"""Prompt engineering and the playground of MLflow's UI: its calls to the tracking server, and their results as the client sees them.

The UI's part is plain HTTP, as sent by the bundle of MLflow 3.17; a real MLflow server provides the expected files.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import pathlib
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

import mlflow
import pytest
import yaml

from gateway.configs import endpoint
from support.builds import bin_dir
from support.gateways import FakeProvider, HTTPServer, unladen_gateway
from support.servers import RunningServer, mlflow_server, unladen_suite

if tuple(int(part) for part in mlflow.__version__.split(".")[:2]) < (3, 17):
    pytest.skip("compares files with MLflow 3.17's", allow_module_level=True)

KEY = "the-key-of-the-tracking-service-0123456789"
PROXY = "/ajax-api/2.0/mlflow/gateway-proxy"
CREATE = "/ajax-api/2.0/mlflow/runs/create-promptlab-run"
TABLE = "eval_results_table.json"
RUN = {
    "experiment_id": "0", "run_name": "unladen swallows", "tags": [],
    "prompt_template": "What is {{thing}}?\n  Answer in {{ lang }}: 'quoted' \"x\" — ünï # no comment\t: {[*&!%@`",
    "prompt_parameters": [
        {"key": "thing", "value": "the airspeed velocity of an unladen swallow"}, {"key": "lang", "value": "yes"},
        {"key": "grüße und mehr", "value": "12\n\u2028\u0085 \U0001f426 ~"}],
    "model_route": "chat",
    "model_parameters": [
        {"key": "temperature", "value": 0.01}, {"key": "max_tokens", "value": 100}, {"key": "stop", "value": "[a, b]"},
        {"key": "flag", "value": True}],
    "model_input": "What is the airspeed velocity?", "model_output": "African or European? – null",
    "model_output_parameters": [{"key": "evaluationTime", "value": 12.5}, {"key": "totalTokens", "value": 33}],
    "mlflow_version": "2.7.1"}


@pytest.fixture(scope="module")
def suite(fake: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A tracking server in front of a gateway that requires a key, which the server reads from a file."""
    directory = tmp_path_factory.mktemp("prompt-engineering")
    (directory / "key").write_text(KEY + "\n")
    config = {
        "endpoints": [
            endpoint(fake, "chat"), endpoint(fake, "completions", task="completions", model_name="gpt-3.5-turbo-instruct"),
            endpoint(fake, "embeddings", task="embeddings", model_name="text-embedding-3-small")],
        "keys": [{"name": "ui", "key": KEY}],
        "budgets": [{"name": "ui-budget", "usd": 5, "per": "day", "key": "ui"}]}
    with (
        unladen_gateway(config) as gateway,
        unladen_suite(
            bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory,
            registry_backend_uri=f"sqlite:///{directory}/registry.db",
            tracking_arguments=["--gateway-uri", gateway.url, "--gateway-key-file", str(directory / "key")]) as server,
    ):
        yield server
        printed = "".join(file.read_text(errors="replace") for file in directory.glob("*") if file.is_file() and file.name != "key"
                          and not file.name.endswith((".db", "-wal", "-shm")))
        assert KEY not in printed, "the key is in a log"


@pytest.fixture
def ui(suite: RunningServer) -> HTTPServer:
    """The tracking server as a browser calls it."""
    mlflow.set_tracking_uri(suite.url)
    # Other tests of the process leave their tracking URI, which `load_table` would use.
    mlflow.set_experiment(experiment_id="0")
    return HTTPServer(suite.url, suite.processes[0])


def test_the_endpoints_are_listed(ui: HTTPServer) -> None:
    listed = ui.get(f"{PROXY}?gateway_path=api%2F2.0%2Fendpoints%2F")
    assert listed.status == 200
    assert [entry["name"] for entry in listed.json()["endpoints"]] == ["chat", "completions", "embeddings"]
    assert KEY not in listed.body.decode()
    assert ui.get("/ajax-api/3.0/mlflow/server-info").json()["features_enabled"] == {"gateway": True}


def test_a_prompt_is_tried(ui: HTTPServer) -> None:
    (chat, completions, _) = ui.get(f"{PROXY}?gateway_path=api/2.0/endpoints/").json()["endpoints"]
    tried = ui.post(PROXY, {
        "gateway_path": chat["endpoint_url"][1:],
        "json_data": {"messages": [{"role": "user", "content": "What is a swallow?"}], "temperature": 0.01, "max_tokens": 100}})
    assert tried.status == 200
    assert tried.json()["choices"][0]["message"]["content"] == "echo: What is a swallow?"
    assert tried.json()["usage"]["total_tokens"] > 0
    tried = ui.post(PROXY, {"gateway_path": completions["endpoint_url"][1:], "json_data": {"prompt": "Hello", "max_tokens": 9}})
    assert tried.json()["choices"][0]["text"].startswith("echo: ")


def test_an_error_is_readable(ui: HTTPServer) -> None:
    failed = ui.post(PROXY, {
        "gateway_path": "gateway/chat/invocations", "json_data": {"messages": [{"role": "user", "content": "Hi"}], "temperature": "hot"}})
    assert failed.status == 500
    assert failed.json()["error_code"] == "INTERNAL_ERROR"
    assert "temperature" in failed.json()["message"]
    missing = ui.post(PROXY, {"gateway_path": "gateway/nothing/invocations", "json_data": {}})
    assert missing.json()["message"] == "Deployments proxy request failed with error code 404. Error message: Not Found"
    for path in ("gateway/../api/unladen/1.0/keys/invocations", "api/unladen/1.0/keys", "gateway/%2e%2e/invocations"):
        assert ui.post(PROXY, {"gateway_path": path, "json_data": {}}).status == 400


def test_the_playground(ui: HTTPServer) -> None:
    response = ui.post("/gateway/mlflow/v1/chat/completions", {"model": "chat", "messages": [{"role": "user", "content": "Hello"}]})
    assert response.json()["choices"][0]["message"]["content"] == "echo: Hello"
    assert {model["id"] for model in ui.get("/gateway/mlflow/v1/models").json()["data"]} >= {"chat", "completions"}
    streamed = ui.post(
        "/gateway/mlflow/v1/chat/completions", {"model": "chat", "stream": True, "messages": [{"role": "user", "content": "Hello"}]})
    assert streamed.headers["content-type"].startswith("text/event-stream") and streamed.body.endswith(b"data: [DONE]\n\n")
    response = ui.post("/gateway/chat/mlflow/invocations", {"messages": [{"role": "user", "content": "Hello"}]})
    assert response.json()["choices"][0]["message"]["content"] == "echo: Hello"


def test_the_pages_of_the_gateway(ui: HTTPServer) -> None:
    base = "/ajax-api/3.0/mlflow/gateway"
    (chat, *_) = ui.get(f"{base}/endpoints/list").json()["endpoints"]
    assert (chat["name"], chat["model_mappings"][0]["model_definition"]["provider"]) == ("chat", "openai")
    assert ui.get(f"{base}/endpoints/get?endpoint_id={chat['endpoint_id']}").json()["endpoint"] == chat
    assert "openai" in ui.get(f"{base}/supported-providers").json()["providers"]
    (budget,) = ui.get(f"{base}/budgets/list?max_results=100").json()["budget_policies"]
    assert (budget["budget_amount"], budget["target_value"]) == (5, "key ui")
    rejected = ui.post(f"{base}/endpoints/create", {"name": "x"})
    assert rejected.status == 501 and "configuration file" in rejected.json()["message"]


def test_the_client_reads_the_run(ui: HTTPServer) -> None:
    run_id = created(ui)["info"]["run_id"]
    table = mlflow.load_table(TABLE, run_ids=[run_id])
    assert list(table.columns) == ["thing", "lang", "grüße und mehr", "prompt", "output", "evaluationTime", "totalTokens"]
    # pandas converts numeric strings to numbers.
    assert table["output"][0] == RUN["model_output"] and int(table["totalTokens"][0]) == 33
    run = mlflow.get_run(run_id)
    assert run.data.params["prompt_template"] == RUN["prompt_template"] and run.data.params["temperature"] == "0.01"
    assert run.info.status == "FINISHED" and run.data.tags["mlflow.runSourceType"] == "PROMPT_ENGINEERING"


def test_more_rows_are_evaluated(ui: HTTPServer) -> None:
    """The UI rewrites the whole table."""
    run_id = created(ui)["info"]["run_id"]
    table = ui.get(f"/get-artifact?path={TABLE}&run_uuid={run_id}").json()
    table["data"].append([*table["data"][0][:4], "another answer", "9", "44"])
    written = ui.post(f"/ajax-api/2.0/mlflow/upload-artifact?path={TABLE}&run_uuid={run_id}", table)
    assert written.status == 200
    assert list(mlflow.load_table(TABLE, run_ids=[run_id])["output"]) == [RUN["model_output"], "another answer"]


def test_the_model_loads(ui: HTTPServer) -> None:
    """It can't predict: 3.17's `_PromptlabModel.predict` passes a client as the target URI of a client, which always fails."""
    run_id = created(ui, model_parameters=[], prompt_template="Say {{ word }}", prompt_parameters=[
        {"key": "word", "value": "hello"}])["info"]["run_id"]
    model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
    assert model.metadata.get_input_schema().input_names() == ["word"]


def test_records_and_files_are_those_of_a_real_server(ui: HTTPServer, tmp_path: pathlib.Path) -> None:
    ours = created(ui)
    with mlflow_server(sys.executable, f"sqlite:///{tmp_path}/mlflow.db", tmp_path / "artifacts", tmp_path) as server:
        theirs = created(HTTPServer(server.url, server.processes[0]))
        assert normal(record(ours)) == normal(record(theirs))
        assert files(ui.url, ours) == files(server.url, theirs)


def test_a_client_that_disconnects_from_a_silent_stream_ends_the_providers_work(ui: HTTPServer, fake: FakeProvider) -> None:
    def aborted() -> int:
        return fake.counts()["by_model"].get("gpt-4o-mini", {"aborted": 0})["aborted"]

    before = aborted()
    body = {"model": "chat", "stream": True, "messages": [{"role": "user", "content": "[[words=10 pace=30]]"}]}
    with contextlib.closing(http.client.HTTPConnection(ui.url.removeprefix("http://"), timeout=60)) as connection:
        connection.request(
            "POST", "/gateway/mlflow/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == 200 and response.readline().startswith(b"data: ")
    deadline = time.monotonic() + 5
    while aborted() == before:
        assert time.monotonic() < deadline, "the provider continues although its client is gone"
        time.sleep(0.05)


def created(server: HTTPServer, **changes: Any) -> dict[str, Any]:
    response = server.post(CREATE, RUN | changes)
    assert response.status == 200, response.body
    return response.json()["run"]


def record(run: dict[str, Any]) -> dict[str, Any]:
    """A run with its lists as mappings, and the model history parsed."""
    data = {kind: {entry["key"]: entry["value"] for entry in run["data"][kind]} for kind in ("params", "tags")}
    data["tags"]["mlflow.log-model.history"] = json.loads(data["tags"]["mlflow.log-model.history"])
    return {"info": {key: value for key, value in run["info"].items() if key not in ("start_time", "end_time")}, "data": data}


def files(url: str, run: dict[str, Any]) -> dict[str, Any]:
    """All files of a run by their paths, parsed where the formatting doesn't matter."""
    mlflow.set_tracking_uri(url)
    directory = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run["info"]["run_id"]))
    found: dict[str, Any] = {}
    for file in sorted(path for path in directory.rglob("*") if path.is_file()):
        text = file.read_text()
        name = str(file.relative_to(directory))
        if name.endswith((".yaml", "MLmodel")):
            found[name] = normal(yaml.safe_load(text))
        else:
            found[name] = normal(json.loads(text) if name.endswith(".json") else text)
    return found


def normal(value: Any, key: str = "") -> Any:
    """The value without what always differs: ids, times, and versions of Python and its tools."""
    if isinstance(value, dict):
        return {name: normal(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if not isinstance(value, str):
        return value
    if key in ("utc_time_created", "python_version", "python"):
        return f"<{key}>"
    value = re.sub(r"\b[0-9a-f]{32}\b", "<id>", value)
    value = re.sub(r"^python=[\d.]+$", "python=<version>", value)
    return re.sub(r"^(pip|setuptools|wheel)[<>=]+[\d.]+$", r"\1", value)

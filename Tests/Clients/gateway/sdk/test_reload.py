"""Edits of the configuration while requests are in flight: no request fails, and an invalid edit changes nothing."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.configs import chat, endpoint
from support.gateways import FakeProvider, Gateway, command, unladen_gateway


def config(fake: FakeProvider, *models: str) -> dict[str, Any]:
    names = ["chat", *(f"chat-{number}" for number in range(1, len(models)))]
    return {"endpoints": [endpoint(fake, name, model_name=model) for name, model in zip(names, models, strict=True)]}


def model_of(gateway: Gateway, name: str = "chat") -> str:
    response = gateway.post("/v1/chat/completions", chat(name, "Hello"))
    return response.json()["model"] if response.status == 200 else f"status {response.status}"


def wait_until(condition: Callable[[], bool], limit: float = 5) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "the edit doesn't take effect"
        time.sleep(0.05)


@contextlib.contextmanager
def load(gateway: Gateway) -> Iterator[list[str]]:
    """Sends requests and streams continuously; yields the list of failures."""
    wrong: list[str] = []
    stopping = threading.Event()
    done = [0]

    def work(streams: bool) -> None:
        with httpx.Client(timeout=20) as client:
            while not stopping.is_set():
                text = "[[words=20 pace=0.01]]" if streams else "Hello"
                try:
                    response = client.post(f"{gateway.url}/v1/chat/completions", json=chat("chat", text, stream=streams))
                    if response.status_code != 200 or (streams and not response.text.endswith("data: [DONE]\n\n")):
                        wrong.append(f"{response.status_code} {response.text[-300:]}")
                except httpx.HTTPError as error:
                    wrong.append(repr(error))
                done[0] += 1

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    yield wrong
    stopping.set()
    for thread in threads:
        thread.join()
    assert done[0] > 20


def test_edits_under_load(fake: FakeProvider) -> None:
    with unladen_gateway(config(fake, "model-0")) as gateway, load(gateway) as wrong:
        for number in range(1, 6):
            gateway.write(config(fake, f"model-{number}"))
            wait_until(lambda expected=f"model-{number}": model_of(gateway) == expected)
    assert not wrong, wrong[:3]


def test_routes_come_and_go(fake: FakeProvider) -> None:
    with unladen_gateway(config(fake, "a")) as gateway:
        assert model_of(gateway, "chat-1") == "status 404"
        gateway.write(config(fake, "a", "b"))
        wait_until(lambda: model_of(gateway, "chat-1") == "b")
        assert [item["name"] for item in gateway.get("/api/2.0/endpoints/").json()["endpoints"]] == ["chat", "chat-1"]
        gateway.write(config(fake, "a"))
        wait_until(lambda: model_of(gateway, "chat-1") == "status 404")


@pytest.mark.parametrize("bad", [
    "endpoints: [", "nonsense", "", "endpoints: 1\n", "endpoints:\n  - name: chat\n", "unknown_member: 1\n",
    "endpoints:\n  - {name: chat, endpoint_type: llm/v1/chat, model: {provider: nobody, name: x}}\n",
    "endpoints:\n  - {name: c, endpoint_type: llm/v1/wrong, model: {provider: openai, name: x, config: {openai_api_key: k}}}\n",
    "endpoints:\n  - {name: c, endpoint_type: llm/v1/chat, model: {provider: openai, name: x, config: {openai_api_key: $NOT}}}\n",
    "\x00\x01",
])
def test_a_bad_edit_changes_nothing(fake: FakeProvider, bad: str) -> None:
    with unladen_gateway(config(fake, "old")) as gateway:
        gateway.write(bad)
        wait_until(lambda: not is_valid(gateway))
        assert model_of(gateway) == "old"
        assert gateway.get("/livez").status == 200
        checked = command("check", str(gateway.config_path), directory=gateway.config_path.parent)
        assert checked.returncode != 0 and checked.stderr
        assert "configuration" in gateway.get("/readyz").body.decode()
        gateway.write(config(fake, "new"))
        wait_until(lambda: model_of(gateway) == "new")
        assert is_valid(gateway)


def is_valid(gateway: Gateway) -> bool:
    """Whether the current file is in use, according to the metrics."""
    text = gateway.get("/metrics").body.decode()
    found = re.search(r"^unladen_gateway_configuration_valid(?:\{.*\})? (\d)", text, re.MULTILINE)
    assert found, text
    return found[1] == "1"


def test_a_file_that_vanishes_changes_nothing(fake: FakeProvider) -> None:
    with unladen_gateway(config(fake, "old")) as gateway:
        gateway.config_path.unlink()
        time.sleep(1.5)
        assert model_of(gateway) == "old"
        gateway.write(config(fake, "new"))
        wait_until(lambda: model_of(gateway) == "new")


def test_a_request_under_way_keeps_its_configuration(fake: FakeProvider) -> None:
    with unladen_gateway(config(fake, "old")) as gateway:
        body = chat("chat", "[[words=30 pace=0.1]]", stream=True)
        with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, timeout=20) as response:
            lines = response.iter_lines()
            next(lines)
            gateway.write(config(fake, "new"))
            rest = [line for line in lines if line]
        assert rest[-1] == "data: [DONE]" and all('"old"' in line for line in rest[:-1])
        wait_until(lambda: model_of(gateway) == "new")


def test_a_good_file_is_checked(fake: FakeProvider) -> None:
    with unladen_gateway(config(fake, "a")) as gateway:
        checked = command("check", str(gateway.config_path), directory=gateway.config_path.parent)
        assert checked.returncode == 0, checked.stderr

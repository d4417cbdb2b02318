"""API keys: created over HTTP and by command, in each header, scoped to routes, expired, revoked, and never stored in plain text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import openai
import pytest

from gateway.configs import chat, endpoint, user
from support.gateways import FakeProvider, Gateway, Response, unladen_gateway

ADMIN = "the-administrators-key-0123456789"
FIXED = "the-key-of-the-ci-0123456789"
OLD = "the-key-that-is-too-old-0123456789"
KEYS = "/api/unladen/1.0/keys"


def config(fake: FakeProvider) -> dict[str, Any]:
    return {
        "endpoints": [endpoint(fake, "chat"), endpoint(fake, "other"), endpoint(fake, "third", provider="anthropic")],
        "teams": [{"name": "research"}],
        "keys": [
            {"name": "ci", "key": "$CI_KEY", "team": "research", "routes": ["chat"], "expires": "2099-01-01"},
            {"name": "old", "key": OLD, "expires": "2020-01-01"}],
        "admin_key": "$UNLADEN_ADMIN_KEY"}


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider) -> Iterator[Gateway]:
    with unladen_gateway(config(fake), environment={"CI_KEY": FIXED, "UNLADEN_ADMIN_KEY": ADMIN}) as server:
        yield server


def ask(gateway: Gateway, key: str | None, route: str = "chat", path: str = "/v1/chat/completions") -> Response:
    body = chat(route, "Hello")
    if not path.startswith("/v1"):
        del body["model"]
    return gateway.post(path, body, headers={"Authorization": f"Bearer {key}"} if key else {})


def admin(gateway: Gateway, method: str, path: str, body: Any = None) -> Response:
    return gateway.call(method, path, body, headers={"Authorization": f"Bearer {ADMIN}"})


def make(gateway: Gateway, name: str, **more: Any) -> tuple[str, str]:
    """A new key and its id."""
    response = admin(gateway, "POST", KEYS, {"name": name, **more})
    assert response.status == 201, response.body
    made = response.json()
    return made["key"], made["entry"]["id"]


def wait_for_status(gateway: Gateway, key: str, status: int, limit: float = 6) -> None:
    deadline = time.monotonic() + limit
    while ask(gateway, key).status != status:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("key", [None, "wrong", OLD, FIXED + "x", FIXED[:-1], ""])
def test_an_invalid_key(gateway: Gateway, key: str | None) -> None:
    response = ask(gateway, key)
    assert response.status == 401 and response.json()["error"]["code"] == "invalid_api_key"
    assert "bearer" in response.headers["www-authenticate"].lower()
    headers = {"x-api-key": key} if key else {}
    message = gateway.post("/v1/messages", {"model": "chat", "max_tokens": 9, "messages": user("Hello")}, headers=headers)
    assert message.status == 401 and message.json()["error"]["type"] == "authentication_error"
    for path in ("/gateway/chat/invocations", "/endpoints/chat/invocations"):
        response = ask(gateway, key, path=path)
        assert response.status == 401 and isinstance(response.json()["detail"], str)
    for path in ("/v1/models", "/api/2.0/endpoints/", "/api/2.0/gateway/routes/", "/api/2.0/endpoints/chat"):
        assert gateway.get(path, headers={"Authorization": f"Bearer {key}"} if key else {}).status == 401


@pytest.mark.parametrize("headers", [
    {"Authorization": f"Bearer {FIXED}"}, {"authorization": f"bearer {FIXED}"}, {"x-api-key": FIXED}, {"api-key": FIXED}])
def test_the_headers_of_a_key(gateway: Gateway, headers: dict[str, str]) -> None:
    assert gateway.post("/v1/chat/completions", chat("chat", "Hello"), headers=headers).status == 200


def test_the_clients_send_it(gateway: Gateway) -> None:
    client = openai.OpenAI(api_key=FIXED, base_url=f"{gateway.url}/v1", max_retries=0)
    assert client.chat.completions.create(model="chat", messages=user("Hello")).choices
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()
    messages = anthropic.Anthropic(api_key=FIXED, base_url=gateway.url, max_retries=0)
    assert messages.messages.create(model="chat", max_tokens=9, messages=user("Hello")).content  # type: ignore[arg-type]
    with pytest.raises(anthropic.AuthenticationError):
        messages.with_options(api_key="wrong").messages.create(
            model="chat", max_tokens=9, messages=user("Hello"))  # type: ignore[arg-type]


def test_a_key_is_valid_for_its_routes_only(gateway: Gateway) -> None:
    for path in ("/v1/chat/completions", "/gateway/other/invocations"):
        assert ask(gateway, FIXED, "other", path).status in (403, 404)
    headers = {"Authorization": f"Bearer {FIXED}"}
    assert [model["id"] for model in gateway.get("/v1/models", headers=headers).json()["data"]] == ["chat"]
    assert [item["name"] for item in gateway.get("/api/2.0/endpoints/", headers=headers).json()["endpoints"]] == ["chat"]
    assert gateway.get("/api/2.0/endpoints/other", headers=headers).status == 404


def test_a_key_created_over_http(gateway: Gateway, unique: Callable[[str], str]) -> None:
    name = unique("key")
    key, id = make(gateway, name, team="research", routes=["other"])
    assert ask(gateway, key, "other").status == 200 and ask(gateway, key, "chat").status in (403, 404)
    (entry,) = [entry for entry in admin(gateway, "GET", KEYS).json()["keys"] if entry["id"] == id]
    assert (entry["name"], entry["team"], entry["routes"]) == (name, "research", ["other"])
    assert key not in json.dumps(entry)
    assert admin(gateway, "DELETE", f"{KEYS}/{id}").status == 200
    assert ask(gateway, key, "other").status == 401
    assert admin(gateway, "DELETE", f"{KEYS}/key_missing").status == 404


def test_a_key_expires(gateway: Gateway, unique: Callable[[str], str]) -> None:
    key, _ = make(gateway, unique("key"), expires="2s")
    assert ask(gateway, key).status == 200
    time.sleep(2.1)
    assert ask(gateway, key).status == 401


def test_a_key_created_by_command(gateway: Gateway, unique: Callable[[str], str]) -> None:
    name = unique("key")
    made = gateway.command(
        "keys", "create", "--name", name, "--team", "research", "--routes", "chat,third", "--expires", "90d", "--json")
    assert made.returncode == 0, made.stderr
    key, id = json.loads(made.stdout)["key"], json.loads(made.stdout)["entry"]["id"]
    wait_for_status(gateway, key, 200)
    assert ask(gateway, key, "other").status in (403, 404)
    listed = gateway.command("keys", "list")
    assert name in listed.stdout and id in listed.stdout and key not in listed.stdout
    revoked = gateway.command("keys", "revoke", id)
    assert revoked.returncode == 0, revoked.stderr
    wait_for_status(gateway, key, 401)
    assert gateway.command("keys", "revoke", "key_missing").returncode != 0


def test_the_admin_paths_require_the_admin_key(gateway: Gateway) -> None:
    for method, path in [("GET", KEYS), ("POST", KEYS), ("GET", "/api/unladen/1.0/usage"), ("GET", "/api/unladen/1.0/adapters")]:
        for key in (None, FIXED, "wrong"):
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            assert gateway.call(method, path, {"name": "x"} if method == "POST" else None, headers=headers).status in (401, 403)
    assert ask(gateway, ADMIN).status == 401, "the admin key isn't valid for routes"


@pytest.mark.parametrize("body", [
    {}, {"name": ""}, {"name": 1}, {"name": "x" * 1000}, {"name": "x", "routes": "chat"}, {"name": "x", "expires": "soon"},
    {"name": "x", "expires": -1}, {"name": "x", "expires": "500ms"},
    {"name": "x", "team": 1}, {"name": "x", "expires": "90"}, {"name": "x", "expires_in": "90d"}])
def test_keys_that_cannot_be_created(gateway: Gateway, body: dict[str, Any]) -> None:
    assert admin(gateway, "POST", KEYS, body).status == 400


def test_no_key_is_stored_in_plain_text(gateway: Gateway, unique: Callable[[str], str]) -> None:
    key, _ = make(gateway, unique("key"))
    assert ask(gateway, key).status == 200
    time.sleep(1)
    for file in gateway.config_path.parent.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert key.encode() not in data, file
            assert ADMIN.encode() not in data and FIXED.encode() not in data, file


def test_administration_over_http_needs_the_admin_key(fake: FakeProvider) -> None:
    """A page on another port of this machine can't create the first key, which would lock everyone out."""
    with unladen_gateway({"endpoints": [endpoint(fake, "chat")]}, environment={"UNLADEN_ADMIN_KEY": ""}) as gateway:
        for headers in (
            {}, {"Origin": "http://localhost:3000", "Content-Type": "text/plain"}, {"Origin": gateway.url},
            {"Authorization": "Bearer "}, {"Authorization": f"Bearer {ADMIN}"},
        ):
            response = gateway.post(KEYS, {"name": "x"}, headers=headers)
            assert response.status == 403, response.body
            assert gateway.get(KEYS, headers=headers).status == 403
        assert "UNLADEN_ADMIN_KEY" in gateway.get(KEYS).json()["detail"]
        assert ask(gateway, None).status == 200
        assert gateway.command("keys", "create", "--name", "first").returncode == 0, "the command needs no admin key"


def test_pages_of_other_origins_do_not_administer(gateway: Gateway) -> None:
    for origin in ("http://localhost:3000", "http://127.0.0.1", "https://ui.example.com", "null"):
        headers = {"Authorization": f"Bearer {ADMIN}", "Origin": origin}
        for method, body in (("GET", None), ("POST", {"name": "x"}), ("OPTIONS", None)):
            response = gateway.call(method, KEYS, body, headers=headers)
            assert response.status in (403, 404, 405) and (method == "OPTIONS" or response.status == 403)
            assert not any(name.startswith("access-control") for name in response.headers)
    own = {"Authorization": f"Bearer {ADMIN}", "Origin": gateway.url}
    assert gateway.get(KEYS, headers=own).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_json_is_declared_as_such(gateway: Gateway, kind: str) -> None:
    """So a page of another site can't send it without a preflight request."""
    headers = {"Authorization": f"Bearer {ADMIN}", "Content-Type": kind}
    assert gateway.post(KEYS, {"name": "x"}, headers=headers).status == 415
    headers["Authorization"] = f"Bearer {FIXED}"
    for path in ("/v1/chat/completions", "/v1/messages", "/v1/responses"):
        response = gateway.post(path, chat("chat", "Hello", max_tokens=5), headers=headers)
        assert response.status == 415 and "application/json" in response.json()["error"]["message"]
    assert gateway.post("/gateway/chat/invocations", {"messages": user("Hello")}, headers=headers).status == 415


def test_key_names_cannot_control_the_terminal(gateway: Gateway) -> None:
    made = gateway.command("keys", "create", "--name", "a\r\n\x1b[2Jforged \u202e\x9b31m", "--json")
    if made.returncode == 0:
        listed = gateway.command("keys", "list").stdout + gateway.command("keys", "list", "--json").stdout
        assert not set(listed) & set("\r\x1b\x9b\u202e"), listed
        gateway.command("keys", "revoke", json.loads(made.stdout)["entry"]["id"])
    assert not set(made.stdout + made.stderr) & set("\r\x1b\x9b\u202e")


def test_the_first_key_makes_keys_mandatory(fake: FakeProvider) -> None:
    with unladen_gateway({"endpoints": [endpoint(fake, "chat")]}) as gateway:
        assert ask(gateway, None).status == 200
        made = gateway.command("keys", "create", "--name", "first", "--json")
        key = json.loads(made.stdout)["key"]
        deadline = time.monotonic() + 6
        while ask(gateway, None).status != 401:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert ask(gateway, key).status == 200

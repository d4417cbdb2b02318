"""Unladen's gateway with a team's typical features: keys, limits, prices and the ledger."""

import contextlib
import functools
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from support.processes import ServerProcess, running

from .chat import KEY, MODEL
from .programs import listening_url
from .sides import Side

NAME = "Unladen"
PROGRAM = "unladen-gateway"
ADMIN_KEY = "sk-unladen-benchmark-admin-5f0e"
TEAM = "research"
# The limits are counted, but never reached.
HIGH = 1_000_000_000
SETTINGS = "keys, limits of requests and tokens for the route and for the team, prices, ledger in SQLite"


def unladen(bin_dir: Path, upstream_url: str) -> Side:
    """The side; its executable must exist."""
    return Side(NAME, functools.partial(_server, bin_dir, upstream_url), starts=9, accounted=_accounted)


@contextlib.contextmanager
def _server(bin_dir: Path, upstream_url: str, directory: Path) -> Iterator[tuple[ServerProcess, str]]:
    file = directory / "gateway.yaml"
    file.write_text(json.dumps(_configuration(upstream_url)))  # JSON is valid YAML.
    command = [
        str(bin_dir / PROGRAM), "--config-path", str(file), "--host", "127.0.0.1", "--port", "0",
        "--backend-store-uri", f"sqlite:///{directory}/gateway.db", "--usage-log-dir", str(directory / "usage-log")]
    with running("unladen-gateway", command, directory=directory, ready=lambda server: bool(listening_url(server))) as server:
        yield server, listening_url(server)


def _accounted(url: str) -> int:
    """The number of the key's requests in the ledger, from the admin API."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("GET", "/api/unladen/1.0/usage?by=key&last=1d", headers={"Authorization": f"Bearer {ADMIN_KEY}"})
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"the usage request failed: {response.status} {content[:500]!r}")
        return sum(row["requests"] for row in json.loads(content)["rows"] if row["key"] == "benchmark")
    finally:
        connection.close()


def _configuration(upstream_url: str) -> dict:
    scopes = {"route": MODEL, "team": TEAM}
    return {
        "endpoints": [{"name": MODEL, "endpoint_type": "llm/v1/chat", "model": {
            "provider": "openai", "name": "gpt-4o-mini",
            "config": {"openai_api_key": "sk-upstream", "openai_api_base": f"{upstream_url}/openai/v1"}}}],
        "teams": [{"name": TEAM}],
        "keys": [{"name": "benchmark", "key": KEY, "team": TEAM}],
        "limits": [
            {"name": f"{scope}-{counted}", counted: HIGH, "per": "minute", scope: name}
            for scope, name in scopes.items() for counted in ("requests", "tokens")],
        "prices": {"gpt-4o-mini": {"input": 0.15, "output": 0.60, "cached_input": 0.075}},
        "admin_key": ADMIN_KEY,
    }

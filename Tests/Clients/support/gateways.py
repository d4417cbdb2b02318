"""The gateway and the fake provider behind it, as context managers.

    with fake_provider() as fake, unladen_gateway({"endpoints": [...]}) as gateway:
        ... gateway.url, fake.url, fake.counts() ...
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import pathlib
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from .builds import bin_dir
from .processes import ServerProcess, running

#: The key that the fake provider accepts for every provider.
PROVIDER_KEY = "fake-key"
#: The gateways' admin key, unless the configuration names another.
ADMIN_KEY = "the-administrators-key-0123456789"
ADMIN_HEADERS = {"Authorization": f"Bearer {ADMIN_KEY}"}


@dataclasses.dataclass(frozen=True)
class Response:
    """A server's response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclasses.dataclass(frozen=True)
class HTTPServer:
    """A running HTTP server and its process."""

    url: str
    process: ServerProcess

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, timeout: float = 60
    ) -> Response:
        """Sends a request over a new connection; a body that isn't bytes is sent as JSON."""
        address = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return Response(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **options: Any) -> Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> Response:
        return self.call("POST", path, body, **options)


@dataclasses.dataclass(frozen=True)
class FakeProvider(HTTPServer):
    """The fake provider; the comments in its `Control` document its data."""

    def counts(self) -> Any:
        return self.get("/control/counts").json()

    def requests(self, last: int = 20) -> list[Any]:
        return self.get(f"/control/requests?last={last}").json()

    def reset(self) -> None:
        self.post("/control/reset", {})


@dataclasses.dataclass(frozen=True)
class Gateway(HTTPServer):
    """The gateway and its configuration file, which it reloads after changes."""

    config_path: pathlib.Path
    backend_uri: str
    #: The ids of the processes that a test has killed.
    killed: list[int] = dataclasses.field(default_factory=list)

    def kill(self) -> None:
        """Kills the gateway, as in a crash."""
        self.killed.append(self.process.process.pid)
        self.process.process.kill()
        self.process.process.wait()

    def write(self, config: Mapping[str, Any] | str) -> None:
        """Replaces the configuration file atomically, as an editor does."""
        _write(self.config_path, config)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a subcommand of the gateway with the same database."""
        return command(*arguments, "--backend-store-uri", self.backend_uri, directory=self.config_path.parent)


def command(*arguments: str, directory: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Runs the gateway's executable until it exits."""
    return subprocess.run(
        [bin_dir("unladen-gateway") / "unladen-gateway", *arguments], cwd=directory, capture_output=True, text=True, timeout=60,
        check=False)


@contextlib.contextmanager
def fake_provider(directory: pathlib.Path | None = None) -> Iterator[FakeProvider]:
    """Runs a separate fake provider, on a free port."""
    with _directory(directory) as directory:
        program = [str(bin_dir("fake-provider") / "fake-provider"), "--port", "0", "--key", PROVIDER_KEY]
        with running("fake-provider", program, directory=directory, ready=_is_listening) as process:
            yield FakeProvider(_url(process), process)


@contextlib.contextmanager
def unladen_gateway(
    config: Mapping[str, Any] | str, directory: pathlib.Path | None = None, *, backend_uri: str | None = None,
    arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None,
) -> Iterator[Gateway]:
    """Runs a gateway with a configuration on a free port, with SQLite unless another database is named.

Its environment has ``ADMIN_KEY`` as its admin key; ``environment`` adds variables, and an empty value removes one.
    """
    environment = {"UNLADEN_ADMIN_KEY": ADMIN_KEY, **(environment or {})}
    with _directory(directory) as directory:
        path = directory / "gateway.yaml"
        _write(path, config)
        backend_uri = backend_uri or f"sqlite:///{directory}/gateway.db"
        program = [
            str(bin_dir("unladen-gateway") / "unladen-gateway"), "--config-path", str(path), "--host", "127.0.0.1", "--port", "0",
            "--backend-store-uri", backend_uri, *arguments]
        with running("unladen-gateway", program, directory=directory, ready=_is_listening, environment=environment) as process:
            gateway = Gateway(_url(process), process, path, backend_uri)
            yield gateway
            assert gateway.killed or process.process.poll() is None, f"the gateway has died\n{process.last_lines()}"


def _write(path: pathlib.Path, config: Mapping[str, Any] | str) -> None:
    text = config if isinstance(config, str) else yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True)
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


def _is_listening(server: ServerProcess) -> bool:
    return (server.first_line() or "").startswith("listening on http://")


def _url(server: ServerProcess) -> str:
    return (server.first_line() or "").removeprefix("listening on ")


@contextlib.contextmanager
def _directory(given: pathlib.Path | None) -> Iterator[pathlib.Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="unladen-gateway-") as directory:
        yield pathlib.Path(directory)

"""The servers under test, each filled by MLflow's client and with a gateway in front of a scripted provider."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

from gateway.configs import endpoint
from support.builds import bin_dir
from support.gateways import FakeProvider, Gateway, fake_provider, unladen_gateway
from support.postgresql import postgresql
from support.servers import RunningServer, mlflow_server, unladen_suite

HERE = pathlib.Path(__file__).resolve().parents[1]
#: The names of the sites: MLflow's own server, and ours with each database.
PEER, OURS = "mlflow", ("sqlite", "postgresql")


@dataclasses.dataclass(frozen=True)
class Site:
    """A filled server."""

    name: str
    server: RunningServer
    facts: dict[str, Any]
    gateway: Gateway | None
    fake: FakeProvider | None

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def is_peer(self) -> bool:
        return self.name == PEER


def names() -> list[str]:
    """The sites to test: the peer if UNLADEN_TEST_PEER is set, otherwise ours with the databases in UNLADEN_TEST_DATABASES."""
    if os.environ.get("UNLADEN_TEST_PEER"):
        return [PEER]
    chosen = os.environ.get("UNLADEN_TEST_DATABASES", ",".join(OURS)).split(",")
    assert set(chosen) <= set(OURS), f"UNLADEN_TEST_DATABASES must be a subset of {', '.join(OURS)}."
    return chosen


def mlflow_python() -> str:
    """The interpreter with MLflow 3.17, which fills servers, is the peer, and has the UI's files."""
    found = os.environ.get("MLFLOW_317_PYTHON", "~/.cache/unladen/clients/mlflow-3.17/bin/python")
    return str(pathlib.Path(found).expanduser())


def web_ui() -> str:
    """The directory with the built UI: UNLADEN_MLFLOW_UI, or that of the installed client."""
    given = os.environ.get("UNLADEN_MLFLOW_UI")
    if given:
        return given
    found = list(pathlib.Path(mlflow_python()).parents[1].glob("lib/python3.*/site-packages/mlflow/server/js/build"))
    assert found, f"{mlflow_python()} has no MLflow with the UI's files. Set UNLADEN_MLFLOW_UI or MLFLOW_317_PYTHON."
    return str(found[0])


@contextlib.contextmanager
def site(name: str, directory: pathlib.Path) -> Iterator[Site]:
    """Starts and fills a site, with its data and logs in the directory."""
    with contextlib.ExitStack() as stack:
        gateway, fake = None, None
        # On a machine without a build, the peer is tested without a gateway.
        if name != PEER or _has_gateway():
            fake = stack.enter_context(fake_provider())
            gateway = stack.enter_context(unladen_gateway(_gateway_config(fake)))
        server = stack.enter_context(_server(name, directory, gateway, stack))
        yield Site(name, server, fill(server.url, directory), gateway, fake)


def fill(url: str, directory: pathlib.Path) -> dict[str, Any]:
    """Writes the entities that the tests look at, and returns their names and ids."""
    done = subprocess.run(
        [mlflow_python(), "-m", "filling", url], cwd=HERE, capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": str(HERE), "TMPDIR": str(directory)})
    assert done.returncode == 0, f"the client couldn't fill the server:\n{done.stdout[-2000:]}\n{done.stderr[-5000:]}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def _server(
    name: str, directory: pathlib.Path, gateway: Gateway | None, stack: contextlib.ExitStack
) -> contextlib.AbstractContextManager[RunningServer]:
    artifacts = directory / "artifacts"
    if name == PEER:
        target = {"MLFLOW_DEPLOYMENTS_TARGET": gateway.url} if gateway else {}
        return mlflow_server(mlflow_python(), f"sqlite:///{directory}/mlflow.db", artifacts, directory, environment=target)
    arguments = ["--mlflow-ui", web_ui(), *(["--gateway-uri", gateway.url] if gateway else [])]
    uri, registry = f"sqlite:///{directory}/tracking.db", f"sqlite:///{directory}/registry.db"
    if name == "postgresql":
        uri = registry = stack.enter_context(postgresql()).create_database("unladen_browser")
    return unladen_suite(bin_dir(), uri, artifacts, directory, registry, tracking_arguments=arguments)


def _has_gateway() -> bool:
    try:
        return all(bin_dir(program) for program in ("unladen-gateway", "fake-provider"))
    except RuntimeError:
        return False


def _gateway_config(fake: FakeProvider) -> dict[str, Any]:
    return {"endpoints": [endpoint(fake, "keeper-chat"), endpoint(fake, "keeper-completions", task="completions")]}

"""A single service, with the flags that an attack needs."""

from __future__ import annotations

import contextlib
import json
import pathlib
import resource
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from support.builds import bin_dir
from support.processes import ServerProcess, running


class Service:
    def __init__(self, process: ServerProcess) -> None:
        self.process = process
        self.url = (process.first_line() or "").removeprefix("listening on ")

    @property
    def pid(self) -> int:
        return self.process.process.pid

    def log(self) -> str:
        return self.process.log.read_text(errors="replace")


def _is_listening(server: ServerProcess) -> bool:
    return (server.first_line() or "").startswith("listening on http://")


@contextlib.contextmanager
def service(
    name: str, directory: pathlib.Path, flags: Sequence[str] = (), environment: Mapping[str, str] | None = None,
    files: int | None = None,
) -> Iterator[Service]:
    """Runs `unladen-NAME` on a free port with its data in `directory`; `files` is its limit of open files."""
    directory.mkdir(parents=True, exist_ok=True)
    command = [str(bin_dir() / f"unladen-{name}"), "--port", "0", *flags]
    if name != "gateway" or "--backend-store-uri" not in flags:
        command += ["--backend-store-uri", f"sqlite:///{directory}/{name}.db"]
    if name == "tracking":
        command += ["--artifacts-destination", str(directory / "artifacts")]
    if name == "gateway":
        command += ["--usage-log-dir", str(directory / "usage-log")]
    if files is not None:
        # A service raises its soft limit to the hard one, so both are set. The shell sets them for its child only.
        command = ["/bin/sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    with running(name, command, directory=directory, ready=_is_listening, environment=environment) as process:
        yield Service(process)


@contextlib.contextmanager
def tracking(directory: pathlib.Path, *flags: str, files: int | None = None) -> Iterator[Service]:
    with service("tracking", directory, flags, files=files) as found:
        yield found


@contextlib.contextmanager
def registry(directory: pathlib.Path, *flags: str) -> Iterator[Service]:
    with service("registry", directory, flags) as found:
        yield found


@contextlib.contextmanager
def gateway(directory: pathlib.Path, *flags: str, configuration: Any = None) -> Iterator[Service]:
    """A gateway whose only endpoint, `chat`, is unreachable, unless the configuration names others."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "gateway.yaml"
    # JSON is valid YAML.
    file.write_text(json.dumps(configuration or {
        "endpoints": [{
            "name": "chat", "endpoint_type": "llm/v1/chat", "retries": {"attempts": 0},
            "model": {"provider": "vllm", "name": "m", "config": {"api_base": "http://127.0.0.1:9/v1", "api_key": "k"}},
        }],
    }))
    with service("gateway", directory, ["--config-path", str(file), *flags]) as found:
        yield found


def raise_file_limit() -> None:
    """Raises this process's limit of open files to the maximum."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

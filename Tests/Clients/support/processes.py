"""Starting a server process, waiting until it is ready, stopping it, and capturing its output."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

#: The time limits for a server to become ready and to stop, in seconds.
START_LIMIT = 120
STOP_LIMIT = 20


class ServerFailure(RuntimeError):
    """A server that didn't start or that died; the message ends with its last output."""


@dataclasses.dataclass
class ServerProcess:
    """A running server; its standard output goes to ``output``, its standard error to ``log``."""

    name: str
    process: subprocess.Popen[bytes]
    output: pathlib.Path
    log: pathlib.Path

    def last_lines(self, count: int = 60) -> str:
        texts = (file.read_text(errors="replace").splitlines() for file in (self.output, self.log))
        lines = [line for text in texts for line in text[-count:]]
        return f"--- {self.name} (complete output: {self.output}, {self.log})\n" + "\n".join(lines)

    def first_line(self) -> str | None:
        """The first complete line of its standard output, or ``None`` if there is none yet."""
        line, end, _ = self.output.read_text(errors="replace").partition("\n")
        return line if end else None

    def stop(self) -> None:
        """Stops the server and its children: gracefully, then by force."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_LIMIT)


@contextlib.contextmanager
def running(
    name: str,
    command: Sequence[str],
    *,
    directory: pathlib.Path,
    ready: Callable[[ServerProcess], bool],
    environment: Mapping[str, str] | None = None,
) -> Iterator[ServerProcess]:
    """Runs a command in ``directory`` for the duration of the context, which starts once ``ready`` returns true.

The process leads its own process group, so that stopping it stops its children and nothing else.
    """
    files = directory / f"{name}.out", directory / f"{name}.log"
    with files[0].open("wb") as output, files[1].open("wb") as log:
        process = subprocess.Popen(
            list(command), cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=log,
            env={**os.environ, **(environment or {})}, start_new_session=True)
    server = ServerProcess(name, process, *files)
    try:
        _wait_until(server, ready)
        yield server
    finally:
        server.stop()


def _wait_until(server: ServerProcess, ready: Callable[[ServerProcess], bool]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while not ready(server):
        if server.process.poll() is not None:
            raise ServerFailure(f"{server.name} ended with status {server.process.returncode}\n{server.last_lines()}")
        if time.monotonic() > deadline:
            raise ServerFailure(f"{server.name} didn't start within {START_LIMIT} s\n{server.last_lines()}")
        time.sleep(0.002)  # Short, as benchmarks measure startup time.


def free_port() -> int:
    """A TCP port of 127.0.0.1 that is currently free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

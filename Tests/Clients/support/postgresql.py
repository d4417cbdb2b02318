"""A private PostgreSQL server, in a temporary directory and on a free port, with the durable defaults."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator

from .processes import STOP_LIMIT, ServerProcess, free_port, running


def binaries() -> pathlib.Path:
    """The directory with initdb, postgres and psql: UNLADEN_POSTGRESQL_BIN, or that of the newest Debian package."""
    given = os.environ.get("UNLADEN_POSTGRESQL_BIN")
    if given:
        return pathlib.Path(given)
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not installed:
        raise RuntimeError("No PostgreSQL server found. Set UNLADEN_POSTGRESQL_BIN to the directory of its programs.")
    return installed[-1]


class PostgreSQL:
    """A server that can be stopped, killed and started again over the same data."""

    def __init__(self, directory: pathlib.Path) -> None:
        self._directory = directory
        self._running = contextlib.ExitStack()
        self._server: ServerProcess | None = None
        self.port = free_port()
        # PostgreSQL refuses to run as root, so root runs it as the user that its package created.
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            self._as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            shutil.chown(directory, "postgres", "postgres")
        self._run("initdb", "--pgdata", str(directory / "data"), "--username", "unladen", "--auth", "trust",
                  "--encoding", "UTF8")

    @property
    def pid(self) -> int:
        """The id of the server's main process, the parent of all others."""
        assert self._server, "PostgreSQL is not running"
        return self._server.process.pid

    def start(self) -> None:
        """Starts the server and waits until it accepts connections."""
        command = [
            *self._as_user, str(binaries() / "postgres"), "-D", str(self._directory / "data"), "-p", str(self.port),
            "-k", str(self._directory), "-c", "listen_addresses=127.0.0.1"]
        self._server = self._running.enter_context(
            running("postgresql", command, directory=self._directory, ready=lambda _: self._is_ready()))

    def stop(self) -> None:
        """Stops the server, closing its connections, and waits for it to exit."""
        if self._server:
            self._server.process.send_signal(signal.SIGINT)
            self._server.process.wait(STOP_LIMIT)
        self._forget()

    def kill(self) -> None:
        """Kills the server and its workers at once."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._forget()

    def create_database(self, name: str) -> str:
        """Creates an empty database and returns its URI."""
        self._run("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "unladen", name)
        return f"postgresql://unladen@127.0.0.1:{self.port}/{name}"

    def _forget(self) -> None:
        self._server = None
        self._running.close()

    def _is_ready(self) -> bool:
        command = [binaries() / "pg_isready", "--quiet", "--host", "127.0.0.1", "--port", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user, binaries() / program, *arguments], check=True, cwd=self._directory, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Runs a server, and removes its data at the end."""
    with tempfile.TemporaryDirectory(prefix="unladen-postgresql-") as directory:
        server = PostgreSQL(pathlib.Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.stop()

"""The compared sides: each proxy, and the upstream without one."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from support.processes import ServerProcess


@dataclass(frozen=True)
class Target:
    """A running side."""

    name: str
    url: str
    pid: int
    """Its main process; its children are found when needed."""


@dataclass(frozen=True)
class Side:
    """A proxy that can be started repeatedly."""

    name: str
    server: Callable[[Path], contextlib.AbstractContextManager[tuple[ServerProcess, str]]]
    """Runs it in an empty directory; the context starts with its URL once it is ready."""
    starts: int
    """The number of timed starts."""
    request_share: float = 1
    """The fraction of the memory section's requests that it receives."""
    stream_rounds: int | None = None
    """The maximum number of rounds of streams."""
    accounted: Callable[[str], int] | None = None
    """Returns the number of requests in its ledger, given its URL; None if it has no ledger."""

    @contextlib.contextmanager
    def started(self, directory: Path) -> Iterator[Target]:
        """Runs it in a new subdirectory of this directory."""
        directory.mkdir(parents=True, exist_ok=True)
        own = directory / f"{self.name.split()[0]}-{len(list(directory.iterdir()))}"
        own.mkdir()
        with self.server(own) as (process, url):
            yield Target(self.name, url, process.process.pid)

"""What is compared: each proxy, and the upstream without one."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from support.processes import ServerProcess


@dataclass(frozen=True)
class Target:
    """A side that runs."""

    name: str
    url: str
    pid: int
    """Its first process; its children are found when needed."""


@dataclass(frozen=True)
class Side:
    """A proxy that can be started, each time anew."""

    name: str
    server: Callable[[Path], contextlib.AbstractContextManager[tuple[ServerProcess, str]]]
    """Runs it in an empty folder, entering once it answers; gives its URL."""
    starts: int
    """How often its start is timed."""
    request_share: float = 1
    """The share of the requests that its memory is measured over."""
    stream_rounds: int | None = None
    """How often its streams are measured at most."""
    accounted: Callable[[str], int] | None = None
    """How many requests it has in its ledger, asked by URL; if it has one."""

    @contextlib.contextmanager
    def started(self, folder: Path) -> Iterator[Target]:
        """Runs it in a new folder below this one."""
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / f"{self.name.split()[0]}-{len(list(folder.iterdir()))}"
        own.mkdir()
        with self.server(own) as (process, url):
            yield Target(self.name, url, process.process.pid)

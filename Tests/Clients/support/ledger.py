"""The gateways' data in PostgreSQL, read with psql: the ledger and the leases of limits."""

from __future__ import annotations

import csv
import subprocess
from dataclasses import dataclass

from .postgresql import binaries

#: Flags of ledger rows.
ABANDONED, INTERRUPTED, BROKEN = 4, 16, 32


@dataclass(frozen=True)
class Entry:
    """The ledger rows with the same route, status and flags, combined."""

    route: str
    status: int
    flags: int
    rows: int
    prompt_tokens: int
    completion_tokens: int
    #: Prompt tokens read from providers' prompt caches, written to them, and of these, written for an hour.
    cached_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    #: How many rows have a cost.
    priced: int
    #: In billionths of a US dollar.
    cost: int
    #: The number of requests to providers.
    attempts: int


@dataclass(frozen=True)
class Window:
    """The usage of a limit by all gateways, in requests, tokens or billionths of a US dollar."""

    #: What has been used.
    spent: int
    #: What has been used or is leased to a gateway.
    taken: int


class Ledger:
    """The tables of one database."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def entries(self) -> list[Entry]:
        """The ledger's entries. Missing token counts are zero."""
        rows = self._query(
            "SELECT n.name AS route, status, flags, COUNT(*) AS rows, COALESCE(SUM(prompt_tokens), 0) AS prompt_tokens,"
            " COALESCE(SUM(completion_tokens), 0) AS completion_tokens, COALESCE(SUM(cached_tokens), 0) AS cached_tokens,"
            " COALESCE(SUM(cache_write_tokens), 0) AS cache_write_tokens,"
            " COALESCE(SUM(cache_write_1h_tokens), 0) AS cache_write_1h_tokens, COUNT(cost) AS priced,"
            " COALESCE(SUM(cost), 0) AS cost, SUM(attempts) AS attempts"
            " FROM usage u JOIN usage_names n ON n.id = u.route GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        return [
            Entry(row["route"], *(int(row[name]) for name in list(Entry.__dataclass_fields__)[1:]))
            for row in rows]

    def window(self, counter: str) -> Window:
        """The total of all windows of a limit."""
        ((spent, taken),) = [tuple(row.values()) for row in self._query(
            "SELECT COALESCE(SUM(w.used + l.spent), 0) AS spent, COALESCE(SUM(w.used + l.taken), 0) AS taken FROM limit_windows w,"
            " LATERAL (SELECT COALESCE(SUM(spent), 0) AS spent, COALESCE(SUM(GREATEST(granted, spent)), 0) AS taken"
            " FROM limit_leases WHERE counter = w.counter AND window_start = w.window_start) l"
            f" WHERE w.counter = '{counter}'")]
        return Window(int(spent), int(taken))

    def leases(self, gateway: int) -> list[dict[str, str]]:
        return self._query(f"SELECT * FROM limit_leases WHERE gateway = {gateway}")

    def seen_at(self, gateway: int) -> int:
        """The last heartbeat of a gateway, in milliseconds since 1970; 0 after it has shut down."""
        (row,) = self._query(f"SELECT seen_at FROM gateways WHERE id = {gateway}")
        return int(row["seen_at"])

    def _query(self, statement: str) -> list[dict[str, str]]:
        output = subprocess.run(
            [binaries() / "psql", self._uri, "--no-psqlrc", "--csv", "--command", statement], check=True, capture_output=True,
            text=True, timeout=60).stdout
        return list(csv.DictReader(output.splitlines()))

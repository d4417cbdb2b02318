"""The gateways of the money test: four with one database and one directory of usage logs, and one limit that is exhausted."""

from __future__ import annotations

import contextlib
import pathlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.configs import endpoint
from support.gateways import FakeProvider, Gateway, unladen_gateway
from support.ledger import Ledger

from .money_load import BILLED, MONEY, ROUTES, Unit, price

ADMIN = "the-administrators-key-0123456789"
KEY = "the-key-of-the-crowd-0123456789"
REPLICAS = 4


def configuration(fake: FakeProvider, models: dict[str, str], unit: Unit, cap: int) -> dict[str, Any]:
    """A route with its own model for each kind of request, and several limits, only one of which can be reached."""
    caps = {"requests": 10**9, "tokens": 10**12, "usd": 10**6, unit.name: cap / 1e9 if unit is MONEY else cap}
    return {
        "endpoints": [
            endpoint(fake, route, provider=BILLED.get(route, ("openai",))[0], model_name=model) for route, model in models.items()],
        "teams": [{"name": "research"}], "keys": [{"name": "crowd", "key": KEY, "team": "research"}], "admin_key": ADMIN,
        "limits": [
            {"name": "requests", "requests": caps["requests"], "per": "day", "team": "research"},
            {"name": "tokens", "tokens": caps["tokens"], "per": "day", "team": "research"},
            *({"name": probe_limit_name(route), "tokens": 10**12, "per": "day", "route": route} for route in ROUTES)],
        "budgets": [{"name": "usd", "usd": caps["usd"], "per": "month", "team": "research"}],
        "prices": {model: price(route) for route, model in models.items()},
        "retries": {"attempts": 2, "backoff": "0.02s"}}


def probe_limit_name(route: str) -> str:
    """A limit that is never reached; its counter shows the usage of a route."""
    return f"tokens-of-{route}"


@dataclass
class Fleet:
    """The gateways, their database, and the provider behind them."""

    fake: FakeProvider
    unit: Unit
    #: The cap of the limit that is exhausted.
    cap: int
    #: The model of each route.
    models: dict[str, str]
    uri: str
    usage_logs: pathlib.Path
    #: Stops the gateways.
    stack: contextlib.ExitStack
    gateways: list[Gateway] = field(default_factory=list)
    #: The number of each gateway in the database, in the order of `gateways`.
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.uri)
        for _ in range(REPLICAS):
            gateway, number = self.start_one()
            self.gateways.append(gateway)
            self.numbers.append(number)
        time.sleep(1.5)  # Until each gateway knows the number of replicas.

    @property
    def urls(self) -> list[str]:
        return [gateway.url for gateway in self.gateways]

    def start_one(self) -> tuple[Gateway, int]:
        """Starts a gateway; the lock that it takes gives its number."""
        before = self._locks()
        config = configuration(self.fake, self.models, self.unit, self.cap)
        gateway = self.stack.enter_context(
            unladen_gateway(config, backend_uri=self.uri, arguments=["--usage-log-dir", str(self.usage_logs)]))
        (number,) = self._locks() - before
        return gateway, number

    def _locks(self) -> set[int]:
        return {int(path.stem.rpartition("-")[2]) for path in self.usage_logs.glob("*.lock")}

    def files_of(self, number: int) -> list[str]:
        """A gateway's files in the directory of usage logs."""
        return sorted(
            path.name for path in self.usage_logs.iterdir()
            if path.name.partition("-")[2].startswith((f"{number}-", f"{number}.")))

    def counts(self) -> dict[str, dict[str, int]]:
        """The provider's counts by route."""
        none = dict.fromkeys(
            ["requests", "prompt_tokens", "completion_tokens", "cached_tokens", "cache_write_tokens", "cache_write_1h_tokens", "bill",
             "aborted", "errors"], 0)
        by_model = self.fake.counts()["by_model"]
        return {route: by_model.get(model, none) for route, model in self.models.items()}

    def wait_until_settled(self) -> None:
        """Waits until no request is in flight and no row waits for the database."""
        deadline, before, since = time.monotonic() + 30, None, 0.0
        while True:
            metrics = [gateway.get("/metrics").body.decode().splitlines() for gateway in self.gateways]
            waiting = [_value(lines, "unladen_gateway_usage_rows_pending") for lines in metrics]
            assert not any(_value(lines, "unladen_gateway_usage_rows_lost_total") for lines in metrics), "rows of the ledger were lost"
            now = (self.counts(), self.ledger.entries(), self.ledger.window(self.unit.name))
            if now != before or any(waiting):
                before, since = now, time.monotonic()
            elif time.monotonic() - since > 1:
                return
            assert time.monotonic() < deadline, f"the ledger doesn't settle: {waiting} rows wait"
            time.sleep(0.1)


def _value(lines: Sequence[str], name: str) -> float:
    """The value of a metric with one sample."""
    (line,) = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
    return float(line.split()[-1])

"""Fixtures of all gateway tests: a fake provider for the session."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from support.gateways import FakeProvider, fake_provider


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeProvider]:
    """The fake provider. All tests share its counts, which are by model: a test that counts uses its own models."""
    with fake_provider() as server:
        yield server


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Returns a name or text that no other test uses."""
    return lambda kind: f"{kind}-{uuid.uuid4().hex[:10]}"

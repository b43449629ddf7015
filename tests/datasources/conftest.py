"""Empty databases for the tests of sql_view."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mariadb import fresh_mariadb
from tests.servers import fresh_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty SQLite."""
    return f"sqlite:///{tmp_path / 'tickets.db'}"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "postgresql":
        return fresh_database(request.getfixturevalue("postgres_url"))
    if request.param == "mariadb":
        return fresh_mariadb(request.getfixturevalue("mariadb_url"))
    return f"sqlite:///{tmp_path / 'tickets.db'}"

"""A database of each kind keeps the contract of adapters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasources.contract import DataSourceContract, Make, Outside
from tests.datasources.databases import config_of, engine_of, fill, row, view
from tests.datasources.make import NOW, chengdu
from tests.mariadb import fresh_mariadb
from tests.servers import fresh_database

ROWS = [row(n) for n in range(45)]


def outside_of(fresh: Callable[[str], str], connection: dict[str, Any] | None = None) -> Make:
    """Worlds with a table of 45 tickets, read ten at a time."""

    def make(name: str) -> Outside:
        url = fresh(name)
        table = fill(url, ROWS)
        given = {"batch_rows": 10, **(connection or {})}

        def lose() -> None:
            engine = engine_of(url)
            table.drop(engine)
            engine.dispose()

        return Outside(
            source=view(url, given),
            now=NOW,
            unreachable=lose,
            restart=lambda: view(url, given),
            config=config_of(url, given),
            city=chengdu(),
        )

    return make


def sqlite(folder: Path) -> Callable[[str], str]:
    return lambda name: f"sqlite:///{folder / name}.db"


class TestSqliteByTimeOfChange(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        return outside_of(sqlite(tmp_path))


class TestSqliteBySweep(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        return outside_of(sqlite(tmp_path), {"changed_at": None})


class TestAQueryOfSqlite(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Make:
        query = "SELECT * FROM 工单 WHERE 内容 <> '12:30' -- all of them;\n;"
        return outside_of(sqlite(tmp_path), {"table": None, "query": query})


@pytest.mark.servers
class TestPostgresqlByTimeOfChange(DataSourceContract):
    @pytest.fixture
    def outside(self, postgres_url: str) -> Make:
        return outside_of(lambda _: fresh_database(postgres_url))


@pytest.mark.servers
class TestPostgresqlBySweep(DataSourceContract):
    @pytest.fixture
    def outside(self, postgres_url: str) -> Make:
        return outside_of(lambda _: fresh_database(postgres_url), {"changed_at": None})


@pytest.mark.servers
class TestMariadbByTimeOfChange(DataSourceContract):
    @pytest.fixture
    def outside(self, mariadb_url: str) -> Make:
        return outside_of(lambda _: fresh_mariadb(mariadb_url))


@pytest.mark.servers
class TestMariadbBySweep(DataSourceContract):
    @pytest.fixture
    def outside(self, mariadb_url: str) -> Make:
        return outside_of(lambda _: fresh_mariadb(mariadb_url), {"changed_at": None})

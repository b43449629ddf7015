"""What sql_view refuses, and by which words: tables, passwords, queries, keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from datasources.source import Denied, Malformed, Surroundings, Unavailable
from tests.datasources.databases import drain, fill, keys, row, tickets, view
from tests.datasources.make import around, chengdu
from tests.mariadb import fresh_mariadb
from tests.servers import fresh_database


def test_a_column_that_is_gone_is_named_and_nothing_is_read(url: str) -> None:
    fields = {"key": "编号", "received_at": "登记时刻"}
    fill(url, [row(1)])
    with pytest.raises(Malformed, match=r'"登记时刻".*renamed to "登记时间"'):
        drain(view(url, fields=fields))


def test_a_table_that_is_gone_is_malformed_and_a_file_that_is_gone_unavailable(url: str) -> None:
    with pytest.raises(Unavailable, match="no file"):
        drain(view(url))
    fill(url, [], tickets("别的表"))
    with pytest.raises(Malformed, match="no such table"):
        drain(view(url))


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_wrong_password_is_denied_and_never_quoted(
    kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres_url")).replace(
            "postgres@", "nobody@"
        )
    else:
        url = fresh_mariadb(request.getfixturevalue("mariadb_url")).replace("root@", "nobody@")
    secret = {"DB": "s3cr3t-word"}
    with pytest.raises(Denied) as denied:
        drain(
            view(
                url,
                {"password": {"env": "DB"}},
                around_=Surroundings(city=chengdu(), data_dir=None, secrets=secret),
            )
        )
    assert "s3cr3t" not in str(denied.value)


def test_a_variable_that_is_not_set_is_denied_by_its_name(url: str) -> None:
    with pytest.raises(Denied, match=r"connection\.url: TICKETS_URL is not set"):
        view(url, {"url": {"env": "TICKETS_URL"}})


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM 工单",
        "SELECT 1; DELETE FROM 工单",
        "WITH gone AS (DELETE FROM 工单 RETURNING *) SELECT * FROM gone",
        "SELECT * INTO 别的表 FROM 工单",
    ],
)
def test_a_query_that_could_write_is_refused(url: str, query: str) -> None:
    with pytest.raises(Malformed, match="single SELECT"):
        view(url, {"table": None, "query": query})


@pytest.mark.servers
def test_the_database_itself_refuses_to_be_written(any_url: str) -> None:
    fill(any_url, [row(1)])
    source = view(any_url)
    drain(source)
    with pytest.raises((Denied, Malformed, Unavailable), match=r"(?i)read.?only"):
        source._door.rows(sa.text("DELETE FROM 工单"), 1)
    assert len(keys(drain(view(any_url)))) == 1


def test_a_driver_that_is_not_there_is_named_with_its_remedy() -> None:
    with pytest.raises(Denied, match="pip install oracledb"):
        drain(view("oracle://reader@10.1.2.3/tickets"))


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        ({"table": None}, "either table or query"),
        ({"url": "10.1.2.3"}, "connection.url"),
        ({"batch_rows": 0}, "connection.batch_rows"),
        ({"window": "25:00-26:00"}, "connection.window"),
        ({"overlap": "ten"}, "connection.overlap"),
        ({"complete": "sometimes"}, "now or newest"),
        ({"changed_at": [7]}, "connection.changed_at"),
    ],
)
def test_a_wrong_key_is_named_with_its_remedy(
    url: str, connection: dict[str, Any], words: str
) -> None:
    with pytest.raises(Malformed, match=words):
        view(url, connection)


def test_a_file_of_sqlite_may_be_relative_to_data(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'tickets.db'}", [row(1)])
    source = view("sqlite:///tickets.db", around_=around(tmp_path))
    assert keys(drain(source)) == ["A-0001"]
    with pytest.raises(Denied, match="DATA"):
        view("sqlite:///tickets.db")

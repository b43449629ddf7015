"""The chapter sql_view of docs/connect.md: its source file reads a real MariaDB."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from centre.citypack.load import load_source
from datasources.registry import adapters, build
from datasources.source import Surroundings
from tests.datasources.databases import run
from tests.datasources.make import NOW, chengdu
from tests.docs.blocks import DOCS, files
from tests.mariadb import fresh_mariadb

PAGE = "connect.md"
SECRET = "a long word"  # noqa: S105 - of a database that lives as long as the test


@pytest.mark.servers
def test_the_database_of_the_manual_delivers(mariadb_url: str, tmp_path: Path) -> None:
    url = fresh_mariadb(mariadb_url)
    run(
        url,
        sa.text(
            "CREATE TABLE ticket (ticket_no varchar(20) PRIMARY KEY, create_time datetime NOT NULL,"
            " update_time datetime, INDEX (update_time, ticket_no))"
        ),
        sa.text("INSERT INTO ticket VALUES ('XJ-1', '2026-06-16 08:00:00', NULL)"),
        sa.text("INSERT INTO ticket VALUES ('XJ-2', '2026-06-16 08:05:00', '2026-06-16 09:00:00')"),
        sa.text("CREATE VIEW v_ticket AS SELECT * FROM ticket"),
        sa.text("CREATE OR REPLACE USER reader IDENTIFIED BY :word").bindparams(word=SECRET),
        sa.text("GRANT SELECT ON v_ticket TO reader"),
    )
    file = tmp_path / "xinjin.toml"
    shown = files(PAGE)["sql_view"]
    where = "mariadb://reader@10.12.3.4/tickets"
    assert where in shown
    file.write_text(shown.replace(where, url.replace("root@", "reader@")), "utf-8")
    around = Surroundings(city=chengdu(), data_dir=None, secrets={"XINJIN_PASSWORD": SECRET})
    batch = next(iter(build(load_source(file, chengdu()), around).fetch(None, NOW)))
    assert [one["ticket_no"] for one in batch.rows] == ["XJ-2", "XJ-1"]


def test_every_key_of_sql_view_is_in_its_table() -> None:
    section = (DOCS / PAGE).read_text("utf-8").split("\n## sql_view\n")[1].split("\n## ")[0]
    keys = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert sorted(keys) == sorted(adapters()["sql_view"].connection_keys)

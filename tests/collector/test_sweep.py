"""A day that differs from its source is made alike: missed cases come, removed ones go."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from centre.__main__ import app
from centre.collector.ground import ground
from centre.collector.ingest import ingest
from centre.collector.reconcile import compare, reconcile
from centre.collector.service import utc_now
from centre.collector.sweep import Found, Sweeping, Swept
from centre.domain.scope import EVERYTHING
from centre.metrics.registry import PARTS
from centre.store import cubes, queries, reconciled, sources
from centre.store.engine import connect, reading
from datasources.file_drop import FileDrop
from datasources.source import Malformed, Surroundings
from tests.collector.pack import CHENGDU
from tests.collector.scripted import Clock
from tests.collector.test_reconcile import MONDAY, SOURCE, TUESDAY, files, put
from tests.servers import fresh_database
from tests.tiny import CITY, ZONE

ONE = files(folder="in")
DAYS = (MONDAY, TUESDAY)
FIRST = (
    "A1,north,2026-06-15T08:00,1",
    "A2,north,2026-06-15T23:59,1",
    "A3,nowhere,2026-06-15T09:00,1",  # refused
    "B1,north,2026-06-16T10:00,1",
    "B2,north,2026-06-16T11:00,1",
)
NOW = (
    "A2,north,2026-06-15T23:59,2",  # its newer version was missed
    "A4,north,2026-06-15T12:00,1",  # never came
    "B1,north,2026-06-15T10:00,2",  # moved to Monday: not gone
    "B2,north,2026-06-16T11:00,1",
)  # A1 and A3 were removed


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A store whose source was read, and then changed behind our back."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'tiny.db'}"
    else:
        url = fresh_database(request.getfixturevalue("postgres_url"))
    put(tmp_path / "in" / "one.csv", FIRST)
    engine = connect(url)
    with ground(engine, CITY, [ONE], utc_now) as base:
        ingest(drop(tmp_path), base.claim(ONE), lambda _done, _total: None)
    put(tmp_path / "in" / "done" / "one.csv", NOW)
    yield engine
    engine.dispose()


def near(data: Path) -> Surroundings:
    return Surroundings(city=CITY, data_dir=data, secrets={})


def drop(data: Path) -> FileDrop:
    return FileDrop(ONE, near(data))


def sweeping(engine: Engine, data: Path, **words: bool) -> Sweeping:
    return Sweeping(
        engine=engine,
        source=drop(data),
        config=ONE,
        city=CITY,
        parts=PARTS,
        clock=Clock(),
        **words,
    )


def swept(engine: Engine, data: Path, days: Sequence[date] = DAYS) -> list[Swept]:
    one = sweeping(engine, data)
    seen, found = one.look(days)
    return [one.mend(seen, day) for day in found if not day.is_alike]


def test_a_look_says_what_is_unlike_and_does_nothing(engine: Engine, tmp_path: Path) -> None:
    _, found = sweeping(engine, tmp_path).look(DAYS)
    assert found == (
        Found(day=MONDAY, missing=("A4",), newer=("A2", "B1"), gone=("A1", "A3"), stored=2),
        Found(day=TUESDAY, stored=2),
    )


def test_after_a_sweep_the_days_are_the_same_and_the_past_stays(
    engine: Engine, tmp_path: Path
) -> None:
    with reading(engine) as conn:
        before = queries.slice(conn, queries.CaseQuery(), EVERYTHING)
        (row,) = sources.states(conn)
    (done,) = swept(engine, tmp_path)
    assert done == Swept(day=MONDAY, stored=3, removed=1)
    assert [one.difference for one in reconcile(engine, drop(tmp_path), ONE, CITY, DAYS)] == [0, 0]
    with reading(engine) as conn:
        assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))
        now = queries.slice(conn, queries.CaseQuery(), EVERYTHING)
        assert {(one.key, one.source_version) for one in now.rows} == {
            ("A2", 2),
            ("A4", 1),
            ("B1", 2),
            ("B2", 1),
        }
        (gone,) = queries.versions(conn, ONE.id, "A1", EVERYTHING)
        assert gone.gone
        assert gone.ended is not None
        then = queries.slice(conn, queries.CaseQuery(), EVERYTHING, at=gone.change)
        assert then.rows == before.rows
        (after,) = sources.states(conn)
        assert (after.cursor, after.watermark) == (row.cursor, row.watermark)
        assert after.sent == row.sent + 3
    assert swept(engine, tmp_path) == []


def test_a_case_that_moved_to_a_day_that_is_not_swept_is_fetched_and_not_removed(
    engine: Engine, tmp_path: Path
) -> None:
    _, found = sweeping(engine, tmp_path).look([TUESDAY])
    assert found == (Found(day=TUESDAY, moved=("B1",), stored=2),)
    assert swept(engine, tmp_path, [TUESDAY]) == [Swept(day=TUESDAY, stored=1)]
    with reading(engine) as conn:
        moved = queries.case(conn, ONE.id, "B1", EVERYTHING)
        assert moved is not None
        assert moved.received_at.astimezone(ZONE).date() == MONDAY
        assert not any(one.gone for one in queries.versions(conn, ONE.id, "B1", EVERYTHING))
        assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))
    assert swept(engine, tmp_path, [TUESDAY]) == []


class Blind(FileDrop):
    """Lists its cases, and finds none of them."""

    def find(self, keys: Collection[str], until: datetime) -> Iterator[Mapping[str, Any]]:
        return iter(())


def test_a_source_that_does_not_find_what_it_lists_removes_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    one = replace(sweeping(engine, tmp_path), source=Blind(ONE, near(tmp_path)))
    with pytest.raises(Malformed, match="lists A2 and does not find it by its number"):
        one.look(DAYS)


def test_a_day_that_loses_much_is_left_until_somebody_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    more = [f"C{number},north,2026-06-16T12:00,1" for number in range(20)]
    put(tmp_path / "in" / "done" / "one.csv", [*NOW, *more])
    swept(engine, tmp_path)
    put(tmp_path / "in" / "done" / "one.csv", NOW)
    (left,) = swept(engine, tmp_path)
    assert (left.removed, left.left) == (0, 20)
    one = sweeping(engine, tmp_path, even_many=True)
    seen, (found,) = one.look([TUESDAY])
    assert one.mend(seen, found) == Swept(day=TUESDAY, removed=20)


def test_days_before_the_first_case_are_not_kept(engine: Engine, tmp_path: Path) -> None:
    days = (MONDAY - timedelta(days=2), MONDAY - timedelta(days=1), *DAYS)
    found = compare(engine, drop(tmp_path), ONE, CITY, days, at=utc_now())
    assert [one.day for one in found] == list(days)
    with reading(engine) as conn:
        assert list(reconciled.read(conn, days[0], TUESDAY)[ONE.id]) == [
            one.toordinal() for one in DAYS
        ]


def test_what_was_swept_stands_with_the_day(engine: Engine, tmp_path: Path) -> None:

    done = swept(engine, tmp_path)
    compare(engine, drop(tmp_path), ONE, CITY, DAYS, at=utc_now())
    sweeping(engine, tmp_path).note(done)
    with reading(engine) as conn:
        kept = reconciled.read(conn, *DAYS)[ONE.id]
    monday = kept[MONDAY.toordinal()]
    assert (monday.came, monday.removed, monday.difference) == (3, 1, 0)
    assert monday.swept_at == Clock()()
    assert kept[TUESDAY.toordinal()].swept_at is None


def test_the_command_shows_then_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf = tmp_path / "chengdu"
    shutil.copytree(CHENGDU, conf)
    (conf / "sources.d" / "wuhou.toml").write_text(SOURCE, "utf-8")
    for name, value in {"CITY": conf, "DATA": tmp_path, "STATE": tmp_path / "state"}.items():
        monkeypatch.setenv(name, str(value))

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["reconcile", "wuhou", *words, *SPAN])

    put(tmp_path / "in" / "one.csv", [line.replace("north", "") for line in FIRST])  # one unit
    assert CliRunner().invoke(app, ["ingest", "wuhou"]).exit_code == 0
    put(tmp_path / "in" / "done" / "one.csv", [line.replace("north", "") for line in NOW])
    shown = run("--sweep", "--dry-run")
    assert shown.output.splitlines()[:3] == [
        "wuhou  2026-06-15  1 missing: A4",
        "wuhou  2026-06-15  2 newer: A2, B1",
        "wuhou  2026-06-15  2 gone: A1, A3",
    ]
    assert shown.exit_code == 1
    done = run("--sweep")
    assert done.output.splitlines()[3:] == [
        "wuhou  2026-06-15  swept: 3 stored, 2 removed",
        "wuhou  2026-06-15  theirs 3  ours 3 (3 stored, 0 refused)  the same",
        "wuhou  2026-06-16  theirs 1  ours 1 (1 stored, 0 refused)  the same",
    ]
    assert done.exit_code == 0
    assert "belong to --sweep" in run("--even-many").output


SPAN = ("--from", "2026-06-15", "--to", "2026-06-16")

"""Every number that a snapshot shows is computed again by its id, with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from centre.domain.notes import Note
from centre.domain.places import CITY
from centre.domain.records import Case
from centre.domain.scope import EVERYTHING, Scope
from centre.metrics.board import board
from centre.metrics.questions import OutOfScope
from centre.metrics.registry import METRICS, PARTS
from centre.snapshots.cells import Address, Snapshot
from centre.snapshots.figures import cell_query, figure_code, figure_id, group_query
from centre.store import changes, figures, sources
from centre.store.delivery import Delivery
from centre.store.engine import reading, writing
from centre.store.write import write
from components import codes
from components.desk import provenance
from components.desk.provenance import Provenance
from components.view import View
from tests import tiny
from tests.metrics import boards
from tests.metrics.boards import LIVE, RIVER_DOWN
from tests.metrics.conftest import empty, fill

RECEIVED = "appeal.received.count"
VIEW = View(city=tiny.CITY, metrics=METRICS)


def publish(engine: Engine, states: tuple = LIVE) -> Snapshot:  # type: ignore[type-arg]
    """What the collector makes of the store, with a seq of its own."""
    with writing(engine) as conn:
        seq = changes.next_change(conn, "publish", None, tiny.NOW)
    with reading(engine) as conn:
        made = board(conn, tiny.CITY, METRICS, tiny.NOW, scope=EVERYTHING, sources=states)
    return boards.shown(made, states, seq)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = empty(Path(tmp_path_factory.mktemp("provenance")))
    fill(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def shown(engine: Engine) -> Snapshot:
    """River is down."""
    return publish(engine, RIVER_DOWN)


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with reading(engine) as conn:
        yield conn


def find(conn: Connection, shown: Snapshot, id_: str, scope: Scope = EVERYTHING) -> Provenance:
    found = provenance.find(conn, VIEW, shown, figure_code(id_), scope)
    assert found is not None, id_
    return found


@pytest.mark.slow
def test_every_cell_is_what_was_shown(conn: Connection, shown: Snapshot) -> None:
    for address, cell in shown.cells.items():
        if address.unit not in (CITY, "north"):
            continue
        found = find(conn, shown, cell.figure)
        assert found.asked.query == cell_query(address)
        assert replace(found.then.cell, figure=cell.figure) == cell
        assert (found.then.value, found.has_changed) == (cell.value, False)


def test_days_hours_shares_and_dues_are_what_was_shown(conn: Connection, shown: Snapshot) -> None:
    wanted: dict[str, float | None] = {}
    for (metric, unit), series in shown.series.items():
        if metric in (RECEIVED, "appeal.on_time_rate", "appeal.backlog.count") and unit == CITY:
            days = [series.first + timedelta(days=n) for n in range(len(series.num))]
            ids = (codes.point(VIEW, metric, unit, series, day) for day in days[-3:])
            wanted |= dict(zip(ids, series.values[-3:], strict=True))
    for hour in (0, 10, 23):
        wanted[codes.hour(VIEW, CITY, shown.hours[CITY], hour)] = shown.hours[CITY].today[hour]
    for one in shown.shares["channel", CITY]:
        wanted[codes.share(VIEW, "channel", CITY, one)] = one.today
        wanted[codes.share(VIEW, "channel", CITY, one, "usual")] = one.usual
    for clock in ("open", "lapses_today", "overdue"):
        wanted[codes.due(CITY, shown.dues[CITY], clock)] = getattr(shown.dues[CITY], clock)
    assert {id_: find(conn, shown, id_).then.value for id_ in wanted} == wanted


def test_rows_of_a_source_are_what_was_shown(engine: Engine) -> None:
    counted = replace(LIVE[0], sent=9, stored=7, rejected=2)
    shown = publish(engine, (counted, *LIVE[1:]))
    source = next(one for one in shown.sources if one.id == counted.id)
    with reading(engine) as conn:
        found = find(conn, shown, codes.count(source, "rejected"))
    assert (found.then.num, found.metric, found.sources) == (2, None, (source,))


def test_the_cases_behind_are_as_many_as_the_figure_says(conn: Connection, shown: Snapshot) -> None:
    listed = 0
    for address, cell in shown.cells.items():
        if address.window != "now" or cell.num is None or address.unit not in (CITY, "south"):
            continue
        for one in find(conn, shown, cell.figure).behind:
            assert (address, one.count) == (address, one.listed.amount)
            listed += 1
    assert listed > 30


def test_a_missing_unit_is_not_among_the_cases_behind(conn: Connection, shown: Snapshot) -> None:
    found = find(conn, shown, shown.cell(RECEIVED).figure)
    assert found.then.cell.missing == ("river",)
    assert "but=river" in found.behind[0].href


def test_what_no_moment_has_shown_is_not_found(conn: Connection, shown: Snapshot) -> None:
    never = figure_id({"metric": "none"}, 1, shown.seq)
    later = figure_id(
        cell_query(Address(RECEIVED, CITY)), METRICS[RECEIVED].version, shown.seq + 1_000
    )
    for id_ in (never, later):
        assert provenance.find(conn, VIEW, shown, figure_code(id_), EVERYTHING) is None


def test_a_figure_out_of_scope_is_refused(conn: Connection, shown: Snapshot) -> None:
    north = Scope(units=frozenset({"north"}))
    assert find(conn, shown, shown.cell(RECEIVED, "north").figure, north).then.num is not None
    for unit in ("south", CITY):
        with pytest.raises(OutOfScope):
            find(conn, shown, shown.cell(RECEIVED, unit).figure, north)


def test_a_row_of_a_breakdown_is_found_by_what_was_noted(engine: Engine) -> None:
    shown = publish(engine)
    query = group_query(RECEIVED, "north", "channel", "phone")
    id_ = figure_id(query, METRICS[RECEIVED].version, shown.seq)
    noted = {**query, "version": METRICS[RECEIVED].version}
    figures.keep(engine, {figure_code(id_).digest: noted}, shown.seq)
    with reading(engine) as conn:
        found = find(conn, shown, id_)
        assert (found.then.num, found.behind[0].count) == (2, 2)
        assert "channel=phone" in found.behind[0].href


def test_the_last_deliveries_are_named(conn: Connection, shown: Snapshot) -> None:
    found = find(conn, shown, shown.cell(RECEIVED, "north").figure)
    assert [one.id for one in found.sources] == ["north-desk"]
    assert [(one.source, one.kind, one.stored) for one in found.handed] == [
        ("north-desk", "write", 9)
    ]


def later(engine: Engine, records: list[Case]) -> None:
    """What north sends five minutes after."""
    delivery = Delivery(
        source="north-desk",
        epoch=sources.claim(engine, "north-desk"),
        records=records,
        rows=(),
        cursor={},
        fetched_at=tiny.NOW + timedelta(minutes=5),
        watermark=tiny.NOW + timedelta(minutes=5),
        units=("north",),
    )
    write(engine, delivery, PARTS, tiny.ZONE)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, Snapshot]]:
    """A snapshot, and the store after a late case, a changed one and a closed one."""
    engine = empty(Path(tmp_path_factory.mktemp("moved")))
    fill(engine)
    shown = publish(engine)
    known = {one.key: one for one in tiny.CASES}
    closed = replace(known["N5"], source_version=2, closed_at=tiny.at("06-17 10:33"))
    judged = replace(known["N2"], source_version=2, satisfied=True, resolved=True)
    later(engine, [tiny.appeal("N77", "north", "06-16 12:00"), closed, judged])
    with reading(engine) as conn:
        yield conn, shown
    engine.dispose()


@pytest.mark.slow
def test_a_number_stays_what_it_was_whatever_came_later(moved: tuple[Connection, Snapshot]) -> None:
    conn, shown = moved
    for address, cell in shown.cells.items():
        if address.unit in (CITY, "north"):
            then = find(conn, shown, cell.figure).then
            assert (address, then.num, then.den) == (address, cell.num, cell.den)
    for clock in ("open", "lapses_today", "overdue"):
        id_ = codes.due("north", shown.dues["north"], clock)
        assert find(conn, shown, id_).then.num == getattr(shown.dues["north"], clock)


def test_the_list_behind_is_of_that_moment_too(moved: tuple[Connection, Snapshot]) -> None:
    conn, shown = moved
    for metric in ("appeal.received.count", "appeal.satisfaction_rate", "appeal.backlog.count"):
        for one in find(conn, shown, shown.cell(metric, "north").figure).behind:
            assert (metric, one.count) == (metric, one.listed.amount)


def test_later_data_is_told(moved: tuple[Connection, Snapshot]) -> None:
    conn, shown = moved
    series = shown.series[RECEIVED, "north"]
    id_ = codes.point(VIEW, RECEIVED, "north", series, tiny.TODAY - timedelta(days=1))
    now = replace(shown, seq=changes.latest(conn))
    found = find(conn, now, id_)
    assert found.then.num == series.num[-1]
    assert found.today.num == found.then.num + 1
    assert found.has_changed


def test_a_figure_has_the_notes_on_its_own_data_that_its_reader_may_see(
    conn: Connection, shown: Snapshot
) -> None:
    day = tiny.at("06-16 00:00")
    first = Note(id="1", unit="north", start=day, end=None, zh="重复", en="", by="x", at=day)
    seen = replace(shown, notes=(first, replace(first, id="2", unit=None, source="hotline")))

    def ids(id_: str, scope: Scope = EVERYTHING) -> list[str]:
        return [one.id for one in find(conn, seen, id_, scope).notes]

    assert ids(seen.cells[Address(RECEIVED, CITY)].figure) == ["1", "2"]
    assert ids(seen.cells[Address(RECEIVED, "south")].figure) == ["2"]
    north = seen.cells[Address(RECEIVED, "north")].figure
    assert ids(north, Scope(units=frozenset({"north"}))) == ["1"]
    line = seen.series[RECEIVED, "north"]
    for back, noted in ((1, ["1", "2"]), (2, [])):
        at = (tiny.NOW - timedelta(days=back)).astimezone(tiny.ZONE).date()
        assert ids(codes.point(VIEW, RECEIVED, "north", line, at)) == noted

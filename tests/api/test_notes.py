"""Notes on the data come with every answer that uses it: of the whole, of its rows, in files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from dash import Dash

from centre.domain.notes import Note
from centre.domain.status import Freshness
from centre.live.runtime import runtime
from centre.metrics.noted import Noted
from centre.metrics.questions import Coverage, Group, Value
from centre.store import notes
from tests.api.conftest import Ask
from tests.web import snapshot

VALUE = "/api/v1/metrics/appeal.received.count/value"
DAYS = {"from": "2026-06-15", "to": "2026-06-18"}
NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)  # 09:00 in Chengdu
SAID = Note(
    id="",
    unit="510104",
    start=NINE,
    end=NINE + timedelta(hours=2),
    zh="9–11 时重复上报",
    en="sent twice from 9 to 11",
    by="值班室",
    at=NINE,
)


@pytest.fixture(scope="module")
def note(web: Dash) -> Iterator[Note]:
    """Kept, and known to the screens."""
    kept = notes.add(runtime().engine, SAID)
    runtime().bus.publish(replace(snapshot(42), seq=int(kept.id) + 1, notes=(kept,)))
    yield kept


def test_an_answer_has_the_notes_on_its_data(ask: Ask, note: Note) -> None:
    whole = ask(VALUE, params=DAYS).json()
    (said,) = whole["notes"]
    assert (said["id"], said["zh"], said["unit"]) == (note.id, SAID.zh, "510104")
    for other in ({"scope": "510105"}, {"from": "2026-06-17"}, {"to": "2026-06-16"}):
        assert ask(VALUE, params={**DAYS, **other}).json()["notes"] == []


@pytest.mark.parametrize(
    ("by", "noted"), [("unit", {"510104"}), ("day", {"2026-06-16"}), ("hour", {"9", "09", "10"})]
)
def test_a_row_has_those_on_its_own_data(ask: Ask, note: Note, by: str, noted: set[str]) -> None:
    groups = ask(VALUE, params={**DAYS, "by": by}).json()["groups"]
    found = {one["key"] for one in groups if one["notes"] == [note.id]}
    assert found == noted & {one["key"] for one in groups} and found
    assert all(one["notes"] == [] for one in groups if one["key"] not in noted)


def test_an_answer_of_before_the_note_is_without_it(ask: Ask, note: Note) -> None:
    then = {**DAYS, "at": int(note.id) - 1}
    assert ask(VALUE, params=then).json().get("notes", []) == []


def test_the_file_of_an_answer_has_the_note_in_its_lines(ask: Ask, note: Note) -> None:
    words = {**DAYS, "metric": "appeal.received.count", "by": "day"}
    rows = csv.reader(StringIO(ask("/export/metric.csv", params=words).text))
    noted = {row[0] for row in rows if row[-1].endswith("锦江区：9–11 时重复上报")}
    assert noted == {"合计", "2026-06-16"}


def test_a_day_says_by_which_definition_the_city_counted(ask: Ask) -> None:
    words = {"from": "2018-11-29", "to": "2018-12-03", "by": "day"}
    path = "/api/v1/metrics/appeal.satisfaction_rate/value"
    told = ask(path, params=words).json()
    spells = [(one["from"], one["version"]) for one in told["in_force"]]
    for one in told["groups"]:
        assert one["in_force"] == [v for first, v in spells if first <= one["key"]][-1]
    assert {
        one["in_force"] for one in ask(VALUE, params=DAYS | {"by": "unit"}).json()["groups"]
    } == {None}


def test_an_hour_is_noted_only_where_the_note_has_a_part_of_it(web: Dash) -> None:
    city, start = runtime().city, NINE - timedelta(hours=9)
    whole = Value(
        metric="appeal.received.count",
        unit="510104",
        start=start,
        end=start + timedelta(days=30),
        num=1,
        den=None,
        value=1,
        freshness=Freshness.LIVE,
        as_of=None,
        coverage=Coverage(),
    )
    rows = [Group(key=str(hour), num=1, den=None, value=1) for hour in range(24)]

    def noted(one: Note) -> list[str]:
        known = Noted(notes=(one,), city=city, units_of={})
        return [row.key for row in rows if known.on_row(whole, "hour", row)]

    assert noted(SAID) == ["9", "10"]
    assert noted(replace(SAID, start=NINE + timedelta(minutes=30))) == ["9", "10"]
    assert noted(replace(SAID, end=None)) == [row.key for row in rows]

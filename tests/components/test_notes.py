"""A note on the data stands on every figure that uses it, and on no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from centre.domain.notes import Note
from centre.domain.periods import day_start, local_day
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Snapshot
from components.desk.registry import registry
from components.desk.trend import flow_figure
from components.panels import PANELS
from components.rich import text_of
from components.view import View
from tests.samples import chengdu, sample_snapshot

CITY = chengdu()
UNIT, OTHER = "510116", "510105"
RECEIVED = "appeal.received.count"
SEEN = sample_snapshot(CITY)
TODAY = day_start(local_day(SEEN.city_now, CITY.tz), CITY.tz)
OF_CITY = {
    "headline": RECEIVED,
    "headlines": "",
    "work": "",
    "channels": "",
    "by_channel": "",
    "what": "",
    "when": "",
    "where": "",
    "dues": "",
    "received_today": "",
    "city_map": "",
    "desk_tile": RECEIVED,
    "desk_flow": "",
    "desk_ranks": "category",
    "desk_units": "",
}
"""Panels with figures of the city, and the key they are about."""


def noted(start: datetime, end: datetime | None, unit: str | None = UNIT) -> Snapshot:
    """A working day on which something is said of the data of [start, end)."""
    note = Note(
        id="7", unit=unit, start=start, end=end, zh="重复上报", en="sent twice", by="x", at=TODAY
    )
    return replace(SEEN, notes=(note,))


def view(key: str = "", surface: str = "desk", lang: str = "zh") -> View:
    return View(lang=lang, surface=surface, key=key, city=CITY, metrics=METRICS)


def said(tree: Any) -> list[str]:
    """What the marks of a tree say."""
    return [*_said(tree)]


def _said(tree: Any) -> Iterator[str]:
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from _said(one)
        return
    props = getattr(tree, "to_plotly_json", None)
    if props is None:
        return
    told = props()["props"]
    if told.get("className") == "note-mark":
        yield told["title"]
    yield from _said(told.get("children"))


@pytest.mark.parametrize("surface", ["wall", "desk", "embed"])
@pytest.mark.parametrize("panel", OF_CITY)
def test_every_panel_says_what_is_said_of_the_data_of_today(panel: str, surface: str) -> None:
    now = noted(TODAY + timedelta(hours=10), None)
    marks = said(PANELS[panel].render(now, view(OF_CITY[panel], surface)))
    assert marks and all("重复上报" in one for one in marks)
    assert any("双流区：重复上报" in one for one in marks)
    old = noted(TODAY - timedelta(days=90), TODAY - timedelta(days=80))
    assert said(PANELS[panel].render(old, view(OF_CITY[panel], surface))) == []


def test_the_sentence_of_the_wall_has_the_notes_on_what_it_is_about() -> None:
    leading = SEEN.alerts[0].unit
    for unit, count in ((leading, 1), (OTHER, 0), (None, 1)):
        seen = noted(TODAY, None, unit)
        assert len(said(PANELS["lead"].render(seen, view(surface="wall")))) == count


def test_a_table_of_units_marks_the_unit_and_the_whole_alone() -> None:
    marks = said(PANELS["desk_units"].render(noted(TODAY, None), view()))
    whole = [one for one in marks if "双流区：" in one]
    assert len(marks) == 2 * len(whole) == 2 * 2  # received and backlog: today; rates end before


def test_a_rate_of_thirty_days_uses_the_data_of_yesterday() -> None:
    before = noted(TODAY - timedelta(days=1), TODAY - timedelta(hours=20))
    shown = PANELS["headline"]
    assert said(shown.render(before, view("appeal.on_time_rate")))
    assert not said(shown.render(before, view(RECEIVED)))


def test_the_registry_marks_figures() -> None:
    marks = said(registry(view(lang="en"), noted(TODAY, None)))
    assert marks and all("Shuangliu" in one and "sent twice" in one for one in marks)


def test_a_note_on_a_source_is_on_the_unit_it_answers_for() -> None:
    note = replace(noted(TODAY, None).notes[0], unit=None, source=f"sim-{UNIT}")
    seen = replace(SEEN, notes=(note,))
    assert said(PANELS["headline"].render(seen, view(f"{UNIT}~{RECEIVED}")))
    assert not said(PANELS["headline"].render(seen, view(f"{OTHER}~{RECEIVED}")))


def test_the_days_of_a_line_are_told_where_its_numbers_stand() -> None:
    first, last = TODAY - timedelta(days=4), TODAY - timedelta(days=2)
    seen, days = noted(first, last), ("2026-06-12", "2026-06-13")
    for panel, key in (("headline", RECEIVED), ("desk_flow", "")):
        table = PANELS[panel].table
        assert table is not None
        rows = {row[0]: str(row[-1]) for row in table(seen, view(key)).rows}
        assert [day for day, words in rows.items() if "重复上报" in words] == [*days]
    drawn = flow_figure(seen, view(), "city")["layout"]
    (sign,) = (one for one in drawn["annotations"] if one["text"] == "注")
    assert "双流区：重复上报" in sign["hovertext"]
    bands = [(one["x0"], one["x1"]) for one in drawn["shapes"] if one.get("opacity") == 0.12]
    assert bands == [("2026-06-11T12:00", "2026-06-13T12:00")]


def test_the_hours_of_today_are_told_in_their_table() -> None:
    table = PANELS["received_today"].table
    assert table is not None
    seen = noted(TODAY + timedelta(hours=10), TODAY + timedelta(hours=12))
    rows = table(seen, view()).rows
    assert [at for at, row in enumerate(rows) if "重复上报" in str(row[-1])] == [10, 11]


def test_the_foot_of_the_wall_says_what_no_pointer_can_ask_for() -> None:
    seen = noted(TODAY - timedelta(days=3), None)
    words = text_of(PANELS["wall_foot"].render(seen, view(surface="wall")))
    assert "数据备注：双流区：重复上报" in words and "等" not in words.split("数据备注")[1][:12]
    second = replace(seen.notes[0], id="8", zh="按批补报")
    both = replace(seen, notes=(*seen.notes, second))
    assert "重复上报等 2 条" in text_of(PANELS["wall_foot"].render(both, view(surface="wall")))

"""The page of data quality, its notes, and the mark beside the figures that they touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from centre.domain.notes import Note
from centre.live.runtime import runtime
from centre.metrics.registry import METRICS
from centre.store import notes
from centre.store.engine import reading
from components.notes import note_mark
from components.view import View
from tests.pages.conftest import deliver, refused
from tests.pages.reading import sent, text
from tests.pages.test_server import Send, layout_of
from tests.samples import chengdu, sample_snapshot

RECEIVED = METRICS["appeal.received.count"]
FIELDS = ("about", "start", "end", "zh", "en", "by")
SAID = {
    "about": "双流区",
    "start": "2026-06-16 10:00",
    "end": "2026-06-16 12:00",
    "zh": "双流 10–12 时重复上报",
    "by": "值班员",
}


def page(send: Send, search: str) -> str:
    answer = layout_of(send, "/quality", search)
    return text(answer.json()["response"]["_pages_content"]["children"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_source_and_unit_has_its_line(send: Send, lang: str) -> None:
    words = page(send, f"?lang={lang}")
    for one in runtime().snapshot().sources:
        assert (one.en if lang == "en" else one.zh) in words
    for code in chengdu().by_code:
        assert chengdu().unit_name(code, lang) in words


def test_a_source_opens_by_day_and_leads_to_its_refused_rows(send: Send) -> None:
    deliver("sim-510105", (), (refused("sim-510105", 1), refused("sim-510105", 2)))
    answer = layout_of(send, "/quality", "?source=sim-510105")
    assert "时间没有时区   2" in page(send, "?source=sim-510105")
    assert "sources?source=sim-510105&reason=no_zone" in answer.text


def test_a_source_that_there_is_not_is_named(send: Send) -> None:
    assert "nowhere" in page(send, "?source=nowhere")


def pressed(send: Send, button: Any, said: Mapping[str, str]) -> httpx.Response:
    """Press a button of the notes with these words in the form."""
    spelled = "note-save" if isinstance(button, str) else f'{{"note":"{button["note"]}"}}'
    one = {"property": "n_clicks", "value": 1}
    save = {**one, "id": "note-save", "value": 1 if isinstance(button, str) else None}
    removes = [] if isinstance(button, str) else [{**one, "id": button}]
    return send(
        "POST",
        "/_dash-update-component",
        json={
            "output": "..note-list.children...note-told.children..",
            "outputs": [
                {"id": "note-list", "property": "children"},
                {"id": "note-told", "property": "children"},
            ],
            "inputs": [save, removes],
            "changedPropIds": [f"{spelled}.n_clicks"],
            "state": [
                {"id": f"note-{field}", "property": "value", "value": said.get(field, "")}
                for field in FIELDS
            ],
        },
    )


def known() -> tuple[Note, ...]:
    with reading(runtime().engine) as conn:
        return notes.read(conn)


def test_a_note_is_added_listed_and_taken_back(send: Send) -> None:
    answer = pressed(send, "note-save", SAID).json()["response"]
    (kept,) = known()
    assert (kept.unit, kept.source, kept.by) == ("510116", None, "值班员")
    assert kept.end is not None
    assert kept.end - kept.start == timedelta(hours=2)
    assert "双流 10–12 时重复上报" in text(answer["note-list"]["children"])
    assert "双流 10–12 时重复上报" in page(send, "")

    pressed(send, {"note": kept.id}, {})
    assert known() == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"about": "无此区"}, "选一个单位"),
        ({"zh": ""}, "填写说明"),
        ({"start": "16日"}, "16日"),
        ({"end": "2026-06-16 10:00"}, "晚于"),
        ({"zh": "长" * 301}, "300"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why(
    send: Send, wrong: Mapping[str, str], told: str
) -> None:
    answer = pressed(send, "note-save", {**SAID, **wrong}).json()["response"]
    assert told in text(answer["note-told"]["children"])
    assert known() == ()


def test_a_figure_has_the_mark_of_the_notes_on_its_data_alone() -> None:
    snapshot = sample_snapshot(chengdu())
    now = snapshot.city_now
    one = Note(
        id="1",
        unit="510116",
        start=now - timedelta(minutes=1),
        end=None,
        zh="重复上报",
        en="sent twice",
        by="x",
        at=now,
    )
    snapshot = replace(snapshot, notes=(one,))

    def mark(unit: str, lang: str = "zh") -> Any:
        view = View(lang=lang, surface="wall", city=chengdu(), metrics=METRICS)
        return note_mark(snapshot, view, RECEIVED, unit)

    assert "重复上报" in sent(mark("510116")).decode()
    assert "sent twice" in sent(mark("city", "en")).decode()
    assert mark("510105") is None

"""A case that a sweep removed keeps its page; a source says how it compares."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from centre.collector.reconcile import compared
from centre.live.runtime import runtime
from centre.metrics.registry import PARTS
from centre.store import reconciled, sources
from centre.store.delivery import Delivery, Sweep
from centre.store.engine import reading, writing
from centre.store.reconciled import Day
from centre.store.write import write
from components.desk import reconciled as drawn
from components.desk.source_rows import facts
from tests.pages.conftest import NOW, case, deliver
from tests.pages.reading import text
from tests.pages.test_quality import page
from tests.pages.test_server import Send, layout_of
from tests.samples import chengdu, sample_snapshot


def sweep(key: str, *cases: object) -> None:
    """What a comparison found of a source of its own."""
    run = runtime()
    with reading(run.engine) as conn:
        epoch = next(one.epoch for one in sources.states(conn) if one.id == "510106")
    delivery = Delivery(
        source="510106",
        epoch=epoch,
        records=cases,
        rows=(),
        cursor=None,
        fetched_at=NOW + timedelta(hours=1),
        sweep=Sweep(gone=(key,), seen=2**40),
    )
    write(run.engine, delivery, PARTS, run.city.tz)


@pytest.mark.parametrize(
    ("lang", "gone", "fetched"),
    [
        ("zh", "来源系统已没有这张工单", "对账时补取"),
        ("en", "The source no longer has this case", "fetched when compared"),
    ],
)
def test_a_removed_case_says_so_and_tells_what_was_known_last(
    send: Send, lang: str, gone: str, fetched: str
) -> None:
    here = replace(case(70), source="510106", key=f"{lang}-70", title="井盖松动")
    deliver("510106", (here,), ())
    sweep(here.key, replace(here, key=f"{lang}-71"))

    def shown(key: str) -> str:
        answer = layout_of(send, f"/case/510106:{key}", f"?lang={lang}")
        return text(answer.json()["response"]["_pages_content"]["children"])

    assert gone in shown(here.key)
    assert "井盖松动" in shown(here.key)
    assert fetched in shown(f"{lang}-71")
    assert gone not in shown(f"{lang}-71")
    assert send("GET", f"/case/510106:{here.key}").status_code == 200
    assert send("GET", f"/api/v1/cases?text={here.key}").json()["cases"] == []


def test_a_source_says_on_which_days_it_differs(send: Send) -> None:
    run, yesterday = runtime(), NOW.astimezone(chengdu().tz).date() - timedelta(days=1)
    short = Day(day=yesterday, theirs=7, stored=4, refused=1)
    with writing(run.engine) as conn:
        reconciled.keep(conn, "510105", [short], NOW)
        reconciled.swept(conn, "510105", yesterday, came=3, removed=1, at=NOW)
    shown = sample_snapshot(chengdu())
    known = [one for one in shown.sources if one.unit in {"510104", "510105"}]
    known = [replace(one, id=one.unit or "") for one in known]
    with reading(run.engine) as conn:
        never, unlike = compared(conn, run.sources, known)
    view = run.view("zh")
    assert text(drawn.short("zh", never)) == "尚未核对"
    assert "1 天有出入" in text(drawn.short("zh", unlike))
    assert "来源多 2 件" in text(facts(shown, view, unlike))
    assert "来源少 2 件" in text(
        drawn.full(shown, view, replace(unlike, differences=(("2026-06-15", -2),)))
    )
    alike = replace(unlike, differences=())
    assert "一致" in text(facts(shown, view, alike))
    assert text(drawn.short("en", replace(never, reconciles=False))) == "not agreed"
    assert "对账差" in page(send, "?source=sim-510105")

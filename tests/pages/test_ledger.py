"""The ledger at /quality: every number leads to itself, and stays what it was when it was shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from centre.live.runtime import runtime
from centre.snapshots.figures import figure_id, ledger_query
from centre.store import reconciled
from centre.store.engine import writing
from tests.pages.conftest import refused
from tests.pages.reading import text
from tests.pages.test_past import MORNING, UNIT, City, case
from tests.pages.test_server import layout_of
from tests.web import client

BAD = refused(UNIT, 1)
SHORT = reconciled.Day(day=MORNING.date() - timedelta(days=1), theirs=9, stored=4, refused=0)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A centre that delivered, was refused twice, and differed from its source on one day."""
    made = City(tmp_path_factory.mktemp("ledger"))
    made.know(case(1), case(2), case(3), BAD, BAD)  # type: ignore[arg-type]
    with writing(runtime().engine) as conn:
        reconciled.keep(conn, UNIT, [SHORT], made.now)
        reconciled.swept(conn, UNIT, SHORT.day, came=3, removed=1, at=made.now)
    made.know(case(4))
    yield made
    made.end()


def send(city: City, method: str, path: str, **words: Any) -> httpx.Response:
    async def speak() -> httpx.Response:
        async with client(city.app) as speaking:
            return await speaking.request(method, path, **words)

    return asyncio.run(speak())


def page(city: City, path: str, search: str = "") -> Any:
    answer = layout_of(lambda *a, **words: send(city, *a, **words), path, search)
    return answer.json()["response"]["_pages_content"]["children"]


def figures(tree: Any) -> dict[tuple[str, str], str]:
    """(id, how) -> what is shown of it; of components and elements [tag, said, children]."""
    if isinstance(tree, list):
        if len(tree) == 3 and isinstance(tree[1], dict) and "data-figure" in tree[1]:
            return {_name(tree[1]): text({"props": {"nodes": [tree]}})}
        return {key: said for one in tree for key, said in figures(one).items()}
    if not isinstance(tree, dict):
        return {}
    props = tree.get("props", {})
    if "data-figure" in props:
        return {_name(props): text(tree)}
    return {**figures(props.get("nodes")), **figures(props.get("children"))}


def _name(said: dict[str, Any]) -> tuple[str, str]:
    return said["data-figure"], said.get("data-how", "")


def told(city: City, ids: set[str]) -> dict[str, dict[str, Any]]:
    known, asked = {}, sorted(ids)
    for some in (asked[start : start + 200] for start in range(0, len(asked), 200)):
        answer = send(city, "GET", "/api/v1/figures", params={"ids": ",".join(some)}).json()
        assert answer["unknown"] == []
        known |= {one["id"]: one for one in answer["figures"]}
    return known


def as_shown(one: dict[str, Any], how: str) -> str:
    if one["ledger"] == "punctual":
        return f"{min(one['value'], 0.999 if one['value'] < 1 else 1) * 100:.1f}"
    return f"{abs(one[how or 'num']):.0f}"


def assert_held(city: City, shown: dict[tuple[str, str], str]) -> None:
    known = told(city, {id_ for id_, _ in shown})
    for (id_, how), said in shown.items():
        assert re.sub(r"[^\d.]", "", said) == as_shown(known[id_], how), known[id_]


def test_numbers_of_the_ledger_are_the_same_whatever_comes_later(city: City) -> None:
    then = city.bus.latest()
    assert then is not None
    search = f"?source={UNIT}"
    shown = figures(page(city, "/quality", search))
    assert len(shown) > 60
    assert_held(city, shown)

    city.now += timedelta(hours=2)
    taken_back = replace(case(1), source_version=2, unit="510105")
    later = city.know(case(4), case(5), taken_back, BAD)  # type: ignore[arg-type]
    with writing(runtime().engine) as conn:
        reconciled.keep(conn, UNIT, [replace(SHORT, stored=9)], city.now)
    assert_held(city, shown)
    assert figures(page(city, "/quality", f"{search}&at={then.seq}")) == shown

    now = figures(page(city, "/quality", search))
    assert_held(city, now)
    refusals = ledger_query("rejected", source=UNIT)
    before, after = (figure_id(refusals, 0, one.seq) for one in (then, later))
    assert (shown[before, ""], now[after, ""]) == ("2", "3")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_ledger_has_its_page(city: City, lang: str) -> None:
    last = city.bus.latest()
    assert last is not None
    for name, said in {
        "punctual": ("及时率 · ", "Punctual · "),
        "complete": ("完整 · ", "Complete · "),
        "rejected": ("拒收 · ", "Rejected · "),
        "revised": ("改动的已结日 · ", "Revised closed days · "),
        "unlike": ("对账差 · ", "Source − here · "),
    }.items():
        id_ = figure_id(ledger_query(name, source=UNIT), 0, last.seq)
        words = text(page(city, f"/figure/{id_}", f"?lang={lang}"))
        assert said[lang == "en"] in words
        assert "暂时无法显示" not in words
        assert "cannot be shown" not in words
    whole = figure_id(ledger_query("sent", unit="city"), 0, last.seq)
    assert ("全市" if lang == "zh" else "City") in text(
        page(city, f"/figure/{whole}", f"?lang={lang}")
    )

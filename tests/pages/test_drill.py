"""The drill-down by its own links: each row opens as its figure, the last level lists its cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import orjson
import pytest
from sqlalchemy import Connection

from centre.domain.notes import Note
from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Group, Value
from centre.metrics.registry import METRICS
from centre.metrics.sums import reads_cases
from centre.snapshots.cells import Snapshot
from centre.store import queries
from components.desk import drill_words, metric_groups, origin
from components.desk.answer import Answer
from components.desk.drill import Drill
from components.desk.drilled import cases
from components.desk.filters import query, read
from components.desk.metric_groups import groups
from components.text import LANGS
from components.view import View
from tests import tiny
from tests.metrics.adding import same
from tests.metrics.conftest import tiny_conn
from tests.pages.reading import sent, text
from tests.pages.test_server import layout_of

__all__ = ["tiny_conn"]

Send = Callable[..., httpx.Response]

COUNTED = [one for one in METRICS.values() if reads_cases(one)]
PERIODS = ({}, {"from": "2026-06-15", "to": "2026-06-17"})


def said(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def ask(conn: Connection, drill: Drill) -> Value:
    return value(conn, tiny.CITY, drill.question(tiny.CITY, tiny.NOW), EVERYTHING, tiny.NOW)


def come(metric: Metric, words: dict[str, str]) -> Drill:
    """Where a URL leads to; without anything to be told."""
    drill, slips = drill_words.read(words, metric, tiny.CITY, tiny.NOW, "en")
    assert slips == []
    return drill


def listed(conn: Connection, url: str) -> int:
    """How many cases the page of a link lists."""
    filters, slips = read(said(url), tiny.CITY, "en")
    assert slips == ()
    return queries.slice(conn, query(filters, tiny.CITY, tiny.NOW), EVERYTHING).total


def leaves(conn: Connection, drill: Drill) -> Iterator[tuple[Group, Drill]]:
    """Go down every link to the last level; each page says what the row before it said."""
    for one in ask(conn, drill).groups:
        opened = drill.opened(drill.by, one.key, tiny.CITY)
        if opened is None:
            below = drill.narrowed(drill.by, one.key)
            assert below
            yield one, below
            continue
        there = come(drill.metric, said(opened.url))
        assert there == opened
        found = ask(conn, there)
        assert same(found.num, one.num)
        assert same(found.den, one.den)
        yield from leaves(conn, there)


@pytest.mark.parametrize("period", PERIODS, ids=["its own", "two days"])
@pytest.mark.parametrize("metric", COUNTED, ids=lambda one: one.id)
def test_every_way_down_ends_at_as_many_cases_as_the_figure(
    tiny_conn: Connection, metric: Metric, period: dict[str, str]
) -> None:
    for one, drill in leaves(tiny_conn, come(metric, period)):
        if one.num is None:
            continue
        url = cases(drill, tiny.CITY, tiny.NOW, one.coverage.missing)
        if url is None:
            assert metric.shape is Shape.STOCK
            assert period  # what stood then is no list of what is open now
            continue
        assert listed(tiny_conn, url) == (
            one.num if one.den is None or _is_days(metric) else one.den
        )


def _is_days(metric: Metric) -> bool:
    return metric.shape is Shape.PER_DAY


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ({"by": "channel", "category": "noise"}, "channel"),
        ({"by": "day", "unit": "north"}, "day"),
        ({"by": "nature", "unit": "south", "street": "unassigned"}, "nature"),
    ],
)
def test_any_filter_stays_in_the_url_of_what_a_row_opens(
    tiny_conn: Connection, words: dict[str, str], by: str
) -> None:
    drill = come(METRICS["appeal.on_time_rate"], {**words, "from": "2026-06-10"})
    assert drill.by == by
    for one in ask(tiny_conn, drill).groups:
        opened = drill.opened(by, one.key, tiny.CITY)
        assert opened
        kept = {name: word for name, word in words.items() if name != "by"}
        assert kept.items() <= said(opened.url).items()
        assert same(ask(tiny_conn, opened).den, one.den or 0.0) or one.den is None


def test_the_way_back_is_the_way_that_was_come() -> None:
    words = {"unit": "north", "street": "n-1", "category": "noise", "from": "2026-06-15"}
    drill = come(METRICS["appeal.received.count"], words)
    steps = [(by, key) for by, key, _ in drill.trail()]
    assert steps == [
        ("unit", "city"),
        ("unit", "north"),
        ("street", "n-1"),
        ("category", "noise"),
    ]
    urls = [said(step.url) for _, _, step in drill.trail()]
    assert urls[0] == {"from": "2026-06-15", "by": "unit"}
    assert urls[2] == {"unit": "north", "street": "n-1", "from": "2026-06-15"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"unit": "nowhere"}, "nowhere"),
        ({"channel": "pigeon"}, "pigeon"),
        ({"from": "yesterday"}, "yesterday"),
        ({"from": "2026-06-17", "to": "2026-06-16"}, "from"),
        ({"by": "moon"}, "moon"),
        ({"version": "77"}, "77"),
        ({"rubbish": "1"}, "rubbish"),
        ({"street": "x" * 201}, "street"),
    ],
)
def test_a_word_that_cannot_be_read_is_told_and_left_out(
    words: dict[str, str], told: str, lang: str
) -> None:
    metric = METRICS["appeal.on_time_rate"]
    drill, (slip,) = drill_words.read(words, metric, tiny.CITY, tiny.NOW, lang)
    assert told in slip
    assert replace(drill, by="") == Drill(metric=metric)


def drawn(conn: Connection, words: dict[str, str], notes: tuple[Note, ...] = ()) -> object:
    """The breakdown of a URL as a browser gets it."""
    drill = come(METRICS["appeal.received.count"], words)
    view = View(lang="zh", surface="desk", city=tiny.CITY, metrics=METRICS)
    answer = Answer(drill=drill, value=ask(conn, drill), seq=1)
    made = Snapshot(seq=1, published_at=tiny.NOW, city_now=tiny.NOW, clock="now", notes=notes)
    return orjson.loads(sent(groups(made, view, answer)))


def test_a_breakdown_shows_the_way_the_whole_and_the_unassigned_that_opens(
    tiny_conn: Connection,
) -> None:
    page = drawn(tiny_conn, {"unit": "north", "from": "2026-06-15", "by": "street"})
    words = " ".join(text(page).split())
    assert "全市 北区" in words
    assert "未分配 7 件 87.5 % 7 件" in words
    assert "合计 8 件" in words
    path = "/metric/appeal.received.count"
    below = f"{path}?unit=north&street=unassigned&from=2026-06-15&by=category"
    assert {below, f"{path}?from=2026-06-15&by=unit"} <= {*_hrefs(page)}


def test_a_row_has_the_note_on_its_own_data_alone(tiny_conn: Connection) -> None:
    day = tiny.at("06-16 00:00")
    one = Note(
        id="1",
        unit="north",
        start=day + timedelta(hours=10),
        end=day + timedelta(hours=12),
        zh="重复上报",
        en="",
        by="x",
        at=day,
    )
    for by, key in (("unit", "北区"), ("day", "2026-06-16")):
        page = drawn(tiny_conn, {"from": "2026-06-14", "by": by}, (one,))
        rows = [" ".join(text(row).split()) for row in _rows(page)]
        noted = [row for row in rows if " 注 " in f" {row} "]
        assert [row.split()[0] for row in noted] == [key, "合计"], rows


def _rows(tree: object) -> Iterator[object]:
    if isinstance(tree, dict):
        if tree.get("type") == "Tr":
            yield tree
        for one in tree.values():
            yield from _rows(one)
    if isinstance(tree, list):
        for one in tree:
            yield from _rows(one)


def test_more_rows_than_a_table_has_open_by_themselves(
    tiny_conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_groups, "MOST", 1)
    page = drawn(tiny_conn, {"from": "2026-06-15", "by": "channel"})
    assert "其余 4 项" in text(page)
    (rest,) = (one for one in _hrefs(page) if "rows=all" in one)
    whole = drawn(tiny_conn, said(rest))
    assert "其余" not in text(whole)


@pytest.mark.parametrize(
    "words",
    [
        {"unit": "north", "street": "n-1", "category": "noise"},
        {"unit": "north", "from": "2026-06-15", "to": "2026-06-17"},
        {"channel": "phone", "version": "1"},
    ],
)
def test_a_list_knows_the_way_that_it_was_opened_by(words: dict[str, str]) -> None:
    drill = come(METRICS["appeal.satisfaction_rate"], words)
    url = cases(drill, tiny.CITY, tiny.NOW)
    assert url is not None
    asked, slips = read(said(url), tiny.CITY, "zh")
    assert not slips and "of" not in asked.active
    way = origin.drill_of(asked, tiny.CITY)
    assert way is not None and replace(way, by="") == replace(drill, by="")
    view = View(lang="zh", surface="desk", city=tiny.CITY, metrics=METRICS)
    crumbs = origin.crumbs(view, asked)
    assert crumbs[0][0] == "群众满意率" and len(crumbs) == len(list(drill.trail()))
    assert said(str(crumbs[-1][1])).items() >= {**words}.items()


def test_a_list_that_stands_by_itself_has_no_way_and_a_metric_that_is_not_there_is_told() -> None:
    asked, slips = read({"unit": "north", "of": "appeal.satisfied_rate"}, tiny.CITY, "zh")
    assert origin.drill_of(asked, tiny.CITY) is None
    assert [slip.name for slip in slips] == ["of"]


def test_a_page_of_the_drill_is_served_and_its_ids_resolve(send: Send) -> None:
    answer = layout_of(
        send, "/metric/appeal.on_time_rate", "?unit=510104&from=2026-06-10&channel=phone"
    )
    page = answer.json()["response"]["_pages_content"]["children"]
    assert "渠道" in text(page)
    ((id_, _),) = Counter(_figures(page)).most_common(1)  # number, numerator, denominator, whole
    told = send("GET", f"/api/v1/figures/{id_}").json()
    assert (told["metric"], told["num"]) == ("appeal.on_time_rate", None)


def _figures(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("data-figure"), str):
            yield tree["data-figure"]
        for one in tree.values():
            yield from _figures(one)
    if isinstance(tree, list):
        for one in tree:
            yield from _figures(one)


def _hrefs(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("href"), str):
            yield tree["href"]
        for one in tree.values():
            yield from _hrefs(one)
    if isinstance(tree, list):
        for one in tree:
            yield from _hrefs(one)

"""The page of a figure opens by its code, in both languages, and says what it cannot answer."""

from __future__ import annotations

import pytest

from centre.live.runtime import runtime
from centre.snapshots.cells import Address
from centre.snapshots.figures import (
    Query,
    cell_query,
    count_query,
    due_query,
    figure_id,
    hour_query,
    share_query,
)
from tests.pages.reading import text
from tests.pages.test_server import Send, layout_of

RECEIVED = "appeal.received.count"


def page(send: Send, id_: str, lang: str = "zh") -> str:
    answer = layout_of(send, f"/figure/{id_}", f"?lang={lang}")
    words = text(answer.json()["response"]["_pages_content"]["children"])
    assert "暂时无法显示" not in words
    assert "cannot be shown" not in words
    return words


def id_of(query: Query) -> str:
    run = runtime()
    metric = str(query.get("metric") or "")
    version = run.metrics[metric].version if metric else 0
    return figure_id(query, version, run.snapshot().seq)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [
        cell_query(Address(RECEIVED, "city")),
        cell_query(Address("appeal.on_time_rate", "510104")),
        cell_query(Address("appeal.backlog.count", "city", "week")),
        cell_query(Address("channel.12345.calls", "city")),
        hour_query(RECEIVED, "city", 9),
        due_query("city", "overdue"),
        due_query("510104", "ahead_all"),
        due_query("510104", "expected_2"),
    ],
)
def test_every_kind_of_figure_has_its_page(send: Send, query: Query, lang: str) -> None:
    words = page(send, id_of(query), lang)
    for told in ("这个数", "来源与三个时间") if lang == "zh" else ("This number", "three clocks"):
        assert told in words


def test_rows_of_a_source_have_their_page(send: Send) -> None:
    source = runtime().snapshot().sources[0]
    words = page(send, id_of(count_query(source.id, "rejected")))
    assert f"拒收行数 · {source.zh}" in words


def test_the_page_tells_the_definition_and_the_cases_behind(send: Send) -> None:
    words = page(send, id_of(cell_query(Address("appeal.on_time_rate", "510104"))).upper())
    for told in (
        "按期办结率 · 锦江区",
        "全部到期件数",
        "第 1 版",
        "取数语句",
        "计入分母",
        "SELECT",
    ):
        assert told in words


@pytest.mark.parametrize(
    ("id_", "told"),
    [
        ("rubbish", "这不是数字编号"),
        ("zzzzz-00000000", "没有这个编号"),
        (figure_id(share_query(RECEIVED, "city", "channel", "none"), 1, 10**9), "没有这个编号"),
    ],
)
def test_a_code_of_no_figure_says_so(send: Send, id_: str, told: str) -> None:
    words = page(send, id_)
    assert told in words
    assert id_ in words

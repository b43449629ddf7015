"""The pages as they are served: what exists, what callbacks answer, what is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from centre.domain.scope import EVERYTHING
from centre.live.runtime import runtime
from centre.store import queries
from centre.store import sources as stored
from centre.store.engine import reading
from components.desk import case, filters
from components.desk.paging import sheet
from tests.pages.conftest import NOW
from tests.pages.reading import text

Send = Callable[..., httpx.Response]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/district", 200),
        ("/district/510104", 200),
        ("/district/unassigned", 200),
        ("/district/510199", 404),
        ("/cases", 200),
        ("/case/510104:JJ-3", 200),
        ("/case/510104%3AJJ-3", 200),
        ("/case/JJ-3", 200),
        ("/case/JJ-999", 404),
        ("/metric", 200),
        ("/metric/appeal.resolution_rate", 200),
        ("/metric/appeal.nothing", 404),
        ("/sources", 200),
        ("/source", 404),
    ],
)
def test_a_page_is_there_or_answers_404(send: Send, path: str, status: int) -> None:
    assert send("GET", path).status_code == status


def layout_of(send: Send, path: str, search: str = "") -> httpx.Response:
    """What the browser asks when it comes to a page."""
    inputs = [
        {"id": "_pages_location", "property": "pathname", "value": path},
        {"id": "_pages_location", "property": "search", "value": search},
    ]
    outputs = [
        {"id": "_pages_content", "property": "children"},
        {"id": "_pages_store", "property": "data"},
    ]
    return send(
        "POST",
        "/_dash-update-component",
        json={
            "output": ".._pages_content.children..._pages_store.data..",
            "outputs": outputs,
            "inputs": inputs,
            "changedPropIds": ["_pages_location.pathname"],
            "state": [],
        },
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/district",
        "/district/510104",
        "/district/unassigned",
        "/cases",
        "/case/510104:JJ-21",
        "/metric",
        "/metric/appeal.on_time_rate",
        "/metric/appeal.backlog.count",
        "/metric/channel.12345.calls",
        "/sources",
    ],
)
def test_every_page_is_drawn_from_a_real_store(send: Send, path: str, lang: str) -> None:
    answer = layout_of(send, path, f"?lang={lang}")
    assert answer.status_code == 200
    words = text(answer.json()["response"]["_pages_content"]["children"])
    assert ("数据源" if lang == "zh" else "Sources") in words
    assert "暂时无法显示" not in words
    assert "cannot be shown" not in words


@pytest.mark.parametrize(
    ("path", "search", "told"),
    [
        ("/", "?sort=rubbish", "sort=“rubbish”"),
        ("/cases", "?unit=510199", "unit = “510199”"),
        ("/cases", "?rubbish=1", "rubbish = “1”"),
        ("/metric/appeal.on_time_rate", "?by=rubbish", "by = “rubbish”"),
        ("/metric/appeal.on_time_rate", "?unit=rubbish", "unit = “rubbish”"),
        ("/sources", "?source=rubbish", "source = “rubbish”"),
        ("/sources", "?source=510104&cursor=rubbish", "cursor"),
    ],
)
def test_what_a_url_says_wrongly_is_told_on_the_page(
    send: Send, path: str, search: str, told: str
) -> None:
    answer = layout_of(send, path, search)
    assert told in text(answer.json()["response"]["_pages_content"]["children"])


def rows_of(send: Send, data: Any) -> httpx.Response:
    return send(
        "POST",
        "/_dash-update-component",
        json={
            "output": "cases-rows.children",
            "outputs": {"id": "cases-rows", "property": "children"},
            "inputs": [{"id": "cases-asked", "property": "data", "value": data}],
            "changedPropIds": ["cases-asked.data"],
            "state": [],
        },
    )


def test_the_rows_of_a_url_come_by_their_callback(send: Send) -> None:
    answer = rows_of(send, {"url": "?unit=510105&limit=5", "lang": "zh"})
    words = text(answer.json()["response"]["cases-rows"]["children"])
    assert "第 1–5 件，共 7 件" in words
    assert "路灯 11 <b>不亮</b>" not in words
    assert "路灯 9 <b>不亮</b>" in words


def test_an_exact_number_finds_its_case_at_once(send: Send) -> None:
    answer = rows_of(send, {"url": "?text=JJ-20&unit=510105", "lang": "zh"})
    words = text(answer.json()["response"]["cases-rows"]["children"])
    assert "共 1 件" in words
    assert "超期" in words


def test_an_empty_list_names_the_filters_that_hide_everything(send: Send) -> None:
    answer = rows_of(send, {"url": "?channel=sms&unit=510104", "lang": "zh"})
    words = text(answer.json()["response"]["cases-rows"]["children"])
    assert "去掉 渠道 短信" in words
    assert "去掉 区县 锦江区" in words
    assert "清除全部条件" in words


@pytest.mark.parametrize(
    "data", [None, 7, [], {"url": 5}, {"url": "?cursor=rubbish", "lang": []}, {"lang": "xx"}]
)
def test_a_forged_question_for_rows_is_answered_and_breaks_nothing(send: Send, data: Any) -> None:
    assert rows_of(send, data).status_code == 200


def press(send: Send, action: Any, source: Any, clicks: Any = 1) -> httpx.Response:
    identity = {"do": action, "source": source}
    spelled = f'{{"do":"{action}","source":"{source}"}}.n_clicks'
    button = {"id": identity, "property": "n_clicks", "value": clicks}
    return send(
        "POST",
        "/_dash-update-component",
        json={
            "output": "source-told.children",
            "outputs": {"id": "source-told", "property": "children"},
            "inputs": [[button]],
            "changedPropIds": [spelled],
            "state": [{"id": "_pages_location", "property": "search", "value": ""}],
        },
    )


def kept_state(source: str) -> stored.SourceRow:
    with reading(runtime().engine) as conn:
        return next(one for one in stored.states(conn) if one.id == source)


def test_a_source_is_paused_and_goes_on_by_its_buttons(send: Send) -> None:
    answer = press(send, "pause", "510104")
    assert kept_state("510104").paused is True
    assert "恢复" in text(answer.json()["response"]["source-told"]["children"])
    press(send, "resume", "510104")
    assert kept_state("510104").paused is False


def test_a_source_can_be_asked_to_run_now(send: Send) -> None:
    press(send, "want", "510104")
    assert kept_state("510104").wanted is True


def test_replay_says_what_became_of_the_rows(send: Send) -> None:
    answer = press(send, "replay", "510104")
    assert "重读 25 行" in text(answer.json()["response"]["source-told"]["children"])


@pytest.mark.parametrize(
    ("action", "source", "clicks"),
    [("drop", "510104", 1), ("pause", "nowhere", 1), ("pause", "510104", None)],
)
def test_a_button_that_there_is_not_does_nothing(
    send: Send, action: str, source: str, clicks: Any
) -> None:
    assert press(send, action, source, clicks).status_code == 204
    assert kept_state("510104").paused is False


def test_refused_rows_are_shown_a_page_at_a_time_with_their_reason(send: Send) -> None:
    answer = layout_of(send, "/sources", "?source=510105&reason=no_zone")
    words = text(answer.json()["response"]["_pages_content"]["children"])
    assert "时间没有时区   25" in words
    assert words.count("has no zone") == 20


def test_pages_go_forward_and_back_over_the_same_rows(desk: Any) -> None:
    run = runtime()

    def page(asked: filters.Filters) -> Any:
        question = filters.query(asked, run.city, NOW)
        with reading(run.engine) as conn:
            return sheet(asked, question, lambda one: queries.slice(conn, one, EVERYTHING))

    def follow(url: str) -> filters.Filters:
        words = dict(httpx.QueryParams(url.partition("?")[2]))
        return filters.read(words, run.city, "zh")[0]

    for order in ("-received_at", "received_at", "due_at"):
        first = page(filters.Filters(limit="5", order=order))
        second = page(follow(first.later))
        third = page(follow(second.later))
        assert (third.first, third.later, first.earlier) == (11, None, None)
        keys = [one.key for sheet_ in (first, second, third) for one in sheet_.rows]
        assert len(keys) == len(set(keys)) == 14
        if order != "due_at":
            back = page(follow(third.earlier))
            assert (back.rows, back.first) == (second.rows, 6)
            assert page(follow(back.earlier)).rows == first.rows


def test_an_address_of_a_ticket_that_is_no_web_address_is_no_link(desk: Any) -> None:
    run = runtime()
    with reading(run.engine) as conn:
        told = case.find(conn, "510104:JJ-21", EVERYTHING)
    assert told is not None
    page = case.page(run.view("zh"), told, NOW)
    assert "javascript:" not in str([one.to_plotly_json() for one in page])
    assert told.linked is not None
    assert told.linked.key == "JJ-3"

"""Rest against a real HTTP server: every way of pages, every way of changes, every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from datasources.contract import DataSourceContract, Make, Outside, drain
from datasources.rest import Rest
from datasources.source import Denied, Malformed
from tests.datasources.make import NOW, around, source
from tests.datasources.service import Reply, Service, as_json, serving
from tests.datasources.tickets import FIELDS, Tickets, ticket

CHANGES = {"parameter": "since", "column": "changed"}
WAYS: Mapping[str, dict[str, Any]] = {
    "all": {},
    "page": {"rows": "data.items", "pages": {"kind": "page", "size": 10, "total": "data.total"}},
    "offset": {"rows": "items", "pages": {"kind": "offset", "size": 10}},
    "cursor": {"rows": "items", "pages": {"kind": "cursor", "size": 10, "next": "meta.next"}},
    "link": {"pages": {"kind": "link"}},
}


def rest(service: Service, way: str, **more: Any) -> Rest:
    """A source that reads the tickets in one of the ways."""
    connection = {"url": service.url(f"/{way}"), **WAYS[way], **more}
    return Rest(source("rest", connection, fields=FIELDS), around())


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as server:
        yield server


@pytest.fixture
def tickets(service: Service) -> Tickets:
    return Tickets(service, map(ticket, range(25)))


class _Contract(DataSourceContract):
    way = "all"
    more: Mapping[str, Any] = {}

    @pytest.fixture
    def outside(self) -> Iterator[Make]:
        opened: list[Service] = []

        def make(name: str) -> Outside:
            service = Service()
            opened.append(service)
            Tickets(service, map(ticket, range(45)))
            return Outside(
                source=rest(service, self.way, **self.more),
                now=NOW,
                unreachable=service.close,
                restart=lambda: rest(service, self.way, **self.more),
            )

        yield make
        for service in opened:
            service.close()


class TestWholeList(_Contract):
    pass


class TestPages(_Contract):
    way = "page"


class TestOffsets(_Contract):
    way = "offset"


class TestCursors(_Contract):
    way = "cursor"


class TestLinks(_Contract):
    way = "link"


class TestPagesOfChanges(_Contract):
    way, more = "page", {"changes": CHANGES}


class TestLinksOfChanges(_Contract):
    way, more = "link", {"changes": CHANGES}


def read(adapter: Rest, cursor: Mapping[str, Any] | None = None, at: Any = NOW) -> tuple[list, Any]:
    """(ids of all rows, the last cursor)."""
    found: list[str] = []
    for batch in adapter.fetch(cursor, at):
        found += [row.get("id", "?") for row in batch.rows]
        cursor = batch.cursor
    return found, cursor


@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_delivered_once_and_nothing_else_again(
    service: Service, tickets: Tickets, way: str
) -> None:
    adapter = rest(service, way, changes=CHANGES)
    found, cursor = read(adapter)
    assert sorted(found) == sorted(row["id"] for row in tickets.rows)
    changed = ticket(3, NOW - timedelta(minutes=1))
    tickets.rows[3] = {**changed, "closed": changed["changed"]}
    assert read(adapter, cursor, NOW + timedelta(seconds=10))[0] == ["T-3"]


def test_a_change_that_becomes_visible_late_is_found_within_the_overlap(
    service: Service, tickets: Tickets
) -> None:
    adapter = rest(service, "page", changes={**CHANGES, "overlap": "5 min"})
    _, cursor = read(adapter)
    tickets.rows.append({**ticket(22), "id": "late"})  # three minutes before the newest
    assert read(adapter, cursor)[0] == ["late"]


def test_a_change_dated_into_the_future_does_not_hide_what_comes_after(
    service: Service, tickets: Tickets
) -> None:
    adapter = rest(service, "page", changes=CHANGES)
    tickets.rows.append(ticket(99, NOW + timedelta(days=20_000)))
    _, cursor = read(adapter)
    tickets.rows.append(ticket(30))
    assert "T-30" in read(adapter, cursor)[0]


def test_without_changes_only_pages_that_differ_are_delivered_again(
    service: Service, tickets: Tickets
) -> None:
    adapter = rest(service, "page")
    _, cursor = read(adapter)
    tickets.rows[12]["closed"] = "2026-06-02T08:00:00+08:00"
    assert read(adapter, cursor)[0] == [f"T-{number}" for number in range(10, 20)]


def test_a_position_that_the_service_forgot_is_asked_from_the_start(
    service: Service, tickets: Tickets
) -> None:
    adapter = rest(service, "cursor")
    first = next(adapter.fetch(None, NOW))
    assert first.cursor["at"] == "10"
    honest = service.routes["/cursor"]
    service.routes["/cursor"] = lambda q: (
        as_json({"error": "cursor has expired"}, 400)
        if q.params.get("cursor") == "10" and len(service.asked) == 2
        else honest(q)
    )
    assert len(read(adapter, first.cursor)[0]) == 15  # the first page is as it was


def test_a_service_may_be_asked_by_post(service: Service) -> None:
    service.routes["/q"] = lambda q: as_json({"rows": [ticket(int(q.params == {}))]})
    connection = {"url": service.url("/q"), "rows": "rows", "send": "json", "params": {"k": 1}}
    adapter = Rest(source("rest", connection, fields=FIELDS), around())
    assert read(adapter)[0] == ["T-1"]
    assert service.asked[0].body == b'{"k": "1"}'


def test_only_a_column_that_rows_may_omit_is_blank_where_it_is_left_out(
    service: Service,
) -> None:
    rows = [{key: row[key] for key in ("id", "created")} for row in map(ticket, range(2))]
    service.routes["/all"] = lambda _: as_json([{**rows[0], "text": "x"}, rows[1]])
    batch = next(rest(service, "all").fetch(None, NOW))
    assert [row.get("text", "gone") for row in batch.rows] == ["x", "gone"]
    assert all("closed" not in row for row in batch.rows)
    omitting = next(rest(service, "all", omits=["closed"]).fetch(None, NOW))
    assert [row["closed"] for row in omitting.rows] == [None, None]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"<!DOCTYPE html><html>login</html>"), "page of HTML: does it ask for a login"),
        (Reply(body=b'[{"id": 1'), "not JSON"),
        (Reply(body=b""), "not JSON"),
        (Reply(body=b"[" * 100_000), "not JSON"),
        (Reply(body=b'{"items": []}'), "rows: the answer itself is no list but dict.*items"),
        (Reply(body='["中"]'.encode("gbk")), "not utf-8-sig.*encoding"),
        (Reply(status=400, body=b"bad since"), r"does not take our question \(400: bad since\)"),
    ],
)
def test_what_is_no_list_is_refused_with_words(service: Service, reply: Reply, words: str) -> None:
    service.routes["/all"] = lambda _: reply
    with pytest.raises(Malformed, match=words):
        read(rest(service, "all"))


def test_what_is_no_object_goes_on_to_be_refused_as_a_row(service: Service) -> None:
    body = b'[1, "x", null, {"id": "T-1", "n": NaN, "m": 1e999}]'
    service.routes["/all"] = lambda _: Reply(body=body)
    batch = next(rest(service, "all").fetch(None, NOW))
    assert [row.get("无法解析") for row in batch.rows] == ["1", '"x"', "null", None]
    assert (batch.rows[3]["n"], batch.rows[3]["m"]) == ("NaN", "1e999")


def test_the_next_page_may_not_lead_to_another_host(service: Service) -> None:
    link = {"Link": '<http://elsewhere.example/2>; rel="next"'}
    service.routes["/link"] = lambda _: as_json([ticket(1)], 200, **link)
    with pytest.raises(Denied, match=r"on another host, http://elsewhere\.example/2"):
        read(rest(service, "link"))


def test_a_list_that_names_the_same_page_again_is_refused(service: Service) -> None:
    service.routes["/cursor"] = lambda _: as_json({"items": [], "meta": {"next": "a"}})
    with pytest.raises(Malformed, match="the same page again"):
        read(rest(service, "cursor"))


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        ({}, r"wuhou\.toml: connection\.url: is missing"),
        ({"url": "x", "pages": {"kind": "pages"}}, r"connection\.pages\.kind: .*one of none, page"),
        ({"url": "x", "pages": {"kind": "cursor"}}, r"connection\.pages\.next: is missing"),
        ({"url": "x", "pages": {"sise": 5}}, r"connection\.pages\.sise: .*nearest: size"),
        ({"url": "x", "changes": {"column": "a"}}, r"connection\.changes\.parameter: is missing"),
        ({"url": "x", "auth": {"kind": "magic"}}, r"connection\.auth\.kind: .*one of header"),
        ({"url": "x", "omits": "closed"}, r"connection\.omits: .*write a list of text"),
    ],
)
def test_a_wrong_key_is_named_with_its_remedy(connection: dict[str, Any], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        Rest(source("rest", connection, fields=FIELDS), around())


def test_a_secret_that_is_not_set_is_named(service: Service) -> None:
    auth = {"kind": "token", "token": {"env": "TICKETS_TOKEN"}}
    adapter = rest(service, "all", auth=auth)
    with pytest.raises(Denied, match=r"connection\.auth\.token: TICKETS_TOKEN is not set"):
        read(adapter)


def test_a_first_fill_says_how_far_it_is(service: Service, tickets: Tickets) -> None:
    world = Outside(
        source=rest(service, "page"), now=NOW, unreachable=lambda: None, restart=lambda: None
    )
    filled = [(batch.filled, batch.total) for batch in drain(world.source, None, world)]
    assert filled == [(10, 25), (20, 25), (25, 25)]

"""Open311 against a real HTTP server: contract, recorded documents, what services get wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.domain.parse import parse
from centre.domain.records import Case
from datasources import mapping
from datasources.contract import DataSourceContract, Make, Outside
from datasources.open311 import Open311
from datasources.source import Denied, Malformed, Surroundings
from tests.datasources.georeport import FIELDS, SERVICES, GeoReport, request
from tests.datasources.make import NOW, around, chengdu, source
from tests.datasources.service import Reply, Service, as_json, serving

XML = {"Content-Type": "text/xml"}


def config(service: Service, **more: Any) -> Any:
    """A source that reads the endpoint of a service."""
    return source("open311", {"url": service.url("/v2"), **more}, fields=FIELDS)


def open311(service: Service, **more: Any) -> Open311:
    """The adapter of that source."""
    return Open311(config(service, **more), around())


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as server:
        yield server


class _Contract(DataSourceContract):
    more: Mapping[str, Any] = {}

    @pytest.fixture
    def outside(self) -> Iterator[Make]:
        opened: list[Service] = []

        def make(name: str) -> Outside:
            service = Service()
            opened.append(service)
            GeoReport(service, map(request, range(120)), most=30)
            return Outside(
                source=open311(service, most=30, **self.more),
                now=NOW,
                unreachable=service.close,
                restart=lambda: open311(service, most=30, **self.more),
                config=config(service),
                city=chengdu(),
            )

        yield make
        for service in opened:
            service.close()


class TestByTheStandardInJson(_Contract):
    pass


class TestByTheStandardInXml(_Contract):
    more: Mapping[str, Any] = {"format": "xml", "again": "30 d"}


class TestByChanges(_Contract):
    more: Mapping[str, Any] = {"by": "updated"}


class TestByPages(_Contract):
    more: Mapping[str, Any] = {"by": "updated", "page_size": 25}


def read(
    adapter: Open311, cursor: Mapping[str, Any] | None = None, now: datetime = NOW
) -> tuple[list[Mapping[str, Any]], Mapping[str, Any] | None]:
    """(all rows, the last cursor)."""
    found: list[Mapping[str, Any]] = []
    for batch in adapter.fetch(cursor, now):
        found += batch.rows
        cursor = batch.cursor
    return found, cursor


def recorded(service: Service, shared_data: Path, route: str, name: str, **more: Any) -> None:
    """Answer with a recorded document, as it was recorded."""
    body = (shared_data / "open311" / name).read_bytes()
    reply = Reply(body=body, headers=XML if name.endswith("xml") else {}, **more)
    service.routes[route] = lambda _: reply


@pytest.mark.parametrize("name", ["cfa_service_requests.xml", "nodeopen311_service_requests.xml"])
def test_the_recorded_requests_become_cases(service: Service, shared_data: Path, name: str) -> None:
    recorded(service, shared_data, "/v2/services.xml", "cfa_services.xml")
    recorded(service, shared_data, "/v2/requests.xml", name)
    now = datetime(2010, 5, 1, tzinfo=UTC)
    rows, _ = read(open311(service, format="xml"), now=now)
    where = config(service)
    cases = [
        parse(mapping.apply(row, where), config=where, city=chengdu(), now=now) for row in rows
    ]
    assert all(isinstance(case, Case) for case in cases)
    closed, still_open = cases
    assert (closed.key, closed.closed_at) == (
        "638344",
        datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC),
    )
    assert (still_open.key, still_open.closed_at) == ("638349", None)
    assert [row["service_code"] for row in rows] == ["006", "006"]
    assert {row["service_group"] for row in rows} == {"Tree Maintenance"}


def test_an_answer_without_requests_is_no_fault(service: Service, shared_data: Path) -> None:
    recorded(service, shared_data, "/v2/services.xml", "dc_services.xml")
    recorded(service, shared_data, "/v2/requests.xml", "cfa_requests_empty.xml")
    rows, cursor = read(open311(service, format="xml"))
    assert rows == []
    assert cursor is not None


@pytest.mark.parametrize(
    ("name", "code", "value"),
    [
        ("dc_service_definition_S0301.xml", "ISITHAZA", {"NO001": "No", "YES001": "Yes"}),
        ("cfa_service_definition.xml", "WHISHETN", {"123": "Ford", "124": "Chrysler"}),
    ],
)
def test_the_recorded_definitions_name_the_values_of_attributes(
    service: Service, shared_data: Path, name: str, code: str, value: dict[str, str]
) -> None:
    recorded(service, shared_data, "/v2/services/X.xml", name)
    assert open311(service, format="xml").definition("X")[code].items() >= value.items()


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("boston_err_duplicate.xml", Malformed, "400 Invalid service request: base is a dup"),
        ("cfa_get_not_found.xml", Denied, "404 Service request not found with id or token"),
    ],
)
def test_the_recorded_errors_are_told_in_their_own_words(
    service: Service, shared_data: Path, name: str, kind: Any, words: str
) -> None:
    status = 404 if kind is Denied else 400
    recorded(service, shared_data, "/v2/requests.xml", name, status=status)
    with pytest.raises(kind, match=words):
        read(open311(service, format="xml"))


@pytest.mark.parametrize(
    "body",
    [
        b'[{"code": 403, "description": "no such jurisdiction"}]',
        b'{"errors": [{"code": 403, "description": "no such jurisdiction"}]}',
        b"<errors><error><code>403</code><description>no such jurisdiction</description></error>"
        b"</errors>",
        b"<error>no such jurisdiction</error>",
    ],
)
def test_errors_are_read_in_every_shape_also_when_the_status_says_200(
    service: Service, body: bytes
) -> None:
    for status, kind in ((403, Denied), (200, Malformed)):
        service.routes["/v2/requests.json"] = lambda _, s=status: Reply(body=body, status=s)
        with pytest.raises(kind, match="no such jurisdiction"):
            read(open311(service))


def test_the_recorded_discoveries_name_their_endpoints(service: Service, shared_data: Path) -> None:
    for name, url, form in (
        ("boston_discovery.json", "https://mayors24.cityofboston.gov/open311/v2", "json"),
        ("dc_discovery.xml", "http://app.311.dc.gov/cwi/Open311/v2", "xml"),
    ):
        recorded(service, shared_data, "/discovery", name)
        given = source("open311", {"discovery": service.url("/discovery")}, fields=FIELDS)
        adapter = Open311(given, around())
        assert (adapter._url(), adapter._format) == (url, form)


def test_a_key_does_not_follow_a_discovery_to_another_host(
    service: Service, shared_data: Path
) -> None:
    recorded(service, shared_data, "/discovery", "boston_discovery.json")
    connection = {"discovery": service.url("/discovery"), "api_key": {"env": "KEY"}}
    secrets = Surroundings(city=chengdu(), data_dir=None, secrets={"KEY": "geheim"})
    with pytest.raises(Denied, match="write that as url to trust it"):
        read(Open311(source("open311", connection, fields=FIELDS), secrets))


def answering(service: Service, body: str | list[dict[str, Any]]) -> Open311:
    """An endpoint with exactly these requests."""
    service.routes["/v2/services.json"] = lambda _: as_json(SERVICES)
    reply = Reply(body=body.encode()) if isinstance(body, str) else as_json(body)
    service.routes["/v2/requests.json"] = lambda _: reply
    return open311(service)


def test_a_code_with_leading_zeros_stays_text_even_where_json_forbids_it(service: Service) -> None:
    body = (
        '[{"service_request_id": 638344, "status": "Closed", "service_code": 006, '
        '"requested_datetime": "2026-06-01T08:00:00+08:00", '
        '"updated_datetime": "2026-06-02T08:00:00+08:00"}]'
    )
    ((row,), _) = read(answering(service, body))
    assert (row["service_request_id"], row["service_code"]) == ("638344", "006")
    assert (row["service_name"], row["service_group"]) == ("井盖", "道路")
    assert (row["status"], row["closed_datetime"]) == ("closed", "2026-06-02T08:00:00+08:00")


@pytest.mark.parametrize(
    ("lat", "long", "point"),
    [
        (30.6, 104.0, (30.6, 104.0)),
        ("30.6", "104.0", ("30.6", "104.0")),
        (104.0, 30.6, (30.6, 104.0)),
        ("", "", ("", "")),
        (None, None, (None, None)),
        (0, 0, (0, 0)),
    ],
)
def test_swapped_coordinates_are_put_right_and_others_left(
    service: Service, lat: Any, long: Any, point: tuple[Any, Any]
) -> None:
    ((row,), _) = read(answering(service, [{**request(1), "lat": lat, "long": long}]))
    assert (row["lat"], row["long"]) == point


def test_a_request_that_has_only_a_token_waits_for_its_number(service: Service) -> None:
    unnumbered = {**request(2), "service_request_id": "", "token": "abc"}
    rows, _ = read(answering(service, [request(1), unnumbered]))
    assert [row["service_request_id"] for row in rows] == ["1001"]


def test_more_than_one_answer_holds_is_found_by_halving_the_window(service: Service) -> None:
    GeoReport(service, map(request, range(300)), most=25)
    rows, _ = read(open311(service, most=25))
    assert {row["service_request_id"] for row in rows} == {f"{1000 + n}" for n in range(300)}
    assert len(rows) == 300


@pytest.mark.parametrize("by", ["updated", "requested"])
def test_a_closing_is_learnt_of_in_both_ways(service: Service, by: str) -> None:
    city = GeoReport(service, map(request, range(30)))
    _, cursor = read(open311(service, by=by, again="30 d"))
    later = NOW + timedelta(minutes=5)
    city.rows[7] = {**city.rows[7], "status": "closed", "updated_datetime": NOW.isoformat()}
    rows, _ = read(open311(service, by=by, again="30 d"), cursor, later)
    assert [(row["service_request_id"], row["status"]) for row in rows] == [("1007", "closed")]


def test_entities_of_xml_are_not_opened(service: Service) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><services><s>&b;</s></services>'
    service.routes["/v2/requests.xml"] = lambda _: Reply(body=bomb, headers=XML)
    with pytest.raises(Malformed, match="not XML that we read"):
        read(open311(service, format="xml"))


def test_a_key_and_a_jurisdiction_go_with_every_question(service: Service) -> None:
    GeoReport(service, [request(1)])
    connection = {"url": service.url("/v2/"), "jurisdiction": "chengdu", "api_key": {"env": "K"}}
    given = source("open311", {**connection, "extensions": True}, fields=FIELDS)
    read(Open311(given, Surroundings(city=chengdu(), data_dir=None, secrets={"K": "geheim"})))
    for question in service.asked:
        sent = {
            name: question.params[name] for name in ("jurisdiction_id", "api_key", "extensions")
        }
        assert sent == {"jurisdiction_id": "chengdu", "api_key": "geheim", "extensions": "true"}

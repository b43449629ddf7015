"""/api/v1: cases, sources, frames; what is wrong with a URL is said with its remedy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Ask

RECEIVED = "/api/v1/metrics/appeal.received.count/value"
RATE = "/api/v1/metrics/appeal.satisfaction_rate/value"


def test_a_source_tells_how_it_compares(ask: Ask) -> None:
    one = next(one for one in ask("/api/v1/sources").json()["sources"] if one["id"] == "510104")
    assert one["reconciled"] == {"nightly": True, "compared_at": None, "differences": {}}


@pytest.mark.parametrize(
    ("path", "status", "code", "says"),
    [
        ("/api/v1/metrics/appeal.received.cuont/value", 404, "unknown_metric", "nearest: appeal"),
        (f"{RECEIVED}?scope=nowhere", 404, "unknown_unit", "nowhere"),
        (f"{RECEIVED}?by=moon", 400, "unknown_by", "moon"),
        (f"{RECEIVED}?channel=phon", 400, "bad_query", "nearest: phone"),
        (f"{RECEIVED}?reason=rude", 400, "unknown_by", "reason"),
        ("/api/v1/metrics/channel.12345.calls/value?street=a", 400, "unknown_by", "none"),
        (f"{RATE}?version=3", 400, "unknown_version", "there is: 1, 2"),
        (f"{RATE}?version=new", 422, "invalid", "version"),
        (f"{RECEIVED}?from=16.06.2026", 400, "bad_time", "neither a date"),
        (f"{RECEIVED}?from=2026-06-16T08:00:00", 400, "bad_time", "offset"),
        (f"{RECEIVED}?from=2026-06-17&to=2026-06-16", 400, "bad_period", "empty"),
        (f"{RECEIVED}?from=2096-06-17&to=2096-06-18", 400, "bad_period", "yet to come"),
        (f"{RECEIVED}?from=2026-13-45", 400, "bad_time", "2026-13-45"),
        (f"{RECEIVED}?to=2026-02-30", 400, "bad_time", "2026-02-30"),
        (f"{RECEIVED}?from=0001-01-01T00:00:00%2B14:00", 400, "bad_time", "0001"),
        (f"{RECEIVED}?to=9999-12-31T23:59:59-14:00", 400, "bad_time", "9999"),
        (f"{RECEIVED}?to=9999-12-31T23:59:59Z", 400, "bad_time", "9999"),
        (f"{RECEIVED}?scope=city|x", 404, "unknown_unit", "nearest: city"),
        (f"{RECEIVED}?date=2026-13-45", 422, "invalid", "date"),
        (f"{RECEIVED}?form=2026-06-16", 422, "invalid", "form"),
        ("/api/v1/cases?from=2026-13-45", 400, "bad_time", "2026-13-45"),
        ("/api/v1/cases?from=0001-01-01T00:00:00%2B14:00", 400, "bad_time", "0001"),
        ("/api/v1/cases?from=2026-06-17&to=2026-06-16", 400, "bad_period", "empty"),
        ("/api/v1/cases?limit=1e9", 422, "invalid", "limit"),
        ("/api/v1/cases?limit=1000000000", 422, "invalid", "1000"),
        ("/api/v1/cases?cursor=garbage", 400, "bad_query", "cursor"),
        ("/api/v1/cases?unit=city|x", 404, "unknown_unit", "city|x"),
        ("/api/v1/cases?channel=%00", 400, "bad_query", "channel"),
        ("/api/v1/cases?text=a%00b", 400, "bad_query", "text"),
        ("/api/v1/cases?unit=nowhere", 404, "unknown_unit", "nowhere"),
        ("/api/v1/cases?kind=apeal", 400, "bad_query", "nearest: appeal"),
        ("/api/v1/cases?nature=rumour", 400, "bad_query", "nearest: report"),
        ("/api/v1/cases?applicant=nobody", 400, "bad_query", "applicant"),
        ("/api/v1/cases?handler_kind=ministry", 400, "bad_query", "handler_kind"),
        ("/api/v1/cases?channel=phon", 400, "bad_query", "nearest: phone"),
        ("/api/v1/cases?category=ufo", 400, "bad_query", "category"),
        ("/api/v1/cases?handler=510199", 400, "bad_query", "handler"),
        ("/api/v1/cases?part=appeal.recieved", 400, "bad_query", "nearest: appeal.received"),
        ("/api/v1/cases?but=510104,nowhere", 404, "unknown_unit", "nowhere"),
        ("/api/v1/cases?from=yesterday", 400, "bad_time", "yesterday"),
        ("/api/v1/cases?status=lost", 400, "bad_query", "overdue"),
        ("/api/v1/cases?cursor=xyz", 400, "bad_query", "cursor"),
        ("/api/v1/cases?limit=0", 422, "invalid", "limit"),
        ("/api/v1/cases?untis=510104", 422, "invalid", "untis"),
        ("/api/v1/frames?slots=x", 400, "bad_slot", "panel:key:"),
        ("/api/v1/frames?slots=nothing::wall", 404, "no_panel", "count"),
        ("/stream?slots=nothing::wall", 404, "no_panel", "count"),
        ("/stream?slots=count:invented:wall", 404, "no_key", "the page"),
        ("/stream?lang=fr", 422, "invalid", "lang"),
        ("/api/v1/figures/zzzzzzzz-00000000", 404, "no_figure", "zzzzzzzz"),
        ("/api/v1/figures/41", 400, "bad_figure", "3k7-x4m9qt2h"),
        ("/api/v1/nothing", 404, "not_found", "/api/v1/nothing"),
        ("/api", 404, "not_found", "/api"),
    ],
)
def test_a_wrong_url_is_answered_with_code_message_and_remedy(
    ask: Ask, path: str, status: int, code: str, says: str
) -> None:
    answer = ask(path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert says in error["message"] + error["remedy"]
    assert error["remedy"]


def test_a_wrong_method_is_an_error_of_the_same_shape(ask: Ask) -> None:
    answer = ask("/api/v1/metrics", method="DELETE")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_cases_come_newest_first_page_by_page(ask: Ask) -> None:
    found: list[str] = []
    words: dict[str, Any] = {"limit": 5}
    while True:
        body = ask("/api/v1/cases", params=words).json()
        assert body["total"] == 12
        assert body["total_is_capped"] is False
        found += [one["key"] for one in body["cases"]]
        if body["next_cursor"] is None:
            break
        words["cursor"] = body["next_cursor"]
    assert found == [f"JJ-{number}" for number in reversed(range(12))]


def test_cases_are_found_by_what_they_do_not_say_and_by_what_a_sum_counts(ask: Ask) -> None:
    def total(**words: str) -> int:
        found: int = ask("/api/v1/cases", params=words).json()["total"]
        return found

    assert total(street="unassigned") == total(street="") == 12
    assert total(part="appeal.received") == 12
    assert total(part="appeal.received", but="510104") == total(unit="510105")
    assert total(part="appeal.closed") == 0


def test_cases_are_found_by_unit_period_and_number(ask: Ask) -> None:
    def keys(**words: str) -> list[str]:
        return [one["key"] for one in ask("/api/v1/cases", params=words).json()["cases"]]

    assert keys(unit="510105") == ["JJ-9", "JJ-6", "JJ-3", "JJ-0"]
    assert keys(**{"from": "2026-06-16T09:10:00+08:00"}) == ["JJ-11", "JJ-10"]
    assert keys(text="JJ-7") == ["JJ-7"]
    assert len(keys(status="open")) == 12


def test_every_source_says_its_state_and_counts(ask: Ask) -> None:
    by_id = {one["id"]: one for one in ask("/api/v1/sources").json()["sources"]}
    assert len(by_id) == 23
    one = by_id["510104"]
    assert set(one) == {
        *("id", "state", "sent", "stored", "duplicate", "rejected"),
        *("condition", "breaker", "error", "failures", "drift"),
        *("event_at", "as_of", "received_at", "last_success", "lag_seconds", "reconciled"),
    }
    assert (one["sent"], one["stored"], one["duplicate"], one["rejected"]) == (12, 12, 0, 0)
    assert by_id["12345"]["state"] == "missing"


def test_frames_are_polled_with_an_etag(ask: Ask) -> None:
    first = ask("/api/v1/frames?slots=count::wall")
    assert first.json()["seq"] == 41
    assert first.json()["slots"]["count::wall"][0][0] == {"slot": "count", "key": "", "part": ""}
    again = ask(
        "/api/v1/frames?slots=count::wall", headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert ask("/api/v1/frames", headers={"if-none-match": 'W/"40-x"'}).status_code == 200


def test_health_says_what_is_there(ask: Ask) -> None:
    answer = ask("/healthz")
    body = answer.json()
    assert answer.status_code == 503  # the snapshot of this test is of June
    assert (body["status"], body["database"], body["bus"], body["seq"]) == (
        "unwell",
        "ok",
        "ok",
        41,
    )
    assert body["snapshot_age_seconds"] > 60


def test_openapi_has_our_routes_and_their_shapes_alone(ask: Ask) -> None:
    document = ask("/openapi.json").json()
    assert set(document["paths"]) == {
        "/healthz",
        "/stream",
        "/embed/{panel}",
        "/api/v1/metrics",
        "/api/v1/metrics/{id}/value",
        "/api/v1/cases",
        "/api/v1/sources",
        "/api/v1/frames",
        "/api/v1/moments",
        "/api/v1/figures",
        "/api/v1/figures/{id}",
        "/api/v1/push/{source}",
        "/export/cases.csv",
        "/export/metric.csv",
        "/table/{panel}",
    }
    text = str(document)
    names = {name for name in document["components"]["schemas"] if f"schemas/{name}'" in text}
    assert {"ValueBody", "CasesBody", "SourcesBody", "MetricsBody", "ErrorBody"} <= names
    assert [name for name in document["components"]["schemas"] if "__" in name] == []  # two alike
    value = document["components"]["schemas"]["ValueBody"]["properties"]
    assert {"from", "to", "num", "den", "figure", "coverage", "groups"} <= set(value)

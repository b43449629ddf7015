"""/api/v1: values, cases, sources, frames; what is wrong with a URL is said with its remedy."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address
from centre.snapshots.figures import cell_query, figure_id
from tests.api.conftest import Ask

DAY = {"from": "2026-06-16", "to": "2026-06-17"}
RECEIVED = "/api/v1/metrics/appeal.received.count/value"


def test_a_value_has_its_sums_period_coverage_figure_and_definition(ask: Ask) -> None:
    body = ask(RECEIVED, params=DAY).json()
    assert (body["metric"], body["scope"]) == ("appeal.received.count", "city")
    assert (body["from"], body["to"]) == ("2026-06-15T16:00:00Z", "2026-06-16T16:00:00Z")
    assert (body["num"], body["den"], body["value"]) == (12.0, None, 12.0)
    assert set(body["coverage"]) == {"present", "expected", "missing", "usual_share"}
    assert body["coverage"]["expected"] == 22
    assert (body["withheld"], body["revised"]) == (False, False)
    assert body["definition"]["version"] == 1
    assert body["figure"]
    assert body["groups"] == []


def test_a_value_is_broken_down_by_unit_channel_and_hour(ask: Ask) -> None:
    def groups(by: str) -> dict[str, float]:
        body = ask(RECEIVED, params={**DAY, "by": by}).json()
        return {one["key"]: one["num"] for one in body["groups"] if one["num"]}

    assert groups("unit") == {"510104": 8.0, "510105": 4.0}
    assert groups("channel") == {"phone": 6.0, "mobile": 6.0}
    assert sum(groups("hour").values()) == 12.0


def test_a_value_of_one_unit_counts_its_cases_alone(ask: Ask) -> None:
    assert ask(RECEIVED, params={**DAY, "scope": "510105"}).json()["num"] == 4.0


def test_filters_narrow_a_value_and_its_parts_add_up(ask: Ask) -> None:
    whole = ask(RECEIVED, params={**DAY, "category": "unassigned", "by": "channel"}).json()
    assert whole["num"] == sum(one["num"] for one in whole["groups"])
    phone = next(one for one in whole["groups"] if one["key"] == "phone")
    narrowed = ask(RECEIVED, params={**DAY, "category": "unassigned", "channel": "phone"}).json()
    assert narrowed["num"] == phone["num"] < whole["num"]
    assert ask(RECEIVED, params={**DAY, "street": "unassigned"}).json()["num"] == whole["num"]
    told = ask(f"/api/v1/figures/{narrowed['figure']}").json()
    assert told["num"] == narrowed["num"]


def test_a_value_and_a_source_tell_their_three_clocks(ask: Ask) -> None:
    clocks = {"event_at", "as_of", "received_at"}
    assert clocks <= set(ask(RECEIVED, params=DAY).json())
    assert clocks <= set(ask("/api/v1/sources").json()["sources"][0])


def test_a_source_tells_how_it_compares(ask: Ask) -> None:
    one = next(one for one in ask("/api/v1/sources").json()["sources"] if one["id"] == "510104")
    assert one["reconciled"] == {"nightly": True, "compared_at": None, "differences": {}}


def test_every_metric_is_listed_with_what_it_means(ask: Ask) -> None:
    listed = {one["id"]: one for one in ask("/api/v1/metrics").json()["metrics"]}
    rate = listed["appeal.satisfaction_rate"]
    assert rate["definition"]["zh"]
    assert rate["definition"]["en"]
    assert "unit" in rate["by"]
    assert sorted(listed) == list(listed)


RATE = "/api/v1/metrics/appeal.satisfaction_rate/value"


def test_a_metric_is_listed_with_all_its_definitions(ask: Ask) -> None:
    listed = {one["id"]: one for one in ask("/api/v1/metrics").json()["metrics"]}
    rate = listed["appeal.satisfaction_rate"]
    assert rate["version"] == 1  # by which Chengdu counts
    dated = [(one["version"], one["valid_from"]) for one in rate["versions"]]
    assert dated == [(1, "2018-01-01"), (2, "2019-01-01")]
    assert rate["versions"][0]["definition"]["zh"] != rate["versions"][1]["definition"]["zh"]


@pytest.mark.parametrize(("version", "is_by"), [(None, 1), (1, 1), (2, 2)])
def test_a_period_is_asked_by_any_definition(ask: Ask, version: int | None, is_by: int) -> None:
    asked = {**DAY, **({} if version is None else {"version": version})}
    body = ask(RATE, params=asked).json()
    assert body["definition"]["version"] == is_by
    assert body["in_force"] == [{"version": 1, "from": "2026-06-16"}]


def test_answers_by_different_definitions_have_different_figures(ask: Ask) -> None:
    ids = [ask(RATE, params={**DAY, "version": one}).json()["figure"] for one in (1, 2)]
    assert ids[0] != ids[1]


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
        "/export/cases.csv",
        "/export/metric.csv",
        "/table/{panel}",
    }
    text = str(document)
    names = {name for name in document["components"]["schemas"] if f"schemas/{name}'" in text}
    assert {"ValueBody", "CasesBody", "SourcesBody", "MetricsBody", "ErrorBody"} <= names
    value = document["components"]["schemas"]["ValueBody"]["properties"]
    assert {"from", "to", "num", "den", "figure", "coverage", "groups"} <= set(value)


def test_a_figure_id_leads_back_to_its_question(ask: Ask) -> None:
    told = ask(f"{RECEIVED}?from=2026-06-16&to=2026-06-17&by=channel").json()
    found = ask(f"/api/v1/figures/{told['figure'].upper()}").json()
    assert (found["id"], found["metric"]) == (told["figure"], "appeal.received.count")
    assert (found["scope"], found["by"], found["window"]) == ("city", "channel", None)
    assert (found["from"], found["to"]) == (told["from"], told["to"])
    assert found["version"] == told["definition"]["version"]


def test_a_figure_id_of_a_screen_leads_back_to_its_cell(ask: Ask) -> None:
    address = Address("appeal.received.count", "510104", "week")
    version = METRICS[address.metric].version
    name = figure_id(cell_query(address), version, 1)
    found = ask(f"/api/v1/figures/{name}").json()
    assert (found["id"], found["seq"], found["version"]) == (name, 1, version)
    assert (found["metric"], found["scope"], found["window"]) == tuple(address)


def test_a_value_is_a_file_with_what_is_missing_in_each_line(ask: Ask) -> None:
    words = f"metric={RECEIVED.split('/')[-2]}&from=2026-06-16&to=2026-06-17&by=unit"
    told = ask(f"/export/metric.csv?{words}")
    assert told.headers["content-type"].startswith("text/csv")
    origin, head, whole, *parts = list(csv.reader(told.text.removeprefix("\ufeff").splitlines()))
    assert "成都" in origin[0]
    assert head[4:8] == ["到齐", "应到", "缺", "缺者平常占比"]
    assert whole == ["合计", "12", "", "12", "22", "22", "", "0", ""]
    assert sum(float(part[1]) for part in parts) == 12


def test_a_metric_that_nobody_knows_has_no_file(ask: Ask) -> None:
    assert ask("/export/metric.csv?metric=appeal.recieved").status_code == 404
    assert ask("/export/metric.csv").status_code == 422

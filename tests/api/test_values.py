"""/api/v1/metrics and /api/v1/figures: values, what they mean, their ids, and values as files."""

from __future__ import annotations

import csv

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

"""Two of the 22 centres say nothing for a day: every surface says so, and who, and how much."""

from __future__ import annotations

import csv
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import watched
from tests.browser.serve import Centre, running, small_chengdu, wait_until_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SILENT = {"510116": "双流区", "510129": "大邑县"}
RECEIVED = "/api/v1/metrics/appeal.received.count/value"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """While this file exists, two systems do not answer."""
    return tmp_path_factory.mktemp("outage") / "outage"


@pytest.fixture(scope="module")
def centre(
    tmp_path_factory: pytest.TempPathFactory, outage: Path, filled: Path
) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("partial")
    pack = small_chengdu(folder)
    for unit in SILENT:
        file = pack / "sources.d" / f"{unit}.toml"
        text = file.read_text("utf-8")
        outage_file = f'[connection]\noutage_file = "{outage}"'
        file.write_text(text.replace("[connection]", outage_file), "utf-8")
    with running(folder, filled, CITY=str(pack)) as one:
        wait_until_filled(one)
        yield one


def _refused(centre: Centre) -> None:
    """Wait until both were asked in vain: no answer is on its way any more."""
    units = ",".join("?" * len(SILENT))
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with sqlite3.connect(Path(centre.env["STATE"]) / "chengdu.db", timeout=30) as store:
            query = f"SELECT min(failures) FROM source WHERE id IN ({units})"  # noqa: S608
            (failures,) = store.execute(query, tuple(SILENT)).fetchone()
        store.close()
        if failures:
            return
        time.sleep(0.5)
    raise AssertionError("the two systems still answer")


def _silence(centre: Centre, now: datetime, since: timedelta) -> None:
    """Let the last word of the two be this old, and forget which days they completed since."""
    then = now - since
    stamp = (then - _EPOCH) // timedelta(microseconds=1)
    day = then.astimezone(ZoneInfo("Asia/Shanghai")).toordinal()
    with sqlite3.connect(Path(centre.env["STATE"]) / "chengdu.db", timeout=30) as store:
        for unit in SILENT:
            times = "UPDATE source SET watermark = ?, succeeded_at = ? WHERE id = ?"
            store.execute(times, (stamp, stamp, unit))
            store.execute("DELETE FROM presence WHERE unit = ? AND day > ?", (unit, day))
            half = 'UPDATE presence SET "until" = ? WHERE unit = ? AND day = ? AND "until" > ?'
            store.execute(half, (stamp, unit, day, stamp))
    store.close()


def _until(centre: Centre, is_so: Callable[[dict[str, Any]], bool], **words: str) -> dict[str, Any]:
    """The value of today's received appeals as soon as it is so."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found: dict[str, Any] = centre.get(RECEIVED, **words).json()
        if is_so(found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"still {found['coverage']}")


def _rate(centre: Centre) -> dict[str, Any]:
    found: dict[str, Any] = centre.get("/api/v1/metrics/appeal.on_time_rate/value").json()
    return found


def test_two_centres_without_a_day_are_named_with_their_usual_share_everywhere(
    browser: Browser, centre: Centre, outage: Path
) -> None:
    whole = _rate(centre)
    assert _until(centre, lambda one: not one["coverage"]["missing"])["coverage"]["present"] == 22
    outage.touch()
    _refused(centre)
    now = datetime.now(UTC)
    _silence(centre, now, timedelta(hours=50))
    found = _until(centre, lambda one: one["coverage"]["missing"] == list(SILENT))["coverage"]
    assert (found["present"], found["expected"]) == (20, 22)
    assert 0 < found["usual_share"] < 0.5
    share = f"{found['usual_share'] * 100:.1f} %"
    yesterday = now.astimezone(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
    day = {"from": yesterday.isoformat(), "to": (yesterday + timedelta(days=1)).isoformat()}

    _answers_name_them(centre, day, whole["den"])
    _files_name_them(centre, day, share)
    with watched(browser, 1920, 1080) as wall, watched(browser, 1366, 768) as desk:
        for seen, path in ((wall, "/wall"), (desk, "/"), (desk, "/metric/appeal.received.count")):
            seen.page.goto(f"{centre.url}{path}")
            _page_names_them(seen.page, share)
        desk.page.goto(f"{centre.url}/embed/received_today")
        for words in ("20/22", *SILENT.values(), share):
            expect(desk.page.locator("body")).to_contain_text(words)
        assert (wall.errors, desk.errors) == ([], [])

        outage.unlink()
        _until(centre, lambda one: not one["coverage"]["missing"])
        wall.page.goto(f"{centre.url}/wall")
        expect(wall.page.locator("body")).to_contain_text("22/22", timeout=30_000)
        assert not centre.get(RECEIVED, by="day", **day).json()["coverage"]["missing"]


def _answers_name_them(centre: Centre, day: dict[str, str], den: float) -> None:
    """Their day is missing in the sums of the interface; the rates of 30 days have lost nothing."""
    past = centre.get(RECEIVED, by="day", **day).json()
    assert past["coverage"]["missing"] == list(SILENT)
    assert past["groups"][0]["coverage"] == past["coverage"]
    rate = _rate(centre)
    assert rate["coverage"]["missing"] == []
    assert rate["den"] == den


def _files_name_them(centre: Centre, day: dict[str, str], share: str) -> None:
    names, metric = list(SILENT.values()), "appeal.received.count"
    lines = centre.get("/export/metric.csv", metric=metric).text.splitlines()
    whole = list(csv.reader(lines))[2]
    assert whole[4:6] == ["20", "22"]
    assert whole[6].split("、") == names
    assert float(whole[7]) > 0
    head = centre.get("/export/cases.csv", **day).text.splitlines()[0]
    assert all(name in head for name in names)
    assert share in head


def _page_names_them(page: Page, share: str) -> None:
    names = list(SILENT.values())
    for words in ("20/22", *names, "平常约占", share):
        expect(page.locator("body")).to_contain_text(words, timeout=30_000)
    told = f"缺{'、'.join(names)}（平常约占 {share}）"
    expect(page.locator(".coverage").first).to_have_attribute("title", told)


def test_a_centre_silent_for_42_minutes_keeps_its_30_days_in_the_rates(
    centre: Centre, outage: Path
) -> None:
    whole = _rate(centre)
    outage.touch()
    _refused(centre)
    _silence(centre, datetime.now(UTC), timedelta(minutes=42))
    found = _until(centre, lambda one: len(one["coverage"]["missing"]) == 2)
    assert found["coverage"]["present"] == 20
    rate = _rate(centre)
    assert (rate["num"], rate["den"]) == (whole["num"], whole["den"])
    assert (rate["coverage"]["missing"], rate["coverage"]["usual_share"]) == ([], 0.0)
    outage.unlink()

"""The browser's own judgement of ages: the same forty rows as centre/domain/status.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from centre.settings import ROOT
from tests.browser.chromium import watched

pytestmark = pytest.mark.browser

TABLE = json.loads((ROOT / "tests/domain/freshness_table.json").read_text())
NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)

FIGURE = """
<div id="row{number}" class="card is-{said}"
     data-state="{said}" data-interval="{interval:g}" {as_of}>
  <div class="value"><span>5,483</span><span>.50</span><span>件</span></div>
</div>
"""


def figure(row: dict[str, Any], number: int) -> str:
    """A figure that the server drew when its data was new, or of which it knew nothing."""
    age = row["age_seconds"]
    said = "missing" if age is None else "live"
    when = None if age is None else (NOW - timedelta(seconds=age)).isoformat()
    as_of = f'data-as-of="{when}"' if when else ""
    return FIGURE.format(number=number, said=said, interval=row["interval_seconds"], as_of=as_of)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without any server: it stands still at NOW, and live.js is all that it has."""
    with watched(browser, 800, 600) as seen:
        seen.page.clock.set_fixed_time(NOW)
        body = "".join(figure(row, number) for number, row in enumerate(TABLE))
        zone = 'lang="zh" data-zone="Asia/Shanghai"'
        script = (ROOT / "assets/live.js").read_text()
        whole = f"<!doctype html><html {zone}><body>{body}</body><script>{script}</script></html>"
        kind = "text/html; charset=utf-8"
        seen.page.route("**/*", lambda asked: asked.fulfill(body=whole, content_type=kind))
        seen.page.goto("http://127.0.0.1/ages")
        # The last row of the table is down: when it says so, all before it were judged.
        seen.page.wait_for_function("() => document.querySelector('#row39.is-down')")
        yield seen.page
        assert seen.errors == []


def test_without_a_server_the_browser_judges_as_the_server_does(page: Page) -> None:
    pairs = [[row["age_seconds"], row["interval_seconds"]] for row in TABLE]
    judged = page.evaluate("rows => rows.map(r => rongzhiLive.judge(...r))", pairs)
    assert judged == [row["word"] for row in TABLE]
    drawn = page.evaluate("() => [...document.querySelectorAll('.card')].map(c => c.className)")
    assert drawn == [f"card is-{row['word']}" for row in TABLE]


def test_what_has_gone_down_keeps_its_last_value_with_its_time(page: Page) -> None:
    said = page.evaluate(
        "() => [...document.querySelectorAll('.card')].map(c => "
        "[c.style.getPropertyValue('--aged'), c.style.getPropertyValue('--last')])"
    )
    by_row = dict(
        zip(((r["interval_seconds"], r["age_seconds"]) for r in TABLE), said, strict=True)
    )
    assert by_row[60, 180.001] == ['"截至 11:56"', ""]
    assert by_row[300, 3000.001] == ['"中断 50 分"', '"最后值 5,483.50 件，截至 11:09"']
    assert by_row[86400, 864000.001][1] == '"最后值 5,483.50 件，截至 6月6日 11:59"'
    assert by_row[60, 90] == ["", ""]


def test_newer_data_takes_the_age_away(page: Page) -> None:
    last = "#row39"
    page.evaluate(f"() => document.querySelector('{last}').dataset.asOf = '{NOW.isoformat()}'")
    page.wait_for_selector(f"{last}.is-live:not([data-aged])", state="attached")

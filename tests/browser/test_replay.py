"""Two hours of Los Angeles' last evening of 2017 in twelve seconds, on the wall."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from centre.citypack.load import load_city, load_sources
from centre.domain.parse import parse
from centre.domain.records import Case
from datasources import mapping
from datasources.file_drop import FileDrop
from datasources.source import Surroundings
from tests.browser.chromium import watched
from tests.browser.serve import ROOT, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAY = """speed = "600x"
from = 2017-12-31T18:00:00
to = 2017-12-31T20:00:00"""


def played(folder: Path) -> Path:
    """Los Angeles with its file as a recording."""
    pack = folder / "losangeles"
    shutil.copytree(ROOT / "conf" / "losangeles", pack)
    file = pack / "sources.d" / "la311.toml"
    text = file.read_text("utf-8").replace('"file_drop"', '"replay"').replace('"1 min"', '"1 s"')
    file.write_text(text.replace("[connection]", f"[connection]\n{PLAY}"), "utf-8")
    return pack


def received(data: Path, *hours: int) -> list[int]:
    """How many cases of that day the file has until each of these hours."""
    city = load_city(ROOT / "conf" / "losangeles")
    (config,), _ = load_sources(ROOT / "conf" / "losangeles", city)
    around = Surroundings(city=city, data_dir=data, secrets={})
    now = datetime.now(UTC)
    rows = (row for one in FileDrop(config, around).fetch(None, now) for row in one.rows)
    records = (parse(mapping.apply(row, config), config=config, city=city, now=now) for row in rows)
    times = [one.received_at for one in records if isinstance(one, Case)]
    day = datetime(2017, 12, 31, tzinfo=city.tz)
    return [sum(day <= at <= day.replace(hour=hour) for at in times) for hour in hours]


def numbers(page: Page, last: int) -> Iterator[int]:
    """What the wall says of that day, each time it says something else, until it says `last`."""
    seen, until = -1, time.monotonic() + 90
    while seen != last and time.monotonic() < until:
        found = re.search(r"2017年12月31日：受理 ([\d,]+) 件", page.inner_text("body"))
        number = int(found[1].replace(",", "")) if found else seen
        if number != seen:
            yield number
        seen = number
        page.wait_for_timeout(100)


def test_an_evening_plays_live_on_the_wall(
    browser: Browser, tmp_path: Path, shared_data: Path
) -> None:
    data = shared_data / "real"
    first, last = received(data, 18, 20)
    with (
        running(tmp_path, CITY=str(played(tmp_path)), DATA=str(data)) as centre,
        watched(browser, 1920, 1080) as wall,
    ):
        wall.page.goto(f"{centre.url}/wall")
        seen = list(numbers(wall.page, last))
        head = wall.page.inner_text(".wall-head")
        assert re.search(r"历史回放 2017年12月31日 (19:5\d|20:00)", head), head
        assert wall.errors == []
    play = [number for number in seen if number >= first]
    assert play == sorted(play)
    assert play[-1] == last
    assert len(play) >= 4, f"it did not live: {seen}"

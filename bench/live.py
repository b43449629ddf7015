"""From an event in a district to its number on the wall, with 1 and with 200 viewers."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from bench.line import Line, quantile
from centre.citypack.load import load_city, load_sources
from centre.domain.periods import day_start, local_day
from datasources.simulated import arrivals
from tests.browser.chromium import launch, watched
from tests.browser.serve import Centre, running, small_chengdu, wait_until_filled

EVENTS = 50
EACH = 800  # cases a day and source: about one event in two seconds at the busiest hour
BUSY_HOUR = 10  # local
LIMIT_SECONDS = 2.0  # the promise
_NUMBER = "[data-slot='headlines::wall'] .card .int"

_WATCH = """
(selector) => {
  window.benchSeen = [];
  let last = null;
  const look = () => {
    const shown = document.querySelector(selector);
    const text = shown ? shown.textContent.replace(/[^0-9]/g, '') : '';
    if (text && text !== last) { last = text; window.benchSeen.push([Date.now(), +text]); }
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, characterData: true});
  look();
}
"""


def lines() -> Iterator[Line]:
    """p50 and p95 of the same run, for each number of viewers."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        pack = small_chengdu(folder, each=EACH)
        _set_busy(pack)
        with running(folder, CITY=str(pack)) as centre:
            wait_until_filled(centre, seconds=600)
            with watched(launch(playwright), 1920, 1080) as seen:
                seen.page.goto(f"{centre.url}/wall")
                seen.page.wait_for_selector("body[data-link=ok]", timeout=30_000)
                for viewers in (1, 200):
                    with looking(centre, viewers - 1):
                        delays = measure(seen.page, pack)
                    yield from _lines(viewers, delays)


def _set_busy(pack: Path) -> None:
    """Put the city where it is mid-morning now: at night there is little to measure."""
    west = (datetime.now(UTC).hour - BUSY_HOUR) % 24  # POSIX zones count west as positive
    zone = f"Etc/GMT{west if west <= 12 else west - 24:+d}"
    for file in (pack / "places.toml", *(pack / "sources.d").glob("*.toml")):
        file.write_text(file.read_text("utf-8").replace("Asia/Shanghai", zone), "utf-8")


def _lines(viewers: int, delays: list[float]) -> Iterator[Line]:
    for share in (0.5, 0.95):
        yield Line(
            name=f"event to DOM, {viewers} viewers, p{share * 100:.0f} of {len(delays)}",
            unit="s",
            ours=[quantile(delays, share)],
            peer_name="what is promised",
            peer=[LIMIT_SECONDS],
        )


def measure(page: Page, pack: Path) -> list[float]:
    """Seconds from each of some events to the moment when the wall's count includes it."""
    begin = datetime.now(UTC)
    page.evaluate(_WATCH, _NUMBER)
    seen: list[tuple[float, int]] = []
    while True:
        page.wait_for_timeout(5_000)
        seen = page.evaluate("window.benchSeen")
        delays = _delays(seen, _events(pack, datetime.now(UTC)), begin)
        if len(delays) >= EVENTS:
            return delays[:EVENTS]


def _events(pack: Path, until: datetime) -> list[datetime]:
    """Every case of today so far, by its moment: the n-th is the one that makes the count n."""
    city = load_city(pack)
    start = day_start(local_day(until, city.tz), city.tz)
    configs, _ = load_sources(pack, city)
    return sorted(at for one in configs for _, at in arrivals(one, city, start, until))


def _delays(seen: list[tuple[float, int]], events: list[datetime], begin: datetime) -> list[float]:
    newest = seen[-1][1] if seen else 0
    delays = []
    for count, event in enumerate(events[:newest], start=1):
        if event < begin + timedelta(seconds=2):
            continue
        shown = next(ms for ms, number in seen if number >= count)
        delays.append(shown / 1000 - event.timestamp())
    return delays


@contextmanager
def looking(centre: Centre, count: int) -> Iterator[None]:
    """So many further viewers of the wall's slots, each an open event stream."""
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_crowd(centre.url, count, stop)))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


async def _crowd(url: str, count: int, stop: threading.Event) -> None:
    streams = [asyncio.create_task(_viewer(url)) for _ in range(count)]
    while not stop.is_set():
        await asyncio.sleep(0.2)
    for one in streams:
        one.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


async def _viewer(url: str) -> None:
    """Read one stream and throw it away, as plainly as a socket allows."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    slots = "&".join(f"slots={one}::wall" for one in ("headlines", "lead", "city_map", "wall_head"))
    writer.write(f"GET /stream?{slots}&lang=zh HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    await writer.drain()
    try:
        while await reader.read(65_536):
            pass
    finally:
        writer.close()

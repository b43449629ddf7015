"""The simulation as a collector meets it: today first, then news and history, never a gap."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.domain.parse import parse
from centre.domain.records import Asset, Case, Reading, Record
from centre.domain.sources import SourceConfig
from datasources import mapping
from datasources.simulated import Simulated, arrivals, keys
from datasources.simulation.day import draw_day
from datasources.simulation.setting import setting
from datasources.source import Batch, Malformed, Unavailable
from tests.datasources.make import NOW, around, chengdu, chengdu_sources, source

SMALL = {"cases_per_day": 40, "prefix": "WH"}
SECOND = timedelta(seconds=1)


class Store:
    """What a store keeps: the newest version of each row, and the last cursor."""

    def __init__(self, config: SourceConfig) -> None:
        self.config = config
        self.source = Simulated(config, around())
        self.cursor: Mapping[str, Any] | None = None
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.sent: Counter[tuple[str, int]] = Counter()

    def take(self, now: datetime, most: int | None = None) -> list[Batch]:
        """Fetch once, taking at most so many batches before dropping the rest."""
        taken: list[Batch] = []
        for batch in self.source.fetch(self.cursor, now):
            self.cursor = batch.cursor
            taken.append(batch)
            for row in batch.rows:
                self._keep(row)
            if len(taken) == most:
                break
        return taken

    def fill(self, now: datetime) -> None:
        """Fetch until no history is left."""
        while self.take(now)[-1].more:
            pass

    def _keep(self, row: Mapping[str, Any]) -> None:
        key, version = row["工单编号"], row["版本"]
        self.sent[key, version] += 1
        if key not in self.rows or self.rows[key]["版本"] < version:
            self.rows[key] = row


def records(config: SourceConfig, rows: list[Mapping[str, Any]], now: datetime) -> list[Record]:
    """Rows through the real field map and the real judgement; none may be refused."""
    city = chengdu()
    found = [parse(mapping.apply(row, config), config=config, city=city, now=now) for row in rows]
    assert [one for one in found if not isinstance(one, Case | Reading | Asset)] == []
    return found


def start_of(store: Store) -> datetime:
    assert store.cursor is not None
    return datetime.fromisoformat(f"{store.cursor['start']}T00:00:00+08:00")


def test_the_first_batch_is_today_and_nothing_else() -> None:
    store = Store(source("simulated", SMALL))
    (batch,) = store.take(NOW)
    assert batch.days == ("2026-06-16",)
    assert {row["登记时间"][:10] for row in batch.rows} == {"2026-06-16"}
    assert (batch.filled, batch.total, batch.more, batch.watermark) == (1, 35, True, NOW)


def test_history_comes_newest_first_and_ends_after_35_days() -> None:
    store = Store(source("simulated", SMALL))
    store.take(NOW)
    days = [day for _ in range(34) for day in store.take(NOW)[-1].days]
    assert days[:2] == ["2026-06-15", "2026-06-14"]
    assert days[-1] == "2026-05-13"
    (last,) = store.take(NOW)
    assert (last.rows, last.more, last.filled) == ([], False, 35)


def test_after_kills_and_a_long_stop_the_numbers_are_those_of_the_simulator() -> None:
    store = Store(source("simulated", {**SMALL, "start": "2026-06-04"}))
    now = NOW
    for step in range(60):
        now += SECOND * (977 if step != 30 else 3 * 86_400)  # three days of silence in between
        store.source = Simulated(store.config, around())  # a new process each time
        store.take(now, most=1 + step % 2)
    store.fill(now)
    expected = keys(store.config, chengdu(), start_of(store), now)
    assert sorted(store.rows) == sorted(expected)
    assert len(expected) == len(set(expected))


def test_rows_that_grew_by_events_equal_rows_read_at_once() -> None:
    """Polling through three days ends where one look at the end begins."""
    config = source("simulated", {**SMALL, "start": "2026-06-05"})
    slow, at_once = Store(config), Store(config)
    now = NOW
    slow.fill(now)
    for _ in range(60):
        now += SECOND * 4321
        slow.take(now)
    at_once.fill(now)
    assert slow.rows == at_once.rows


def test_no_version_is_sent_twice_without_a_stop() -> None:
    store = Store(source("simulated", SMALL))
    now = NOW
    store.fill(now)
    for _ in range(200):
        now += SECOND * 61
        store.take(now)
    assert store.sent.most_common(1)[0][1] == 1


def test_arrivals_tell_the_moment_at_which_a_case_appears() -> None:
    store = Store(source("simulated", SMALL))
    store.fill(NOW)
    key, moment = arrivals(store.config, chengdu(), NOW, NOW + timedelta(hours=3))[0]
    store.take(moment - timedelta(microseconds=1))
    assert key not in store.rows
    store.take(moment)
    assert store.rows[key]["版本"] == 1
    assert store.rows[key]["登记时间"] == moment.astimezone(chengdu().tz).isoformat()[:26]


def test_another_seed_is_another_city_and_the_same_seed_the_same() -> None:
    one, same, other = (
        keys_and_titles(source("simulated", {**SMALL, "seed": seed})) for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def keys_and_titles(config: SourceConfig) -> list[tuple[str, str]]:
    (batch,) = Simulated(config, around()).fetch(None, NOW)
    return [(row["工单编号"], row["标题"]) for row in batch.rows]


def test_a_reopened_case_loses_its_closing_and_closes_again() -> None:
    store = Store(source("simulated", {"cases_per_day": 400, "start": "2026-06-06"}))
    store.fill(NOW)
    reopened = [
        key for key, row in store.rows.items() if row["重办次数"] == 1 and not row["办结时间"]
    ]
    assert reopened
    store.take(NOW + timedelta(days=25))
    states = [store.rows[key] for key in reopened]
    assert all(row["办结时间"] for row in states)
    assert all(row["回访时间"] <= row["办结时间"] for row in states)


@pytest.mark.parametrize("name", ["510104", "510105", "5101gx", "12345"])
def test_no_row_of_a_shipped_source_is_refused(name: str) -> None:
    config = chengdu_sources()[name]
    adapter = Simulated(config, around())
    first = list(adapter.fetch(None, NOW))
    later = list(adapter.fetch(first[-1].cursor, NOW))
    rows = [row for batch in (*first, *later) for row in batch.rows]
    found = records(config, rows, NOW)
    assert {one.unit for one in found if isinstance(one, Case)} == {config.unit}
    stages = ("received_at", "dispatched_at", "signed_at", "replied_at", "followed_up_at")
    for case in (one for one in found if isinstance(one, Case) and one.dispatched_at):
        times = [t for name in stages if (t := getattr(case, name)) is not None]
        assert times == sorted(times)
        assert case.handler and case.handler_kind
        assert case.due_at or any(pause.end is None for pause in case.pauses)


def test_points_lie_near_their_street_whatever_the_map_of_the_source() -> None:
    """Streets are known to a few hundred metres and cases lie within 2.5 deviations of them."""
    for name in ("510104", "510105", "510112"):  # gcj02, wgs84, bd09
        config = chengdu_sources()[name]
        (batch,) = Simulated(config, around()).fetch(None, NOW)
        streets = {one.code: one for one in chengdu().by_code[name].streets}
        for case in records(config, list(batch.rows), NOW):
            assert isinstance(case, Case) and case.street and case.lon and case.lat
            street = streets[case.street]
            assert street.lon and street.lat
            assert abs(case.lon - street.lon) < 0.0152
            assert abs(case.lat - street.lat) < 0.0127


def test_the_municipal_source_counts_calls_services_and_mailboxes() -> None:
    config = chengdu_sources()["12345"]
    store = Store(config)
    batches = store.take(NOW) + store.take(NOW) + store.take(NOW)
    found = records(config, [row for batch in batches for row in batch.rows], NOW)
    mailboxes = [one for one in found if isinstance(one, Asset)]
    assert len(mailboxes) == 2732
    assert Counter(one.state for one in mailboxes) == {"active": 2732}
    assert {one.category for one in mailboxes} == {"city", "county", "town"}
    assert len({one.unit for one in mailboxes}) == 23
    calls = [one for one in found if isinstance(one, Reading) and one.series == "calls.offered"]
    whole_day = [one for one in calls if one.at.astimezone(chengdu().tz).day == 15]
    assert len(whole_day) == 288
    assert sum(one.value for one in whole_day) == pytest.approx(10146 * 1.13, rel=0.06)  # a Monday
    (services, *_) = [one.value for one in found if getattr(one, "series", "") == "weibo.services"]
    assert services > 163_000


def test_the_last_five_minutes_of_a_day_are_delivered_after_midnight() -> None:
    store = Store(source("simulated", {**SMALL, "municipal": True, "mailboxes": 3}, unit="510100"))
    midnight = datetime.fromisoformat("2026-06-17T00:00:00+08:00")
    store.fill(midnight - SECOND)
    rows = [row for batch in store.take(midnight + SECOND) for row in batch.rows]
    ends = {row["时间"] for row in rows if row["record"] == "reading"}
    assert ends == {"2026-06-16T23:55:00.000000", "2026-06-17T00:00:00.000000"}


def test_a_source_is_unreachable_while_its_outage_file_exists(tmp_path: Path) -> None:
    outage = tmp_path / "outage"
    adapter = Simulated(source("simulated", {**SMALL, "outage_file": str(outage)}), around())
    outage.touch()
    with pytest.raises(Unavailable, match="does not answer"):
        list(adapter.fetch(None, NOW))
    outage.unlink()
    assert len(list(adapter.fetch(None, NOW))) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [("resolution", 83.94), ("seed", "one"), ("start", "June"), ("municipal", 1), ("prefix", "")],
)
def test_a_wrong_connection_key_is_named_with_file_and_remedy(key: str, value: object) -> None:
    with pytest.raises(Malformed, match=rf"wuhou\.toml: connection\.{key}: .*; write "):
        Simulated(source("simulated", {key: value}), around())


def test_a_poll_without_news_costs_less_than_a_third_of_a_millisecond() -> None:
    store = Store(source("simulated", {"cases_per_day": 380, "start": "2026-06-01"}))
    store.fill(NOW)
    store.take(NOW)
    best = min(_seconds(lambda: list(store.source.fetch(store.cursor, NOW))) for _ in range(100))
    assert best < 0.0003


def test_a_day_is_drawn_in_less_than_thirty_milliseconds() -> None:
    one = setting(source("simulated", {"cases_per_day": 800}), chengdu())
    draw_day(one, NOW.date())  # the almanac of the year comes once
    best = min(_seconds(lambda: draw_day(one, NOW.date())) for _ in range(5))
    assert best < 0.030


def _seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start

"""The simulated city as a whole, against what the real one has published."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from centre.domain.workdays import calendar
from datasources.simulation import shape
from datasources.simulation.calendar import almanac, stamp
from datasources.simulation.day import SourceDay
from datasources.simulation.life import LIFE_DAYS, NEVER, Stage
from datasources.simulation.setting import setting
from datasources.simulation.words import words
from datasources.simulation.world import World
from tests.datasources.make import chengdu, chengdu_sources

END = date(2026, 6, 16)
FIRST, LAST = END - timedelta(days=30), END - timedelta(days=1)
START = END - timedelta(days=34)
SINCE, UNTIL = stamp(FIRST, chengdu().tz), stamp(END, chengdu().tz)


@pytest.fixture(scope="module")
def days() -> list[SourceDay]:
    """35 days of all sources, as a first start finds them."""
    worlds = [World(setting(one, chengdu())) for one in chengdu_sources().values()]
    return [world.day(START + timedelta(days=n)) for world in worlds for n in range(35)]


def latest(day: SourceDay, first: Stage, again: Stage) -> np.ndarray:
    """When a stage was last reached before the end, NEVER if not."""
    times = np.where(day.times < UNTIL, day.times, NEVER)
    return np.where(times[:, again] != NEVER, times[:, again], times[:, first])


def followed_up(day: SourceDay) -> tuple[np.ndarray, np.ndarray]:
    """(followed up within the 30 days, whether after a second round)."""
    time = latest(day, Stage.FOLLOWED_UP, Stage.FOLLOWED_UP_AGAIN)
    return (time >= SINCE) & (time != NEVER), day.times[:, Stage.FOLLOWED_UP_AGAIN] < UNTIL


def rate(pairs: Iterator[tuple[np.ndarray, np.ndarray]]) -> float:
    """Sum over sum of (numerator, denominator) flags."""
    counted = [(int((num & den).sum()), int(den.sum())) for num, den in pairs]
    return sum(num for num, _ in counted) / sum(den for _, den in counted)


def test_the_resolution_rate_of_30_days_is_the_published_one(days: list[SourceDay]) -> None:
    def pairs() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for day in days:
            asked, again = followed_up(day)
            said = np.where(again, day.outcome.resolved_again, day.outcome.resolved)
            yield said, asked & day.outcome.answered

    assert rate(pairs()) == pytest.approx(0.8394, abs=0.005)


def test_the_satisfaction_rate_of_30_days_is_the_published_one(days: list[SourceDay]) -> None:
    def pairs() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for day in days:
            asked, again = followed_up(day)
            said = np.where(again, day.outcome.satisfied_again, day.outcome.satisfied)
            yield said, asked & day.outcome.evaluated

    assert rate(pairs()) == pytest.approx(0.8571, abs=0.005)


NOVEMBER = {
    "来电": 304_373,
    "来信": 13_261,
    "政务新媒体": 4_201,  # 微博微信
    "短信": 580,
    "网络留言": 1_905,
    "移动客户端": 719,
}
"""The bulletin of a November, of 325,039: the mobile client is 0.22 %, 16 to 20 cases a day."""
LETTERS = ("书记信箱", "服务企业信箱")  # counted as 来信 by the bulletin


def test_channels_have_the_shares_of_the_november_bulletin(days: list[SourceDay]) -> None:
    names = list(shape.CHANNELS)
    drawn = np.bincount(np.concatenate([day.channel for day in days]), minlength=len(names))
    counts = Counter[str]()
    for name, count in zip(names, drawn.tolist(), strict=True):
        counts["来信" if name in LETTERS else name] += count
    assert sum(NOVEMBER.values()) == 325_039
    assert set(counts) == set(NOVEMBER)
    for name, published in NOVEMBER.items():
        share, total = published / 325_039, counts.total()
        error = (share * (1 - share) / total) ** 0.5  # of a sample of that size
        assert counts[name] / total == pytest.approx(share, abs=4 * error), name


def test_about_96_of_100_due_cases_are_closed_on_time(days: list[SourceDay]) -> None:
    verdicts = Counter(verdict for day in days[::3] for verdict in _verdicts(day))
    assert verdicts[True] / verdicts.total() == pytest.approx(0.96, abs=0.012)


def _verdicts(day: SourceDay) -> Iterator[bool]:
    """On time or not, for each case due within the 30 days, by the city's rule."""
    book, zone = calendar("CN"), chengdu().tz
    closed = latest(day, Stage.CLOSED, Stage.CLOSED_AGAIN)
    is_open = (day.times[:, Stage.REOPENED] < UNTIL) & (day.times[:, Stage.CLOSED_AGAIN] >= UNTIL)
    closed = np.where(is_open, NEVER, closed)
    limit = chengdu().due_rules["appeal"][-1].length
    dispatched = day.times[:, Stage.DISPATCHED]
    for sent, done in zip(dispatched.tolist(), closed.tolist(), strict=True):
        if sent != NEVER:
            start = datetime.fromtimestamp(sent / 1e6, UTC)
            due = book.add_workdays(start, limit, zone).timestamp() * 1e6
            if SINCE <= due < UNTIL:
                yield done <= due


def test_35_days_bring_8700_cases_each(days: list[SourceDay]) -> None:
    assert sum(map(len, days)) / 35 == pytest.approx(8700, rel=0.02)


@pytest.mark.parametrize("end", [date(2026, 3, 10), date(2026, 10, 12), date(2027, 1, 20)])
def test_holidays_do_not_change_the_mean_of_35_days(end: date) -> None:
    book = almanac("CN", chengdu().tz, end.year)
    levels = [book.level(end - timedelta(days=n)) for n in range(35)]
    assert sum(levels) / 35 == pytest.approx(1, abs=0.02)


def test_holidays_are_quiet_and_adjusted_weekends_are_working_days() -> None:
    book = almanac("CN", chengdu().tz, 2026)
    assert book.level(date(2026, 10, 1)) < 0.85
    assert book.level(date(2026, 2, 14)) > 0.95


def test_mean_reply_takes_between_four_and_five_working_days(days: list[SourceDay]) -> None:
    book, zone = calendar("CN"), chengdu().tz
    taken = []
    for day in days[::10]:
        for row in day.times.tolist():
            if row[Stage.DISPATCHED] != NEVER and SINCE <= row[Stage.CLOSED] < UNTIL:
                sent, replied = (
                    datetime.fromtimestamp(row[stage] / 1e6, UTC)
                    for stage in (Stage.DISPATCHED, Stage.REPLIED)
                )
                taken.append(book.workdays_between(sent, replied, zone))
    assert 4.0 < sum(taken) / len(taken) < 5.0


def test_shares_of_natures_are_those_of_the_bulletin(
    days: list[SourceDay], shared_data: Path
) -> None:
    bulletin = json.loads((shared_data / "chengdu_bulletins.json").read_text())["bulletins"][0]
    counted = Counter(int(one) for day in days for one in day.nature)
    for index, name in enumerate(shape.NATURES):
        published = bulletin["nature"][name] / bulletin["received_total"]
        assert counted[index] / counted.total() == pytest.approx(published, abs=0.003)


def test_the_bulletin_s_share_is_dispatched_and_the_rest_closed_within_minutes(
    days: list[SourceDay],
) -> None:
    times = np.concatenate([day.times for day in days])
    dispatched = times[:, Stage.DISPATCHED] != NEVER
    assert dispatched.mean() == pytest.approx(72_838 / 174_015, abs=0.003)
    desk = times[~dispatched]
    minutes = (desk[:, Stage.CLOSED] - desk[:, Stage.RECEIVED]) / 60e6
    assert minutes.max() < 60


def test_the_day_peaks_in_office_hours_and_sleeps_before_dawn(days: list[SourceDay]) -> None:
    start = np.concatenate([np.full(len(d), stamp(d.day, chengdu().tz)) for d in days])
    received = np.concatenate([day.times[:, Stage.RECEIVED] for day in days])
    hours = np.bincount((received - start) // 3_600_000_000, minlength=24)
    assert set(np.argsort(hours)[-5:]) == {9, 10, 14, 15, 16}
    assert set(np.argsort(hours)[:2]) == {3, 4}


def test_districts_differ_and_move_slowly() -> None:
    gaoxin, jianyang = (setting(chengdu_sources()[one], chengdu()) for one in ("5101gx", "510185"))
    assert gaoxin.resolution - jianyang.resolution > 0.03


def test_cases_a_day_and_rates_of_the_pack_add_up_to_the_published_ones() -> None:
    settings = [setting(one, chengdu()) for one in chengdu_sources().values()]
    total = sum(one.cases_per_day for one in settings)
    assert (len(settings), total) == (23, 8700)
    for rate_of, published in (("resolution", 0.8394), ("satisfaction", 0.8571), ("on_time", 0.96)):
        mean = sum(one.cases_per_day * getattr(one, rate_of) for one in settings) / total
        assert mean == pytest.approx(published, abs=0.0002)


def test_all_numbers_of_cases_have_letters_of_their_own() -> None:
    prefixes = [setting(one, chengdu()).prefix for one in chengdu_sources().values()]
    assert len(set(prefixes)) == 23


def test_no_life_is_longer_than_the_agenda_looks_back(days: list[SourceDay]) -> None:
    ends = np.concatenate([np.where(d.times == NEVER, 0, d.times).max(axis=1) for d in days])
    start = np.concatenate([np.full(len(d), stamp(d.day, chengdu().tz)) for d in days])
    assert (ends - start).max() / 86_400_000_000 < LIFE_DAYS


def test_stages_of_every_case_come_one_after_the_other(days: list[SourceDay]) -> None:
    order = [stage for stage in Stage if stage is not Stage.RETURNED]
    for day in days[::35]:
        reached = np.where(day.times == NEVER, day.times.min() - 1, day.times)[:, order]
        known = np.where(
            day.times[:, order] == NEVER, np.maximum.accumulate(reached, axis=1), reached
        )
        assert (np.diff(known, axis=1) >= 0).all()


def test_some_cases_are_returned_suspended_or_extended(days: list[SourceDay]) -> None:
    times = np.concatenate([day.times for day in days])
    dispatched = (times[:, Stage.DISPATCHED] != NEVER).sum()
    shares = {
        stage: (times[:, stage] != NEVER).sum() / dispatched
        for stage in (Stage.RETURNED, Stage.SUSPENDED, Stage.EXTENDED)
    }
    assert shares[Stage.RETURNED] == pytest.approx(0.04, abs=0.004)
    assert shares[Stage.SUSPENDED] == pytest.approx(0.03, abs=0.004)
    assert 0.01 < shares[Stage.EXTENDED] < 0.04
    suspended = times[times[:, Stage.SUSPENDED] != NEVER]
    assert (suspended[:, Stage.RESUMED] > suspended[:, Stage.SUSPENDED]).all()


def test_each_category_is_complained_about_in_at_least_eight_ways() -> None:
    assert min(len(set(one.titles)) for one in words().categories) >= 8

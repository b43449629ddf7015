"""A working afternoon of a city, made by hand: everything live, nothing wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from centre.domain.places import CITY, City
from centre.domain.status import Freshness
from centre.snapshots.cells import Address, Cell, Due, Hours, Series, Share, Snapshot, SourceState

NOW = datetime(2026, 6, 16, 14, 7, tzinfo=UTC) - timedelta(hours=8)
RECEIVED = "appeal.received.count"

_RATES = {
    "appeal.resolution_rate": (0.8394, 261_204),
    "appeal.satisfaction_rate": (0.8571, 118_330),
    "appeal.on_time_rate": (0.9597, 241_870),
    "appeal.direct_answer_rate": (0.3127, 261_204),
    "appeal.overdue_rate": (0.0301, 179_530),
    "appeal.reopen_rate": (0.0212, 251_000),
    "appeal.repeat_rate": (0.0871, 261_204),
    "channel.12345.connect_rate": (0.9664, 140_220),
}
_OTHERS = {
    "appeal.received.daily_avg": 8712.0,
    "appeal.mailbox.count": 2732.0,
    "appeal.backlog.count": 18_420.0,
    "appeal.reply_workdays.mean": 4.37,
    "appeal.closed.count": 5120.0,
    "appeal.dispatched.count": 3770.0,
    "channel.12345.calls": 3742.0,
    "channel.mobile.count": 688.0,
    "channel.new_media_hall.count": 264.0,
    "channel.business_mailbox.count": 147.0,
    "channel.secretary_mailbox.count": 121.0,
    "channel.weibo.services_total": 163_402.0,
}
_DAY = (4, 3, 2, 2, 4, 12, 38, 120, 590, 981, 902, 760, 540, 690, 700, 690, 610, 470, 330, 260)
_DAY_SHAPE = (*_DAY, 240, 170, 90, 40)


def working_day(city: City) -> Snapshot:
    """Everything live, nothing wrong."""
    rng = random.Random(city.id)
    weights = {unit.code: rng.uniform(0.3, 1.6) for unit in city.units}
    usual = _spread(5260 if city.clock == "now" else 140, weights)
    today = {code: round(count * rng.uniform(0.9, 1.1)) for code, count in usual.items()}
    return Snapshot(
        seq=41,
        published_at=NOW,
        city_now=NOW,
        clock=city.clock,
        cells=_cells(city, today, usual, rng),
        series=_series(city, rng),
        hours=_hours(today, usual, rng),
        shares=_shares(city, sum(today.values()), rng),
        dues=_dues(city, rng),
        sources=tuple(_source(city, unit.code) for unit in city.units),
        filled_days=35,
        total_days=35,
        synthetic=city.clock == "now",
    )


def _spread(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    whole = sum(weights.values())
    return {key: round(total * one / whole) for key, one in weights.items()}


def _cell(num: float | None, den: float | None = None, units: int = 1) -> Cell:
    return Cell(
        num=num,
        den=den,
        as_of=NOW - timedelta(seconds=40),
        freshness=Freshness.LIVE,
        present=units,
        expected=units,
        figure="f00d",
    )


def _cells(
    city: City, today: Mapping[str, int], usual: Mapping[str, int], rng: random.Random
) -> dict[Address, Cell]:
    centres = len(city.centres)
    cells = {
        Address(RECEIVED, CITY): _cell(sum(today.values()), units=centres),
        Address(RECEIVED, CITY, "week"): _cell(round(sum(today.values()) * 0.95), units=centres),
        Address(RECEIVED, CITY, "usual"): _cell(sum(usual.values()), units=centres),
    }
    for code, count in today.items():
        cells[Address(RECEIVED, code)] = _cell(count)
        cells[Address(RECEIVED, code, "week")] = _cell(round(count * rng.uniform(0.9, 1.1)))
        cells[Address(RECEIVED, code, "usual")] = _cell(usual[code])
    for metric, (rate, den) in _RATES.items():
        cells[Address(metric, CITY)] = _cell(rate * den, den, centres)
        cells[Address(metric, CITY, "week")] = _cell((rate - 0.0033) * den, den, centres)
        for unit in city.units:
            own = min(0.999, rate * rng.uniform(0.97, 1.03))
            cells[Address(metric, unit.code)] = _cell(own * 1000, 1000)
    for metric, number in _OTHERS.items():
        den = 30.0 if metric == "appeal.received.daily_avg" else None
        cells[Address(metric, CITY)] = _cell(number * (den or 1), den, centres)
        cells[Address(metric, CITY, "week")] = _cell(number * 0.97 * (den or 1), den, centres)
    return cells


def _series(city: City, rng: random.Random) -> dict[tuple[str, str], Series]:
    first = date(2026, 5, 17)
    codes = (CITY, *(unit.code for unit in city.units))
    series = {}
    for code in codes:
        level = 8712 if code == CITY else 390
        week = (1, 1.02, 0.99, 0.98, 0.96, 0.62, 0.55)
        num = tuple(level * week[(at + 6) % 7] * rng.uniform(0.97, 1.03) for at in range(30))
        series[RECEIVED, code] = Series(first=first, num=num)
        for metric, (rate, _) in _RATES.items():
            den = tuple(8000.0 for _ in range(30))
            ups = tuple(8000 * rate * rng.uniform(0.99, 1.01) for _ in range(30))
            series[metric, code] = Series(first=first, num=ups, den=den)
    for metric, number in _OTHERS.items():
        num = tuple(number * rng.uniform(0.94, 1.04) for _ in range(30))
        series[metric, CITY] = Series(first=first, num=num)
    return series


def _hours(
    today: Mapping[str, int], usual: Mapping[str, int], rng: random.Random
) -> dict[str, Hours]:
    hours = {}
    seen = sum(_DAY_SHAPE[:14])
    totals = {**today, CITY: sum(today.values())}
    expected = {**usual, CITY: sum(usual.values())}
    for code, total in totals.items():
        ticks = tuple(float(one) * expected[code] / seen for one in _DAY_SHAPE)
        bars = [round(one * total / seen * rng.uniform(0.92, 1.08)) for one in _DAY_SHAPE[:14]]
        hours[code] = Hours(today=(*bars, max(0, total - sum(bars)), *(None,) * 9), usual=ticks)
    return hours


def _shares(city: City, total: int, rng: random.Random) -> dict[tuple[str, str], tuple[Share, ...]]:
    shares = {}
    for dimension, falling in (("category", 0.85), ("channel", 0.45)):
        codes = tuple(city.codes.get(dimension, {})) or ("Pothole & Street Issues", "Graffiti", "")
        counts = _spread(total, {code: falling**at for at, code in enumerate(codes)})
        shares[dimension, CITY] = tuple(
            Share(key=code, today=count, usual=round(count * rng.uniform(0.85, 1.1)))
            for code, count in counts.items()
        )
    return shares


def _dues(city: City, rng: random.Random) -> dict[str, Due]:
    dues = {
        unit.code: Due(
            open=rng.randint(300, 1200), lapses_today=rng.randint(4, 25), overdue=rng.randint(3, 48)
        )
        for unit in city.units
    }
    total = Due(
        open=sum(one.open for one in dues.values()),
        lapses_today=sum(one.lapses_today for one in dues.values()),
        overdue=sum(one.overdue for one in dues.values()),
    )
    return {**dues, CITY: total}


def _source(city: City, code: str) -> SourceState:
    unit = city.by_code[code]
    return SourceState(
        id=f"sim-{code}",
        zh=f"{unit.name.zh}诉求系统",
        en=f"{unit.name.en} ticket system",
        unit=code,
        adapter="simulated",
        state=Freshness.LIVE,
        synthetic=city.clock == "now",
        interval_seconds=300,
        contact=f"{unit.name.zh}值班室 028-0000 0000",
        as_of=NOW - timedelta(seconds=40),
        succeeded_at=NOW - timedelta(seconds=40),
        lag_seconds=40,
        filled_days=35,
        total_days=35,
    )

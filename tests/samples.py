"""Snapshots made by hand for the screens: every state in which a wall can be found.

`sample_snapshot(city, "live")` is a working afternoon with a surge in one unit; the other states
are what goes wrong with it. Numbers add up: units = hours = categories = channels.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from centre.citypack.load import load_city
from centre.domain.places import CITY, City, Name, Target
from centre.domain.status import Freshness
from centre.metrics.registry import METRICS
from centre.snapshots.cells import (
    Address,
    Alert,
    Cell,
    Due,
    Hours,
    Series,
    Share,
    Snapshot,
    SourceState,
)

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 6, 16, 14, 7, tzinfo=UTC) - timedelta(hours=8)
STATES = ("live", "calm", "down", "all_down", "target", "empty", "stale", "filling", "history")
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


@lru_cache
def chengdu(with_targets: bool = False) -> City:
    """The default city; with targets, which its pack does not set."""
    city = load_city(ROOT / "conf" / "chengdu")
    if not with_targets:
        return city
    note = Name(zh="示例", en="example")
    values = {"appeal.resolution_rate": 0.85, "appeal.satisfaction_rate": 0.85}
    values["appeal.on_time_rate"] = 0.95
    targets = {key: Target(metric=key, value=one, note=note) for key, one in values.items()}
    return replace(city, targets=targets)


@lru_cache
def san_francisco() -> City:
    """A finished city without boundaries."""
    return load_city(ROOT / "conf" / "sanfrancisco")


def sample_snapshot(city: City, state: str = "live") -> Snapshot:
    """One of STATES."""
    if state == "empty":
        return Snapshot(seq=0, published_at=NOW, city_now=NOW, clock=city.clock)
    return _CHANGES[state](_working_day(city), city)


def _working_day(city: City) -> Snapshot:
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


def _with_cells(snapshot: Snapshot, cells: Mapping[Address, Cell]) -> Snapshot:
    return replace(snapshot, cells={**snapshot.cells, **cells})


def _surge(snapshot: Snapshot, city: City) -> Snapshot:
    """One unit at 2.5 times its usual, one source down, one unit busy."""
    code = "510117" if "510117" in city.by_code else city.units[3].code
    usual = snapshot.cell(RECEIVED, code, "usual").num or 0
    cell = replace(snapshot.cell(RECEIVED, code), num=round(usual * 2.5))
    surge = Alert(kind="surge", unit=code, value=cell.num, limit=usual)
    hours = snapshot.hours[code]
    raised = tuple(
        one and round(one * (3.4 if at > 8 else 1)) for at, one in enumerate(hours.today)
    )
    louder = {**snapshot.hours, code: replace(hours, today=raised)}
    busy = replace(_with_cells(snapshot, {Address(RECEIVED, code): cell}), hours=louder)
    categories = (
        Share(key="utilities", today=402, usual=31),
        Share(key="noise", today=77, usual=60),
    )
    return replace(busy, alerts=(surge,), shares={**busy.shares, ("category", code): categories})


def _live(snapshot: Snapshot, city: City) -> Snapshot:
    """A surge leads; a source is down and a target missed as well."""
    surged = _surge(snapshot, city)
    silent = _silence(surged, city, ("510129",) if "510129" in city.by_code else ("dogpatch",))
    missed = Alert(
        kind="target_missed",
        unit=CITY,
        metric="appeal.resolution_rate",
        value=0.8394,
        limit=0.85,
    )
    return replace(silent, alerts=(*surged.alerts, *silent.alerts[1:], missed))


def _silence(snapshot: Snapshot, city: City, codes: tuple[str, ...]) -> Snapshot:
    """These units say nothing since 42 minutes; totals go on without them."""
    since = NOW - timedelta(minutes=42)
    cells = {}
    for address, cell in snapshot.cells.items():
        if address.unit in codes and address.window == "now":
            cells[address] = replace(
                cell,
                freshness=Freshness.DOWN,
                as_of=since,
                present=0,
                missing=(address.unit,),
                usual_share=1.0,
            )
        elif address.unit == CITY and address.window == "now":
            gone = sum(snapshot.cell(address.metric, code).num or 0 for code in codes)
            num = (cell.num or 0) - gone if address.metric == RECEIVED else cell.num
            present = len(city.centres) - len(codes)
            share = min(0.02 * len(codes), 1.0)
            cells[address] = replace(
                cell, num=num, present=present, missing=codes, usual_share=share
            )
    sources = tuple(
        replace(one, state=Freshness.DOWN, as_of=since, lag_seconds=2520.0, failures=9)
        if one.unit in codes
        else one
        for one in snapshot.sources
    )
    alerts = tuple(
        Alert(kind="source_down", unit=code, source=f"sim-{code}", since=since) for code in codes
    )
    return replace(
        _with_cells(snapshot, cells), sources=sources, alerts=(*snapshot.alerts, *alerts)
    )


def _down(snapshot: Snapshot, city: City) -> Snapshot:
    return _silence(snapshot, city, ("510129",) if "510129" in city.by_code else ("dogpatch",))


def _all_down(snapshot: Snapshot, city: City) -> Snapshot:
    """Nobody says anything: cells keep their last value and are down."""
    codes = tuple(unit.code for unit in city.units)
    silent = _silence(snapshot, city, codes)
    since = NOW - timedelta(minutes=42)
    cells = {
        address: replace(
            cell, freshness=Freshness.DOWN, as_of=since, present=0, missing=codes, usual_share=1.0
        )
        for address, cell in snapshot.cells.items()
        if address.window == "now"
    }
    return _with_cells(silent, cells)


def _target(snapshot: Snapshot, city: City) -> Snapshot:
    missed = Alert(
        kind="target_missed", unit=CITY, metric="appeal.resolution_rate", value=0.8394, limit=0.85
    )
    return replace(snapshot, alerts=(missed,))


def _stale(snapshot: Snapshot, city: City) -> Snapshot:
    """Figures of one age each: late, stale, and the rest live."""
    ages = {RECEIVED: (Freshness.LATE, 12), "appeal.resolution_rate": (Freshness.STALE, 167)}
    cells = {
        address: replace(
            cell,
            freshness=ages[address.metric][0],
            as_of=NOW - timedelta(minutes=ages[address.metric][1]),
        )
        for address, cell in snapshot.cells.items()
        if address.metric in ages and address.window == "now"
    }
    return _with_cells(snapshot, cells)


def _filling(snapshot: Snapshot, city: City) -> Snapshot:
    """Twenty seconds after the first start: today is there, hardly any history."""
    cells = {
        address: cell
        for address, cell in snapshot.cells.items()
        if address.window == "now" and address.metric not in ("appeal.received.daily_avg",)
    }
    hours = {code: replace(one, usual=(None,) * 24) for code, one in snapshot.hours.items()}
    shares = {
        key: tuple(replace(one, usual=None) for one in many)
        for key, many in snapshot.shares.items()
    }
    series = {
        key: replace(
            one,
            num=(*(None,) * 18, *one.num[18:]),
            den=one.den and (*(None,) * 18, *one.den[18:]),
        )
        for key, one in snapshot.series.items()
    }
    return replace(snapshot, cells=cells, hours=hours, shares=shares, series=series, filled_days=12)


def _history(snapshot: Snapshot, city: City) -> Snapshot:
    """A finished city: its clock stands at its last record."""
    last = datetime(2019, 6, 30, 6, 7, tzinfo=UTC)
    cells = {address: replace(cell, as_of=last) for address, cell in snapshot.cells.items()}
    old = replace(snapshot, clock="latest", city_now=last, synthetic=False)
    return _with_cells(old, cells)


_CHANGES = {
    "live": _live,
    "calm": lambda snapshot, city: snapshot,
    "down": _down,
    "all_down": _all_down,
    "target": _target,
    "stale": _stale,
    "filling": _filling,
    "history": _history,
}

ALL_METRICS = METRICS
"""For views: the real registry."""

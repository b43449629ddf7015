"""Snapshots made by hand for the screens: every state in which a wall can be found.

`sample_snapshot(city, "live")` is a working afternoon with a surge in one unit; the other states
are what goes wrong with it. Numbers add up: units = hours = categories = channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from centre.citypack.load import load_city
from centre.domain.places import CITY, City, Name, Target
from centre.domain.status import Freshness
from centre.snapshots.cells import Address, Alert, Cell, Share, Snapshot
from tests.working_day import NOW, RECEIVED, working_day

ROOT = Path(__file__).parent.parent
STATES = ("live", "calm", "down", "all_down", "target", "empty", "stale", "filling", "history")


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
    return _CHANGES[state](working_day(city), city)


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

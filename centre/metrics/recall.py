"""A figure computed again as it was at its moment, whatever became known since.

seq ── moment ──> the city's clock and its sources of then
Asked, Moment ── recall ──> Recalled: num, den, coverage, clocks, period
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from centre.domain.periods import day_start, local_day
from centre.domain.places import CITY
from centre.domain.scope import Scope
from centre.domain.status import Freshness
from centre.metrics import evaluate, forecast
from centre.metrics.asked import COUNTED, Asked
from centre.metrics.asking import Asking, Recalled
from centre.metrics.questions import Group, OutOfScope, Question, Value
from centre.metrics.window import window
from centre.snapshots.cells import NO_CELL, Address, Cell, SourceState

WEEK = timedelta(days=7)


def recall(asking: Asking, asked: Asked) -> Recalled:
    """The figure as it was. Raise CannotAnswer where the asker may not see it."""
    named = next(name for name in _KINDS if name in asked.query)
    if named not in ("from", "by", "ledger") and not _sees(asking.scope, asked.unit):
        raise OutOfScope(f'"{asked.unit}" is outside of what you may see')
    found = _KINDS[named](asking, asked)
    now = asked.now or asking.moment.now
    return replace(found, is_running=found.end is not None and found.end >= now)


def _sees(scope: Scope, unit: str) -> bool:
    """Screens show the city's figures to those alone who may see all of it."""
    return scope.units is None if unit == CITY else scope.allows_unit(unit)


def _cell(asking: Asking, asked: Asked) -> Recalled:
    query, metric = asked.query, asking.metric(asked)
    cell = asking.board(asked).cells.get(Address(metric.id, asked.unit, query["window"]), NO_CELL)
    start, end = window(metric, asking.moment.now, asking.city.tz)
    back = WEEK if query["window"] == "week" else timedelta()
    return Recalled(num=cell.num, den=cell.den, cell=cell, start=start - back, end=end - back)


def _beside(asking: Asking, asked: Asked, metric: str = COUNTED) -> Cell:
    """The cell whose coverage and clocks a number of the same time has."""
    return asking.board().cells.get(Address(metric, asked.unit), NO_CELL)


def _point(asking: Asking, asked: Asked) -> Recalled:
    metric, day = asking.metric(asked), date.fromisoformat(asked.query["day"])
    series = asking.board(asked).series.get((metric.id, asked.unit))
    place = (day - series.first).days if series else -1
    start, end = (day_start(one, asking.city.tz) for one in (day, day + timedelta(days=1)))
    cell = _beside(asking, asked, metric.id)
    if series is None or not 0 <= place < len(series.num):
        return Recalled(num=None, cell=_without(cell, (), asking), start=start, end=end)
    missing = series.missing[place] if series.missing else ()
    return Recalled(
        num=series.num[place],
        den=series.den[place] if series.den else None,
        cell=replace(_without(cell, missing, asking), revised=day in series.revised),
        start=start,
        end=end,
    )


def _without(cell: Cell, missing: tuple[str, ...], asking: Asking) -> Cell:
    """The coverage of a day, from that of the whole: those missing on it are not in it."""
    centres = {one.code for one in asking.city.centres}
    absent = len(centres.intersection(missing)) if cell.expected > 1 else len(missing)
    expected = max(cell.expected, absent)
    return replace(cell, missing=missing, present=expected - absent, usual_share=None)


def _hour(asking: Asking, asked: Asked) -> Recalled:
    query, hours = asked.query, asking.board().hours.get(asked.unit)
    line = () if hours is None else hours.today if query["window"] == "now" else hours.usual
    day = day_start(local_day(asking.moment.now, asking.city.tz), asking.city.tz)
    start = day + timedelta(hours=query["hour"])
    num = line[query["hour"]] if query["hour"] < len(line) else None
    cell = _beside(asking, asked)
    return Recalled(num=num, cell=cell, start=start, end=start + timedelta(hours=1))


def _share(asking: Asking, asked: Asked) -> Recalled:
    query, metric = asked.query, asking.metric(asked)
    shares = asking.board().shares.get((query["dim"], asked.unit), ())
    one = next((share for share in shares if share.key == query["key"]), None)
    num = None if one is None else one.today if query["window"] == "now" else one.usual
    start, end = window(metric, asking.moment.now, asking.city.tz)
    return Recalled(num=num, cell=_beside(asking, asked), start=start, end=end)


def _due(asking: Asking, asked: Asked) -> Recalled:
    clock, now = asked.query["clock"], asking.moment.now
    if clock in forecast.CLOCKS:
        place, at = (asking.conn, asking.city, asked.unit), asking.moment.at
        num = forecast.amount(forecast.of_unit(*place, now, asking.scope, at=at), clock)
    else:
        due = asking.board().dues.get(asked.unit)
        num = getattr(due, clock) if due else None
    return Recalled(num=num, cell=_beside(asking, asked), end=asking.moment.now)


def _count(asking: Asking, asked: Asked) -> Recalled:
    """Rows of a source, as counted then: deliveries without news leave no other trace.

    None where the snapshot of that moment is no longer kept.
    """
    one = asking.moment.counted.get(asked.query["source"])
    if one is None:
        return Recalled(num=None, end=asking.moment.now)
    if not asking.scope.allows_source(one.unit):
        raise OutOfScope(f'"{one.id}" is outside of what you may see')
    num = getattr(one, asked.query["count"])
    return Recalled(num=num, cell=_clocks_of(one), end=asking.moment.now)


def _clocks_of(one: SourceState) -> Cell:
    """What a number of one source has beside it."""
    return Cell(
        num=None,
        as_of=one.as_of,
        event_at=one.event_at,
        received_at=one.received_at,
        freshness=_freshness(one),
        present=1,
        expected=1,
    )


def _ledger(asking: Asking, asked: Asked) -> Recalled:
    """How a source, a unit or the city delivered, as known then."""
    query, zone = asked.query, asking.city.tz
    source, name = query.get("source"), query["ledger"]
    state = next((one for one in asking.moment.sources if one.id == source), None)
    is_seen = asking.scope.allows_source(state.unit) if state else _sees(asking.scope, asked.unit)
    if not is_seen:
        raise OutOfScope(f'"{source or asked.unit}" is outside of what you may see')
    found, day = asking.quality(), query.get("day")
    on = date.fromisoformat(day) if day else None
    line = found.line(source=source, unit=asked.unit)
    if source is None and asked.unit == CITY:
        num, den = found.city(name)
    else:
        told = line.on(on) if line and on else line
        num, den = told.amount(name) if told else (None, None)
    first, last = (on, on) if on else (found.days.first, found.days.last)
    end = min(day_start(last + timedelta(days=1), zone), asking.moment.now)
    clocks = _clocks_of(state) if state and line else NO_CELL
    return Recalled(num=num, den=den, cell=clocks, start=day_start(first, zone), end=end)


def _freshness(one: SourceState) -> Freshness:
    return Freshness.DOWN if one.state == "paused" else Freshness(one.state)


def _asked(asking: Asking, asked: Asked) -> Recalled:
    """What the interface or the desk asked for: any period, a row of it by `key`."""
    query, now = asked.query, asked.now or asking.moment.now
    if "from" in query:
        start, end = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
    else:
        start, end = window(asking.metric(asked), now, asking.city.tz)
    question = Question(
        metric=asked.metric,
        unit=asked.unit,
        start=start,
        end=end,
        by=query.get("by"),
        version=asked.version,
        within=tuple(sorted(query.get("within", {}).items())),
    )
    found = evaluate.value(
        asking.conn,
        asking.city,
        question,
        asking.scope,
        now,
        sources=asking.moment.sources,
        metrics=asking.metrics,
        at=asking.moment.at,
    )
    return _of_value(found, query.get("key"))


def _of_value(found: Value, key: str | None) -> Recalled:
    one: Value | Group | None = found
    if key is not None:
        one = next((group for group in found.groups if group.key == key), _unnamed(found))
    if one is None:
        cell, num, den = NO_CELL, None, None
    else:
        cell, num, den = _covered(found, one), one.num, one.den
    return Recalled(num=num, den=den, cell=cell, start=found.start, end=found.end)


def _unnamed(found: Value) -> Value | None:
    """A row that a count does not name has had none; of a rate or where all is silent: unknown."""
    return replace(found, num=0.0) if found.num is not None and found.den is None else None


def _covered(found: Value, one: Value | Group) -> Cell:
    there = one.coverage
    return Cell(
        num=one.num,
        den=one.den,
        as_of=found.as_of,
        freshness=found.freshness,
        present=there.present,
        expected=there.expected,
        missing=there.missing,
        usual_share=there.usual_share,
        withheld=there.withheld,
        revised=one.revised,
    )


_KINDS: Mapping[str, Callable[[Asking, Asked], Recalled]] = {
    "ledger": _ledger,
    "clock": _due,
    "count": _count,
    "hour": _hour,
    "day": _point,
    "dim": _share,
    "from": _asked,
    "by": _asked,
    "window": _cell,
}
"""The word that only this kind of question has, most telling first."""

"""A row in our words -> a record, or the field and the reason why it was refused whole.

    Words ── read each field ── check them together ──> Case | Reading | Asset
                   └──────────────┴─────── bad ───────> Rejected(field, reason, detail, masked row)

A field whose map says `on_bad = "blank"` is blanked instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain import due, fields, geo, pauses
from centre.domain.masking import mask, masked
from centre.domain.memo import per_identity
from centre.domain.places import UNASSIGNED, City
from centre.domain.records import PAUSES, Asset, Case, Reading, Record, Rejected
from centre.domain.sources import SourceConfig
from centre.domain.times import microseconds
from centre.domain.values import Reader, clean, shown
from centre.domain.words import BadValue, Reason, Words
from centre.domain.workdays import Calendar, calendar, grained

SKEW = timedelta(minutes=5)
"""How far a source's clock may be ahead of ours (reliability: A9)."""

Got = dict[str, Any]


class _Refused(Exception):
    """Stops the reading of one row."""

    def __init__(self, field: str, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.field, self.reason, self.detail = field, reason, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is the same for every row of a source."""

    config: SourceConfig
    city: City
    zone: ZoneInfo
    calendar: Calendar
    readers: Mapping[str, Mapping[str, Reader]]  # record -> field -> reader
    blanks: frozenset[str]  # fields that are blanked when bad
    streets: Mapping[tuple[str, str], str]  # (unit, folded name) -> code


def parse(words: Words, *, config: SourceConfig, city: City, now: datetime) -> Record | Rejected:
    """Judge one row. Never raises, whatever the row holds."""
    plan = _plan(config, city)
    try:
        kind = _record(words, plan)
        return _BUILD[kind](_read(words, kind, plan), plan, now, words)
    except _Refused as bad:
        return _rejected(words, plan, bad)
    except Exception as error:  # a row that we did not think of must not stop the others
        return _rejected(
            words, plan, _Refused("row", "unreadable", f"{type(error).__name__}: {error}")
        )


@per_identity
def _plan(config: SourceConfig, city: City) -> _Plan:
    streets = {
        (unit.code, text.casefold()): street.code
        for unit in city.units
        for street in unit.streets
        for text in (street.name.zh, street.name.en, street.code)
    }
    return _Plan(
        config=config,
        city=city,
        zone=city.tz,
        calendar=calendar(city.calendar),
        readers={kind: fields.readers(kind, config, city) for kind in fields.RECORDS},
        blanks=frozenset(name for name, one in config.fields.items() if one.on_bad == "blank"),
        streets=streets,
    )


def _record(words: Words, plan: _Plan) -> str:
    """Which of the three this row is."""
    if plan.config.record != "mixed":
        return plan.config.record
    word = words.values.get("record")
    if word not in _BUILD:
        raise _Refused("record", "unknown_word", f"{shown(word)} is not case, reading or asset")
    return str(word)


def _read(words: Words, kind: str, plan: _Plan) -> Got:
    """Every field of the row that has something in it."""
    readers, got = plan.readers[kind], {}
    for problem in words.problems:
        if problem.field in readers and problem.field not in plan.blanks:
            raise _Refused(problem.field, problem.reason, problem.detail)
    for field, word in words.values.items():
        if word is None or word == "" or field not in readers:
            continue
        try:
            value = readers[field](word)
        except BadValue as bad:
            if field in plan.blanks:
                continue
            raise _Refused(field, bad.reason, bad.detail) from bad
        if value is not None:
            got[field] = value
    return got


def _require(got: Got, *names: str) -> None:
    for name in names:
        if name not in got:
            raise _Refused(name, "missing", f"{name} is blank, and no record is kept without it")


def _give_up(got: Got, plan: _Plan, bad: _Refused) -> None:
    """Blank the field where its map says so, else refuse the row."""
    if bad.field not in plan.blanks:
        raise bad
    got.pop(bad.field, None)


def _case(got: Got, plan: _Plan, now: datetime, words: Words) -> Case:
    _happened(got, fields.CASE_TIMES, plan, now)
    _require(got, "key", "received_at")
    if "closed_at" in got and got["closed_at"] < got["received_at"]:
        _closed_first(got, plan, words)
    _place(got, plan)
    _pauses(got, plan, now)
    _version(got, fields.CASE_TIMES, pauses.moments(got.get("pauses", ()), now + SKEW))
    _handler(got, plan)
    if "category" not in got and "category_path" in got:
        got["category"] = got["category_path"].split("/", 1)[0].strip()[:128] or None
    if "due_at" not in got:
        got["due_at"] = _due(got, plan)
    if "dispatched_at" in got and "replied_at" in got:
        start, end = got["dispatched_at"], got["replied_at"]
        if start <= end:  # stages may arrive out of order; a time that is less than none is none
            got["reply_workdays"] = grained(plan.calendar.workdays_between(start, end, plan.zone))
    return Case(source=plan.config.id, **got)


def _closed_first(got: Got, plan: _Plan, words: Words) -> None:
    """In the night the clocks go back, a case received 01:50 may well be closed 01:10."""
    received, word = got["received_at"], words.values["closed_at"]
    closed = plan.readers["case"]["closed_at"](word, fold=1)
    if closed >= received:
        got["closed_at"] = closed
        return
    detail = f"closed at {closed.isoformat()}, received at {received.isoformat()}"
    _give_up(got, plan, _Refused("closed_at", "closed_before_received", detail))


def _reading(got: Got, plan: _Plan, now: datetime, _: Words) -> Reading:
    _happened(got, ("at",), plan, now)
    _require(got, "series", "at", "value")
    got.setdefault("unit", plan.config.unit or UNASSIGNED)
    _version(got, ("at",))
    return Reading(source=plan.config.id, **got)


def _asset(got: Got, plan: _Plan, now: datetime, _: Words) -> Asset:
    _happened(got, ("since",), plan, now)
    _require(got, "key", "kind", "state", "since")
    _place(got, plan)
    _version(got, ("since",))
    return Asset(source=plan.config.id, **got)


_BUILD: Mapping[str, Callable[[Got, _Plan, datetime, Words], Record]] = {
    "case": _case,
    "reading": _reading,
    "asset": _asset,
}


def _happened(got: Got, names: tuple[str, ...], plan: _Plan, now: datetime) -> None:
    """Nothing that has happened lies in the future; a few minutes are a clock that is ahead."""
    limit = now + SKEW
    for name in names:
        instant = got.get(name)
        if instant is not None and instant > limit:
            clock = now.isoformat(timespec="seconds")
            detail = f"{instant.isoformat()} lies in the future; now it is {clock}"
            _give_up(got, plan, _Refused(name, "future", detail))


def _version(got: Got, names: tuple[str, ...], others: Iterable[datetime] = ()) -> None:
    """Without a version of the source, its newest event counts; a due time is no event."""
    if "source_version" not in got:
        times = (*(got[name] for name in names if name in got), *others)
        got["source_version"] = microseconds(max(times))


def _place(got: Got, plan: _Plan) -> None:
    """Unit, street and point."""
    unit = got.setdefault("unit", plan.config.unit or UNASSIGNED)
    if plan.streets and "street" in got:
        street = got["street"]
        got["street"] = plan.streets.get((unit, street.casefold()), street)
    if "lon" in got or "lat" in got:
        _point(got, plan)


def _point(got: Got, plan: _Plan) -> None:
    """Half a point and 0, 0 (a form's blank) are no point; one off the globe is bad."""
    lon, lat = got.pop("lon", None), got.pop("lat", None)
    if lon is None or lat is None or (lon == 0 and lat == 0):
        return
    for name, value, most in (("lon", lon, 180), ("lat", lat, 90)):
        if not -most <= value <= most:
            detail = f"{name} {value:g} is not between -{most} and {most}"
            return _give_up(got, plan, _Refused(name, "out_of_range", detail))
    got["lon"], got["lat"] = geo.to_wgs84(lon, lat, plan.config.crs)


def _handler(got: Got, plan: _Plan) -> None:
    """A handler that is a unit of the city becomes its code; any other is a department's name."""
    name = got.get("handler")
    if name is None or got.get("handler_kind") == "department":
        return
    unit = plan.city.resolve(name)
    if unit is not None:
        got["handler"] = unit
        got.setdefault("handler_kind", "district")


def _pauses(got: Got, plan: _Plan, now: datetime) -> None:
    """The intervals of all reasons, from their beginnings and ends."""
    for reason in PAUSES:
        names = fields.pause_fields(reason)
        if names[0] not in got and names[1] not in got:
            continue
        starts, ends = (got.pop(name, ()) for name in names)
        try:
            found = pauses.paired(reason, starts, ends, latest=now + SKEW)
        except pauses.BadPause as bad:
            field = names[bad.is_end]
            _give_up(got, plan, _Refused(field, bad.reason, bad.detail))
            continue
        got["pauses"] = pauses.ordered((*got.get("pauses", ()), *found))


def _due(got: Got, plan: _Plan) -> datetime | None:
    rule = plan.city.due_rule(got.setdefault("kind", "appeal"), got["received_at"])
    anchor: datetime | None = got.get(rule.anchor) if rule else None
    if rule is None or anchor is None:
        return None
    table = due.timetable_of(rule, plan.city.calendar, plan.zone)
    return due.due_at(rule, table, anchor, got.get("pauses", ()), got.get("closed_at"))


def _rejected(words: Words, plan: _Plan, bad: _Refused) -> Rejected:
    return Rejected(
        source=plan.config.id,
        key=_key(words),
        field=bad.field,
        reason=bad.reason,
        detail=mask(clean(bad.detail)),
        raw=masked(words.raw, plan.config),
    )


def _key(words: Words) -> str | None:
    """The row's key where it can be read, so that people find it at the source."""
    try:
        key: str | None = fields.read_key(words.values.get("key") or "")
    except BadValue:
        return None
    return key

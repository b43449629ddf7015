"""Snapshot <-> columns of plain values; texts and times that repeat become numbers of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeVar

from centre.domain.notes import Note
from centre.domain.status import Freshness
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

_HEAD = ("seq", "clock", "filled_days", "total_days", "fill_unit", "synthetic")
_TIMES = frozenset(
    {
        "as_of",
        "event_at",
        "received_at",
        "succeeded_at",
        "compared_at",
        "since",
        "start",
        "end",
        "at",
    }
)
_CLOCKS = ("as_of", "event_at", "received_at")
_FRESHNESS = tuple(Freshness)
_Row = TypeVar("_Row", SourceState, Alert, Note)


def of_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """What orjson can write."""
    return {
        **{name: getattr(snapshot, name) for name in _HEAD},
        "published_at": snapshot.published_at.isoformat(),
        "city_now": snapshot.city_now.isoformat(),
        "cells": _of_cells(snapshot),
        "series": [[*key, *_of_series(one)] for key, one in snapshot.series.items()],
        "hours": [[unit, h.today, h.usual, h.seq] for unit, h in snapshot.hours.items()],
        "shares": [[*key, *_of_shares(one)] for key, one in snapshot.shares.items()],
        "dues": [[u, *_of_due(one)] for u, one in snapshot.dues.items()],
        "sources": _of_rows(SourceState, snapshot.sources),
        "alerts": _of_rows(Alert, snapshot.alerts),
        "notes": _of_rows(Note, snapshot.notes),
    }


def to_snapshot(raw: dict[str, Any]) -> Snapshot:
    """The snapshot again."""
    return Snapshot(
        **{name: raw[name] for name in _HEAD},
        published_at=datetime.fromisoformat(raw["published_at"]),
        city_now=datetime.fromisoformat(raw["city_now"]),
        cells=_to_cells(raw["cells"]),
        series={(m, u): _to_series(*rest) for m, u, *rest in raw["series"]},
        hours={u: _to_hours(*rest) for u, *rest in raw["hours"]},
        shares={(d, u): _to_shares(*rest) for d, u, *rest in raw["shares"]},
        dues={u: _to_due(*rest) for u, *rest in raw["dues"]},
        sources=_to_rows(SourceState, raw["sources"]),
        alerts=_to_rows(Alert, raw["alerts"]),
        notes=_to_rows(Note, raw.get("notes", {})),
    )


def key_list(key: str | tuple[str, ...]) -> list[str]:
    """A key of any table as a list."""
    return [key] if isinstance(key, str) else list(key)


def key_of(table: str, parts: Sequence[str]) -> str | tuple[str, ...]:
    """A key of a table from its list."""
    if table == "cells":
        return Address(*parts)
    return parts[0] if len(parts) == 1 else tuple(parts)


def _numbered(values: Iterable[Any]) -> tuple[list[Any], list[int]]:
    """Distinct values in order of appearance, and the number of each value in that list."""
    places: dict[Any, int] = {}
    numbers = [places.setdefault(value, len(places)) for value in values]
    return list(places), numbers


def _of_cells(snapshot: Snapshot) -> dict[str, Any]:
    addresses, cells = snapshot.cells.keys(), snapshot.cells.values()
    return {
        "metric": _numbered(address.metric for address in addresses),
        "unit": _numbered(address.unit for address in addresses),
        "window": _numbered(address.window for address in addresses),
        "num": [cell.num for cell in cells],
        "den": [cell.den for cell in cells],
        **{name: _of_times(getattr(cell, name) for cell in cells) for name in _CLOCKS},
        "freshness": [_FRESHNESS.index(cell.freshness) for cell in cells],
        "present": [cell.present for cell in cells],
        "expected": [cell.expected for cell in cells],
        "missing": _numbered(cell.missing for cell in cells),
        "usual_share": _numbered(cell.usual_share for cell in cells),
        "withheld": [n for n, cell in enumerate(cells) if cell.withheld],
        "revised": [n for n, cell in enumerate(cells) if cell.revised],
        "figure": [cell.figure for cell in cells],
    }


def _to_cells(raw: dict[str, Any]) -> dict[Address, Cell]:
    listed = (_looked_up(*raw[name]) for name in Address._fields)
    count = len(raw["num"])
    # What is kept for 400 days is of older versions: a column that it lacks has its default.
    columns = {name: read(raw[name], count) for name, read in _READ.items() if name in raw}
    rows = zip(*columns.values(), strict=True)
    cells = (Cell(**dict(zip(columns, row, strict=True))) for row in rows)
    return dict(zip(map(Address, *listed), cells, strict=True))


def _of_times(times: Iterable[datetime | None]) -> tuple[list[Any], list[int]]:
    listed, numbers = _numbered(times)
    return [time and time.isoformat() for time in listed], numbers


def _to_times(column: tuple[list[str | None], list[int]]) -> list[datetime | None]:
    texts, numbers = column
    return _looked_up([_time(text) for text in texts], numbers)


def _flags(numbers: list[int], count: int) -> list[bool]:
    """One flag for each cell, from the numbers of those that carry it."""
    raised = set(numbers)
    return [number in raised for number in range(count)]


def _looked_up(names: list[Any], numbers: list[int]) -> list[Any]:
    return [names[number] for number in numbers]


_READ: Mapping[str, Callable[[Any, int], list[Any]]] = {
    **dict.fromkeys(("num", "den", "present", "expected", "figure"), lambda raw, _: list(raw)),
    **dict.fromkeys(_CLOCKS, lambda raw, _: _to_times(raw)),
    "freshness": lambda raw, _: [_FRESHNESS[state] for state in raw],
    "missing": lambda raw, _: _looked_up([tuple(codes) for codes in raw[0]], raw[1]),
    "usual_share": lambda raw, _: _looked_up(*raw),
    "withheld": _flags,
    "revised": _flags,
}
"""Column of the cells -> its values, one for each of so many cells."""


def _of_series(one: Series) -> tuple[Any, ...]:
    revised = [day.isoformat() for day in one.revised]
    breaks = [day.isoformat() for day in one.breaks]
    days = (one.first.isoformat(), one.num, one.den, one.missing, revised, one.seq)
    return (*days, breaks, one.versions) if one.versions else days


def _to_series(first: str, num: list[float | None], den: Any, *days: Any) -> Series:
    missing, revised, seq, *dated = days
    breaks, versions = dated or ((), ())
    return Series(
        first=date.fromisoformat(first),
        num=tuple(num),
        den=None if den is None else tuple(den),
        missing=tuple(map(tuple, missing)),
        revised=tuple(map(date.fromisoformat, revised)),
        seq=seq,
        breaks=tuple(map(date.fromisoformat, breaks)),
        versions=tuple(versions),
    )


def _to_hours(today: list[float | None], usual: list[float | None], seq: int) -> Hours:
    return Hours(today=tuple(today), usual=tuple(usual), seq=seq)


def _of_due(one: Due) -> tuple[int | None, ...]:
    return one.open, one.lapses_today, one.overdue, one.seq


def _to_due(open_: int, lapses_today: int | None, overdue: int | None, seq: int) -> Due:
    return Due(open=open_, lapses_today=lapses_today, overdue=overdue, seq=seq)


def _of_shares(shares: tuple[Share, ...]) -> tuple[list[Any], ...]:
    names = ("key", "today", "usual", "seq")
    return tuple([getattr(one, name) for one in shares] for name in names)


def _to_shares(*columns: list[Any]) -> tuple[Share, ...]:
    rows = zip(*columns, strict=True)
    return tuple(Share(key=key, today=now, usual=then, seq=seq) for key, now, then, seq in rows)


def _of_rows(cls: type[_Row], rows: tuple[_Row, ...]) -> dict[str, list[Any]]:
    return {one.name: [_plain(getattr(row, one.name)) for row in rows] for one in fields(cls)}


def _to_rows(cls: type[_Row], raw: dict[str, list[Any]]) -> tuple[_Row, ...]:
    """Columns of another version are met kindly: unknown ones are dropped, absent ones default."""
    known = [one.name for one in fields(cls) if one.name in raw]
    cols = [map(_reader(name), raw[name]) for name in known]
    rows = zip(*cols, strict=True) if cols else ()
    return tuple(cls(**dict(zip(known, row, strict=True))) for row in rows)


def _reader(name: str) -> Callable[[Any], Any]:
    """How a column of plain rows is read."""
    if name in _TIMES:
        return _time
    return _pairs if name == "differences" else _same


def _pairs(value: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, value))


def _same(value: Any) -> Any:
    return value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

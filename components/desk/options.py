"""What the lists of the filter bar offer: codes of the city, else what the data itself says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from centre.domain.periods import Days, local_day
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.scope import Scope
from centre.metrics.families.volume import RECEIVED
from centre.store import queries
from components.desk.filters import Filters
from components.desk.ranks import key_name
from components.text import t
from components.view import View

Options = Mapping[str, list[tuple[str, str]]]
"""Field -> (value, words), without the first one, which stands for all."""

DIMS = ("channel", "category", "street", "handler", "nature")
MOST = 300
"""Values in one list: more cannot be chosen from; the search field finds them."""

LATELY = 60
"""Days whose cases say what is in use: all of history is slow to sum, and long out of use."""

KEPT = 60.0
"""Seconds for which a list is not asked for again."""

_kept: WeakKeyDictionary[Engine, dict[tuple[str, ...], tuple[float, list[str]]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Where, by whom and over which days the data is asked."""

    conn: Connection
    scope: Scope
    days: Days


def options(conn: Connection, view: View, filters: Filters, scope: Scope, now: datetime) -> Options:
    """Everything that may be chosen; streets are those of the chosen unit."""
    city, until = view.city, local_day(now, view.city.tz)
    days = Days(first=until - timedelta(days=LATELY), last=until)
    asked = _Asked(conn=conn, scope=scope, days=days)
    units = [(unit.code, unit.name.of(view.lang)) for unit in city.units]
    found = {"unit": [*units, (UNASSIGNED, city.unit_name(UNASSIGNED, view.lang))]}
    for dim in DIMS:
        keys = _keys(asked, city, dim, filters)
        named = [(key or UNASSIGNED, key_name(view, dim, key, filters.unit)) for key in keys]
        found[dim] = named
    found["status"] = [(one, t(view.lang, f"status.{one}")) for one in queries.STATUSES]
    return found


def _keys(asked: _Asked, city: City, dim: str, filters: Filters) -> list[str]:
    codes = city.codes.get(dim)
    if codes:
        own = [filters.unit] if dim == "handler" and filters.unit in city.by_code else []
        return [*(one for one in own if one), *codes, ""]
    if dim == "street":
        unit = city.by_code.get(filters.unit or "")
        if unit is None:
            return []
        if unit.streets:
            return [*(one.code for one in unit.streets), ""]
    return _used(asked, dim, filters.unit or CITY)


def _used(asked: _Asked, dim: str, unit: str) -> list[str]:
    """Values of a dimension, most used first; kept for a minute, as every look at the list asks."""
    lists = _kept.setdefault(asked.conn.engine, {})
    name = (dim, unit, asked.scope.key, asked.days.last.isoformat())
    at, keys = lists.get(name, (0.0, []))
    if keys and monotonic() - at < KEPT:
        return keys
    rows = queries.by_key(asked.conn, RECEIVED, dim, asked.days, asked.scope, unit=unit)
    keys = sorted(rows, key=lambda key: (-rows[key], key))[:MOST]
    if len(lists) > MOST:  # units of earlier days
        lists.clear()
    lists[name] = (monotonic(), keys)
    return keys

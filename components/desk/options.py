"""What the lists of the filter bar offer: codes of the city, else what the data itself says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from centre.domain.periods import Days
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

_ALWAYS = Days(first=date(1970, 1, 1), last=date(2199, 12, 31))


def options(conn: Connection, view: View, filters: Filters, scope: Scope) -> Options:
    """Everything that may be chosen; streets are those of the chosen unit."""
    city = view.city
    units = [(unit.code, unit.name.of(view.lang)) for unit in city.units]
    found = {"unit": [*units, (UNASSIGNED, city.unit_name(UNASSIGNED, view.lang))]}
    for dim in DIMS:
        keys = _keys(conn, city, dim, filters, scope)
        named = [(key or UNASSIGNED, key_name(view, dim, key, filters.unit)) for key in keys]
        found[dim] = named
    found["status"] = [(one, t(view.lang, f"status.{one}")) for one in queries.STATUSES]
    return found


def _keys(conn: Connection, city: City, dim: str, filters: Filters, scope: Scope) -> list[str]:
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
    rows = queries.by_key(conn, RECEIVED, dim, _ALWAYS, scope, unit=filters.unit or CITY)
    return sorted(rows, key=lambda key: (-rows[key], key))[:MOST]

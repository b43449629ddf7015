"""Which words a field of a case can have in a city: asked by whoever filters by one."""

from __future__ import annotations

from centre.domain.places import UNASSIGNED, City
from centre.domain.records import APPLICANTS, HANDLER_KINDS, KINDS, NATURES

_FIXED = {
    "kind": KINDS,
    "nature": (*NATURES, UNASSIGNED),
    "applicant": (*APPLICANTS, UNASSIGNED),
    "handler_kind": (*HANDLER_KINDS, UNASSIGNED),
}


def closed(field: str, city: City) -> tuple[str, ...] | None:
    """The words of a field, "unassigned" for what does not say; None where any text is one.

    Where the city pack lists codes of a field, those are all; a district may handle its own cases.
    """
    if field in _FIXED:
        return _FIXED[field]
    codes = city.codes.get(field)
    if not codes:
        return None
    units = city.by_code if field == "handler" else ()
    return (*codes, *units, UNASSIGNED)

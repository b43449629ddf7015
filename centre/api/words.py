"""Reading words of a URL in our vocabulary, or saying what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches

from centre.api.errors import Problem
from centre.domain.periods import BadTime, parse_instant
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.vocabulary import closed
from centre.metrics.check import no_version
from centre.metrics.metric import Metric
from centre.metrics.questions import (
    BadPeriod,
    CannotAnswer,
    OutOfScope,
    UnknownBy,
    UnknownMetric,
    UnknownUnit,
    UnknownVersion,
)
from centre.metrics.registry import PARTS
from centre.store.parts import Part

_STATUS = {UnknownMetric: 404, UnknownUnit: 404, UnknownBy: 400, OutOfScope: 403}
_CODES = {
    UnknownMetric: "unknown_metric",
    UnknownUnit: "unknown_unit",
    UnknownBy: "unknown_by",
    UnknownVersion: "unknown_version",
    OutOfScope: "out_of_scope",
}
_REMEDIES = {
    UnknownMetric: "ids stand in /api/v1/metrics",
    UnknownUnit: '"city", "unassigned", or a code of the city pack (places.toml)',
    UnknownBy: "`by` of each metric stands in /api/v1/metrics",
    UnknownVersion: "`versions` of each metric stand in /api/v1/metrics",
    OutOfScope: "ask who gives you access",
}


def instant(name: str, text: str | None, city: City) -> datetime | None:
    """A time or a date of a URL; None when it is not given."""
    if text is None:
        return None
    try:
        return parse_instant(text, city.tz)
    except BadTime as error:
        remedy = f"write {name}=2026-06-16, or ISO 8601 with offset (+ as %2B)"
        raise Problem(400, "bad_time", f"{name}: {error}", remedy) from error


def period(
    start: str | None, end: str | None, city: City
) -> tuple[datetime | None, datetime | None]:
    """`from` and `to` of a URL, of which either may not be given."""
    first, last = instant("from", start, city), instant("to", end, city)
    if first is not None and last is not None and last <= first:
        raise refusal(BadPeriod("the period is empty: `to` is exclusive and must lie after `from`"))
    return first, last


def refusal(error: CannotAnswer) -> Problem:
    """A question that has no answer, as an answer."""
    kind = type(error)
    remedy = _REMEDIES.get(kind, "`from` is inclusive, `to` exclusive and later")
    return Problem(_STATUS.get(kind, 400), _CODES.get(kind, "bad_period"), str(error), remedy)


def unit(text: str | None, city: City) -> str | None:
    """The code of a unit; None for none and for the whole city."""
    if text is None or text == CITY:
        return None
    if text != UNASSIGNED and text not in city.by_code:
        near = get_close_matches(text, [UNASSIGNED, *city.by_code], n=1, cutoff=0.4)
        hint = f"; nearest: {near[0]}" if near else ""
        raise refusal(UnknownUnit(f'there is no unit "{text}"{hint}'))
    return text


def units(text: str | None, city: City) -> tuple[str, ...]:
    """The codes of some units: "510104,510105"."""
    found = (unit(one, city) for one in text.split(",")) if text else ()
    return tuple(one for one in found if one is not None)


def field(name: str, text: str | None, city: City) -> str | None:
    """The value of a field of a case as the store has it: "" is not said."""
    if text is None or text in ("", UNASSIGNED):
        return text and ""
    known = closed(name, city)
    if known is not None and text not in known:
        raise _unknown(name, text, known)
    return text


def part(text: str | None) -> Part | None:
    """The part of an id, of those that count cases."""
    known = {one.id: one for one in PARTS if one.anchor.table.name == "case"}
    if text is not None and text not in known:
        raise _unknown("part", text, tuple(known))
    return known[text] if text is not None else None


def _unknown(name: str, text: str, known: tuple[str, ...]) -> Problem:
    near = get_close_matches(text, known, n=1, cutoff=0.4)
    there = f"nearest: {near[0]}" if near else f"there is: {', '.join(known[:12])}"
    return Problem(400, "bad_query", f'{name} has no "{text}"; {there}', "see /openapi.json")


def defined(metric: Metric, version: int | None) -> Metric:
    """The metric by a version of its definition; None: as it is."""
    found = metric if version is None else metric.at_version(version)
    if found is None:
        raise refusal(no_version(metric, version))
    return found


def known_metric(metrics: Mapping[str, Metric], text: str) -> Metric:
    """The metric of an id."""
    if text not in metrics:
        near = get_close_matches(text, list(metrics), n=1, cutoff=0.4)
        hint = f"; nearest: {near[0]}" if near else ""
        raise refusal(UnknownMetric(f'there is no metric "{text}"{hint}'))
    return metrics[text]

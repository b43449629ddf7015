"""Lines of metrics whose definition changed: each day by the definition in force on it. Pure.

    series by each definition ── cut at the changes, joined ──> Series with breaks and versions

What a metric with one definition says is drawn as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from centre.metrics import curves
from centre.metrics.facts import Facts
from centre.metrics.metric import Metric
from centre.snapshots.cells import Series

Lines = Mapping[tuple[str, str], Series]
"""(metric, unit) -> its line."""


class Piece(NamedTuple):
    """Days `start` to `end` (exclusive) of a line, by one definition; None: nothing is known."""

    series: Series | None
    start: int
    end: int


def series(facts: Facts, metrics: Mapping[str, Metric]) -> dict[tuple[str, str], Series]:
    """The 30 complete days of every metric and place; lines break where a definition changed."""
    made = curves.series(facts, metrics)
    for metric in metrics.values():
        if metric.earlier:
            lines = {key: one for key, one in made.items() if key[0] == metric.id}
            made |= _of(facts, metric, lines)
    return made


def _of(facts: Facts, metric: Metric, newest: Lines) -> dict[tuple[str, str], Series]:
    """The lines of a metric that has several definitions."""
    days = [date.fromordinal(day) for day in facts.rate_days]
    spells = metric.in_force(days[0], days[-1])
    by = {metric.version: newest}
    for spell in spells:
        one = metric.at_version(spell.version)
        if one is not None and spell.version not in by:
            by[spell.version] = curves.series(facts, {metric.id: one})
    starts = [(spell.first - days[0]).days for spell in spells]
    bounds = list(zip(spells, starts, [*starts[1:], len(days)], strict=True))
    breaks = tuple(spell.first for spell in spells[1:])
    versions = tuple(spell.version for spell in spells)
    made = {}
    for key in {key for spell in spells for key in by[spell.version]}:
        pieces = [Piece(by[spell.version].get(key), start, end) for spell, start, end in bounds]
        made[key] = _joined(pieces, days[0], breaks, versions)
    return made


def _joined(
    pieces: Sequence[Piece], first: date, breaks: tuple[date, ...], versions: tuple[int, ...]
) -> Series:
    """One line of pieces that lie end to end."""
    known = [piece.series for piece in pieces if piece.series is not None]
    has_den = any(one.den is not None for one in known)
    has_missing = any(one.missing for one in known)
    return Series(
        first=first,
        num=tuple(n for piece in pieces for n in _cut(piece, "num", None)),
        den=tuple(n for piece in pieces for n in _cut(piece, "den", None)) if has_den else None,
        missing=tuple(m for piece in pieces for m in _cut(piece, "missing", ()))
        if has_missing
        else (),
        revised=tuple(day for piece in pieces for day in _revised(piece)),
        breaks=breaks,
        versions=versions,
    )


def _cut(piece: Piece, name: str, nothing: object) -> tuple[Any, ...]:
    whole: tuple[Any, ...] = getattr(piece.series, name, None) or (nothing,) * piece.end
    return tuple(whole[piece.start : piece.end])


def _revised(piece: Piece) -> tuple[date, ...]:
    if piece.series is None:
        return ()
    first = piece.series.first.toordinal()
    within = range(first + piece.start, first + piece.end)
    return tuple(day for day in piece.series.revised if day.toordinal() in within)

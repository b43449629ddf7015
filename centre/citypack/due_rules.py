"""[[due]] of places.toml: what must hold between its lines, and the rules they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from centre.citypack.finding import Complaint, did_you_mean
from centre.citypack.places_file import DueTable
from centre.domain.due import CLOCKS, STOPS, DueRule
from centre.domain.fields import CASE_TIMES
from centre.domain.records import KINDS
from centre.domain.timetable import Span

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_MINUTE = 60_000_000  # microseconds
_DAY_MINUTES = 1440


def due_complaints(tables: Sequence[DueTable]) -> Iterator[Complaint]:
    """What is wrong between the lines of the rules."""
    seen: set[tuple[str, date | None]] = set()
    for index, table in enumerate(tables):
        key = f"due[{index}]"
        yield from _words(key, table)
        yield from _lengths(key, table)
        yield from _office(key, table)
        yield from _twice(key, table, seen)


def _twice(key: str, table: DueTable, seen: set[tuple[str, date | None]]) -> Iterator[Complaint]:
    if (table.kind, table.valid_from) in seen:
        when = f"from {table.valid_from}" if table.valid_from else "without valid_from"
        problem = f'a second rule for "{table.kind}" {when}'
        yield f"{key}.kind", problem, "give the later one a `valid_from = 2019-05-15` of its own"
    seen.add((table.kind, table.valid_from))


def _words(key: str, table: DueTable) -> Iterator[Complaint]:
    if table.kind not in KINDS:
        yield f"{key}.kind", f'unknown kind "{table.kind}"', did_you_mean(table.kind, KINDS)
    if table.anchor not in CASE_TIMES:
        problem = f'unknown time "{table.anchor}"'
        yield f"{key}.anchor", problem, did_you_mean(table.anchor, CASE_TIMES)
    for at, reason in enumerate(table.stops):
        if reason not in STOPS:
            problem = f'"{reason}" stops no clock'
            yield f"{key}.stops[{at}]", problem, did_you_mean(reason, STOPS)


def _lengths(key: str, table: DueTable) -> Iterator[Complaint]:
    lengths = sum(getattr(table, clock) is not None for clock in CLOCKS)
    if lengths != 1:
        problem = f"has {lengths} lengths instead of one"
        yield key, problem, f"write exactly one of {', '.join(CLOCKS)}"


def _office(key: str, table: DueTable) -> Iterator[Complaint]:
    remedy = 'write the hours like office = ["09:00-12:00", "13:30-17:30"]'
    if table.working_hours is not None and not table.office:
        yield f"{key}.office", "is missing: which hours are working hours?", remedy
    if table.working_hours is None and table.office:
        yield f"{key}.office", "only working_hours have office hours", "take it out"
    spans = [_span(text) for text in table.office]
    for at, (text, one) in enumerate(zip(table.office, spans, strict=True)):
        if one is None:
            yield f"{key}.office[{at}]", f'"{text}" is no span of a day', remedy
    known = [one for one in spans if one is not None]
    if any(after[0] < before[1] for before, after in pairwise(known)):
        yield f"{key}.office", "spans overlap or are not in order", remedy


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    hours, minutes, to_hours, to_minutes = map(int, match.groups())
    start, end = hours * 60 + minutes, to_hours * 60 + to_minutes
    return (start * _MINUTE, end * _MINUTE) if start < end <= _DAY_MINUTES else None


def due_rules(tables: Sequence[DueTable]) -> dict[str, tuple[DueRule, ...]]:
    """The rules of each kind, by the day from which they hold."""
    ordered = sorted(tables, key=lambda table: table.valid_from or date.min)
    return {
        kind: tuple(_rule(table) for table in ordered if table.kind == kind)
        for kind in dict.fromkeys(table.kind for table in tables)
    }


def _rule(table: DueTable) -> DueRule:
    clock = next((one for one in CLOCKS if getattr(table, one) is not None), CLOCKS[0])
    return DueRule(
        kind=table.kind,
        anchor=table.anchor,
        valid_from=table.valid_from,
        clock=clock,
        length=getattr(table, clock) or 0,
        extension=table.extension or 0,
        stops=tuple(table.stops),
        office=tuple(span for text in table.office if (span := _span(text))),
    )

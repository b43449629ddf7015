"""How the clock of one case stands in its city: by which rule, how much is used, what stops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from centre.domain.due import DueRule, Run, due_at, run, timetable_of
from centre.domain.places import City
from centre.domain.records import Case
from centre.domain.workdays import calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`rule` None: none holds for such a case. `run` None: it has not begun, or not by our rule.

    `is_own`: the source says itself when the case falls due, and no pause moves that.
    """

    rule: DueRule | None = None
    run: Run | None = None
    is_own: bool = False

    @property
    def is_stopped(self) -> bool:
        """Whether a pause holds the clock of an open case whose time is not up."""
        return self.run is not None and self.run.by is not None and self.run.left >= timedelta(0)


def standing(case: Case, city: City, now: datetime) -> Standing:
    """The clock of a case at a moment. Pure, some 20 µs."""
    rule = city.due_rule(case.kind, case.received_at)
    if rule is None:
        return Standing(is_own=case.due_at is not None)
    anchor: datetime | None = getattr(case, rule.anchor)
    table = timetable_of(rule, city.calendar, city.tz)
    if anchor is None:
        return Standing(rule=rule, is_own=case.due_at is not None)
    if case.due_at != due_at(rule, table, anchor, case.pauses, case.closed_at):
        return Standing(rule=rule, is_own=True)
    known = tuple(one for one in case.pauses if one.start <= now)
    closed_at = case.closed_at if case.closed_at and case.closed_at <= now else None
    found = run(rule, table, anchor, now, pauses=known, closed_at=closed_at)
    return Standing(rule=rule, run=found)


def is_provisional(at: datetime, city: City, rule: DueRule | None = None) -> bool:
    """Whether a due time lies in a year whose holidays are not announced: it may still move.

    By a rule of calendar time no holiday moves it.
    """
    if rule is not None and not rule.is_working:
        return False
    return calendar(city.calendar).is_provisional(at.astimezone(city.tz).year)

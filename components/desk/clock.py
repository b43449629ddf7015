"""Where a case stands against its clock, in a shape and words: 剩 2 时 18 分, 超期 1.2 个工作日."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from centre.domain.due import DueRule, Halt, timetable_of
from centre.domain.places import City
from centre.domain.records import Case
from centre.domain.standing import Standing, is_provisional, standing
from centre.domain.status import Verdict, verdict
from centre.domain.workdays import calendar
from components.marks import plain, status
from components.text import age, join, number, t

LEAST = 0.05
"""Working days: fewer would be written 0.0, which says nothing to act on."""

SOON = 1.0
"""Working days: less than one left is for today or tomorrow morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How it stands: a shape, its tone, and the words."""

    shape: str
    tone: str
    words: str


def limit(case: Case, now: datetime, city: City, lang: str) -> Limit:
    """The clock of one case at a moment."""
    stand = standing(case, city, now) if case.pauses else None
    if stand is not None and stand.is_stopped:
        return _stopped(stand, lang)
    judged = verdict(case.due_at, case.closed_at, now)
    if case.due_at is None or judged is Verdict.NONE:
        waits = case.closed_at is None and case.dispatched_at is None
        key = "limit.not_yet" if waits else "limit.none"
        return Limit(shape="none", tone="unknown", words=t(lang, key))
    if judged is Verdict.ON_TIME:
        return Limit(shape="good", tone="good", words=t(lang, "limit.on_time"))
    rule = city.due_rule(case.kind, case.received_at)
    late = judged in (Verdict.LATE, Verdict.OVERDUE)
    end = case.closed_at if judged is Verdict.LATE and case.closed_at else now
    first, last = (case.due_at, end) if late else (end, case.due_at)
    time = _length(city, lang, first, last, rule)
    if judged is Verdict.OPEN and stand is not None and stand.run and stand.rule:
        time = spell(lang, stand.rule, stand.run.left)  # pauses may lie ahead
    words = t(lang, f"limit.{judged}", time=time)
    if is_provisional(case.due_at, city, rule):
        words = t(lang, "limit.provisional", limit=words)
    if judged is Verdict.LATE:
        return Limit(shape="watch", tone="unknown", words=words)
    if judged is Verdict.OVERDUE:
        return Limit(shape="bad", tone="bad", words=words)
    tone = "watch" if _days(city, first, last) < SOON else "good"
    return Limit(shape=tone, tone=tone, words=words)


def _stopped(stand: Standing, lang: str) -> Limit:
    """Stopped by whom, and what is left when it runs again."""
    if stand.rule is None or stand.run is None or stand.run.by is None:
        raise ValueError("a clock that runs")
    time = spell(lang, stand.rule, stand.run.left)
    words = t(lang, "limit.stopped", why=reasons(lang, stand.run.by), time=time)
    return Limit(shape="none", tone="unknown", words=words)


def reasons(lang: str, halt: Halt) -> str:
    """What stops a clock: 挂起、第三方办理."""
    return join(lang, dict.fromkeys(t(lang, f"pause.{one.reason}").lower() for one in halt.pauses))


def spell(lang: str, rule: DueRule, length: timedelta) -> str:
    """A length on the clock of a rule: 3.2 个工作日, 5.0 个工作小时, 1 天 4 时."""
    days = length / timedelta(days=1)
    if rule.clock == "working_hours":
        return t(lang, "limit.workhours", number=number(lang, length / timedelta(hours=1), 1))
    if not rule.is_working or days < LEAST:
        return age(lang, length.total_seconds())
    return _workdays(lang, number(lang, days, 1))


def _length(city: City, lang: str, first: datetime, last: datetime, rule: DueRule | None) -> str:
    """Working days, of which a week-end has none; by the clock within a day or a week-end."""
    wall, days = last - first, 0.0
    if rule is not None and not rule.is_working:
        return age(lang, wall.total_seconds())
    if rule is not None and rule.clock == "working_hours":
        passed = timetable_of(rule, city.calendar, city.tz).passed(first, last)
        return spell(lang, rule, passed)
    if wall >= timedelta(days=1):
        days = _days(city, first, last)
    if days < LEAST:
        return age(lang, wall.total_seconds())
    return _workdays(lang, number(lang, days, 1))


def _days(city: City, first: datetime, last: datetime) -> float:
    """Working days of the city, with fractions."""
    return calendar(city.calendar).workdays_between(first, last, city.tz)


@lru_cache(maxsize=4096)
def _workdays(lang: str, days: str) -> str:
    return t(lang, "limit.workdays", number=days)


def drawn(case: Case, now: datetime, city: City, lang: str) -> Any:
    """The clock as a mark and words."""
    one = limit(case, now, city, lang)
    return status(one.shape, [plain("date", one.words)], one.tone)


def stage(case: Case, now: datetime) -> str:
    """How far a case had come by now, as the key of its word."""
    if case.closed_at and case.closed_at <= now:
        return "closed"
    if case.reopens:
        return "reopened"
    if case.returns:
        return "returned"
    for name in ("followed_up", "replied", "signed", "dispatched"):
        at = getattr(case, f"{name}_at")
        if at and at <= now:
            return name
    return "received"

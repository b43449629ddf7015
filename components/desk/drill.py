"""Where a reader stands in a drill-down: words of a URL, the question they ask, the next level.

    city -> district -> street -> category -> cases          any filter beside, in any order
    /metric/<id>?unit=510104&street=s-1&from=2026-06-01&to=2026-07-01&by=category

A row opens the next level with the same filters and period; the last one is /cases, whose count is
the figure of the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from centre.domain.periods import day_start, local_day, parse_instant
from centre.domain.places import CITY, UNASSIGNED, City
from centre.metrics import breakdown
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Question
from centre.metrics.window import window

LEVELS = ("unit", "street", "category")
"""From the city down; below the last are the cases."""

BYS = (
    *LEVELS,
    "channel",
    "handler",
    "handler_kind",
    "nature",
    "applicant",
    "reason",
    "day",
    "hour",
)
Within = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A metric of a place, narrowed by filters, over a period; `start`, `end` as the URL says them.

    Without them it is the metric's own time, which goes on with the clock. `version` None: the
    definition that the city counts by. `is_whole`: every row, however many there are.
    """

    metric: Metric
    unit: str = CITY
    by: str = ""
    within: Within = ()
    start: str | None = None
    end: str | None = None
    version: int | None = None
    is_whole: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks for what screens show: no filter, the metric's own time and version."""
        return not (self.within or self.start or self.end or self.version)

    @property
    def url(self) -> str:
        """Its address."""
        words = {
            "unit": self.unit if self.unit != CITY else None,
            **dict(self.within),
            "from": self.start,
            "to": self.end,
            "version": self.version and str(self.version),
            "by": self.by or None,
            "rows": "all" if self.is_whole else None,
        }
        said = urlencode({key: word for key, word in words.items() if word})
        return f"/metric/{quote(self.metric.id, safe='.')}" + (f"?{said}" if said else "")

    @property
    def untimed(self) -> Drill:
        """The same over the metric's own time."""
        return replace(self, start=None, end=None)

    def offered(self, city: City) -> tuple[str, ...]:
        """What it can still be broken down by; streets below one unit, where there are any."""
        there = breakdown.offered(self.metric)
        fixed = {name for name, _ in self.within} | ({"unit"} if self.unit != CITY else set())
        if self.unit == CITY or not _has_streets(city, self.unit):
            fixed.add("street")
        return tuple(by for by in BYS if by in there and by not in fixed)

    def next_by(self, city: City) -> str | None:
        """The next level down; None where only cases are left."""
        return next((by for by in LEVELS if by in self.offered(city)), None)

    def narrowed(self, by: str, key: str) -> Drill | None:
        """The same of one row; None for what cannot be asked for: an hour of several days."""
        here = replace(self, by="", is_whole=False)
        if by == "unit":
            return replace(here, unit=key)
        if by == "day":
            day = date.fromisoformat(key)
            return replace(here, start=key, end=(day + timedelta(days=1)).isoformat())
        if by == "hour":
            return None
        return replace(here, within=tuple(sorted({**dict(self.within), by: key}.items())))

    def opened(self, by: str, key: str, city: City) -> Drill | None:
        """Where a row leads to; None where its cases are next, or nothing."""
        if by == "day" and self.metric.shape is Shape.STOCK:
            return None
        below = self.narrowed(by, key)
        following = below.next_by(city) if below else None
        return replace(below, by=following) if below and following else None

    def trail(self) -> Iterator[tuple[str, str, Drill]]:
        """The way here: (dimension, value, where it was then), from the city down."""
        here = replace(self, unit=CITY, within=(), by="unit", is_whole=False)
        yield "unit", CITY, here
        steps = [("unit", self.unit)] if self.unit != CITY else []
        steps += sorted(self.within, key=lambda one: BYS.index(one[0]))
        for by, key in steps:
            here = replace(here.narrowed(by, key) or here, by="")
            yield by, key, here

    def question(self, city: City, now: datetime) -> Question:
        """What it asks for."""
        first, last = window(self.metric, now, city.tz)
        if self.start or self.end:
            first, last = _period(self, city, now)
        return Question(
            metric=self.metric.id,
            unit=self.unit,
            start=first,
            end=last,
            by=self.by or None,
            version=self.version,
            within=self.within,
        )


def _has_streets(city: City, unit: str) -> bool:
    known = city.by_code.get(unit)
    return unit == UNASSIGNED or known is None or bool(known.streets)


def _period(drill: Drill, city: City, now: datetime) -> tuple[datetime, datetime]:
    """What is asked for; where only one end is given, the other is now or a day before."""
    end = (
        parse_instant(drill.end, city.tz)
        if drill.end
        else max(now, parse_instant(drill.start or "", city.tz) + timedelta(microseconds=1))
    )
    if drill.start:
        return parse_instant(drill.start, city.tz), end
    return day_start(local_day(end - timedelta(microseconds=1), city.tz), city.tz), end

"""Do the children of a figure add up to it? Asked of any city by the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from centre.domain.places import City
from centre.domain.scope import EVERYTHING
from centre.metrics.breakdown import offered
from centre.metrics.evaluate import value
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Group, Question, Value
from centre.metrics.window import window
from centre.snapshots.cells import SourceState

NOISE = 1e-6  # sums of floats in another order


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A filled store, and when and how it is asked."""

    conn: Connection
    city: City
    now: datetime
    sources: tuple[SourceState, ...] = ()
    period: tuple[datetime, datetime] | None = None  # None: what screens show it for

    def ask(self, question: Question) -> Value:
        """The answer."""
        return value(self.conn, self.city, question, EVERYTHING, self.now, sources=self.sources)

    def question(self, metric: Metric, unit: str) -> Question:
        """The metric of a unit over the period."""
        start, end = self.period or window(metric, self.now, self.city.tz)
        return Question(metric=metric.id, unit=unit, start=start, end=end)


def same(one: float | None, other: float | None) -> bool:
    """Equal, or both unknown."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < NOISE


def total(amounts: Sequence[float | None]) -> float:
    """What is unknown adds nothing."""
    return sum(one for one in amounts if one is not None)


def misfits(place: Place, metric: Metric, question: Question) -> Iterator[str]:
    """Every breakdown whose parts are not the whole, in words."""
    whole = place.ask(question)
    for by in offered(metric):
        if by in dict(question.within):
            continue
        groups = place.ask(replace(question, by=by)).groups
        if not _adds_up(metric, by, whole, groups):
            yield f"{metric.id} of {question.unit} {question.within} by {by}: {whole} != {groups}"


def _adds_up(metric: Metric, by: str, whole: Value, groups: Sequence[Group]) -> bool:
    if whole.num is None:
        return all(one.num is None for one in groups)
    if metric.shape is Shape.STOCK and by == "day":  # what stands at the end stands on the last day
        return same(groups[-1].num, whole.num)
    if not same(total([one.num for one in groups]), whole.num):
        return False
    dens = [one.den for one in groups]
    if metric.shape is Shape.PER_DAY and by != "day":  # the same days, whatever is counted on them
        return all(one is None or one <= (whole.den or 0) for one in dens)
    return whole.den is None or same(total(dens), whole.den)


def below(place: Place, question: Question, by: str) -> Iterator[tuple[Group, Question]]:
    """Each row of a breakdown, with the question that it opens."""
    for one in place.ask(replace(question, by=by)).groups:
        if by == "unit":
            yield one, replace(question, unit=one.key)
        else:
            yield (
                one,
                replace(
                    question, within=tuple(sorted({**dict(question.within), by: one.key}.items()))
                ),
            )

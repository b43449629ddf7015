"""Then and now: what figures of the past are by what is known today, where that is another.

The same question (this metric of that unit over those days, until that minute) is asked twice: the
snapshot of then holds what was known then, the store holds what is known now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from centre.domain.places import CITY
from centre.metrics.evaluate import value
from centre.metrics.later_counts import Comparing, counted
from centre.metrics.metric import Metric
from centre.metrics.questions import CannotAnswer, Question, Value
from centre.metrics.recent import Recent
from centre.metrics.sums import reads_cases
from centre.metrics.window import window
from centre.store import changes

Later = Mapping[tuple[str, str], float | None]
"""(metric, unit) -> the value by what is known now; only where it differs. Open cases, hours and
shares stand under the names of later_counts."""

SAME = 1e-9
"""Of a value: what adding in another order makes."""

_LATER: Recent[Later] = Recent(most=8)


def later(comparing: Comparing) -> Later:
    """Of every figure of cases that a snapshot shows; some 20 reads, kept until something moves."""
    conn = comparing.conn
    key = (comparing.then.seq, changes.latest(conn), comparing.scope.key, comparing.unit)
    return _LATER.made(
        conn.engine, key, lambda: {**dict(_moved(comparing)), **dict(counted(comparing))}
    )


def _moved(comparing: Comparing) -> Iterator[tuple[tuple[str, str], float | None]]:
    for id_, metric in comparing.metrics.items():
        if not reads_cases(metric):
            continue
        try:
            found = _asked(comparing, metric)
        except CannotAnswer:  # outside of what the asker may see: nor was it shown
            continue
        for unit, now in _by_unit(found):
            cell = comparing.then.cell(id_, unit)
            if cell.expected and not _is_same(cell.value, now):
                yield (id_, unit), now


def _asked(comparing: Comparing, metric: Metric) -> Value:
    city, then, present = comparing.city, comparing.then.city_now, comparing.present
    start, end = window(metric, then, city.tz)
    question = Question(metric=metric.id, unit=CITY, start=start, end=end, by="unit")
    return value(
        comparing.conn,
        city,
        question,
        comparing.scope,
        max(present.city_now, end),
        sources=present.sources,
        metrics=comparing.metrics,
    )


def _by_unit(found: Value) -> Sequence[tuple[str, float | None]]:
    return [(CITY, found.value), *((one.key, one.value) for one in found.groups)]


def _is_same(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is now
    return abs(then - now) <= SAME * max(1.0, abs(then))

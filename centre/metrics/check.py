"""Whether a question has an answer; if not, what there is instead."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.scope import Scope
from centre.metrics import breakdown
from centre.metrics.metric import Metric
from centre.metrics.questions import (
    BadPeriod,
    OutOfScope,
    Question,
    UnknownBy,
    UnknownMetric,
    UnknownUnit,
    UnknownVersion,
)
from centre.metrics.registry import METRICS


def check(
    city: City, question: Question, scope: Scope, metrics: Mapping[str, Metric] = METRICS
) -> Metric:
    """The metric that is asked for, by the definition that is asked for.

    Raise CannotAnswer, saying what there is instead.
    """
    metric = _defined(question, metrics)
    if question.unit not in {CITY, UNASSIGNED, *city.by_code}:
        near = _nearest(question.unit, [CITY, UNASSIGNED, *city.by_code])
        raise UnknownUnit(f'there is no unit "{question.unit}"{near}')
    if question.unit != CITY and not scope.allows_unit(question.unit):
        raise OutOfScope(f'"{question.unit}" is outside of what you may see')
    hidden = _hidden_kinds(metric, scope)
    if hidden:
        raise OutOfScope(f"{metric.id} counts cases that you may not see: {', '.join(hidden)}")
    if question.by is not None and question.by not in breakdown.offered(metric):
        there = ", ".join(breakdown.offered(metric))
        raise UnknownBy(f'{metric.id} has no breakdown by "{question.by}"; there is: {there}')
    _check_filters(metric, question)
    if question.end <= question.start:
        raise BadPeriod("the period is empty: `to` is exclusive and must lie after `from`")
    return metric


def _check_filters(metric: Metric, question: Question) -> None:
    there = breakdown.filters(metric)
    for dim, value in question.within:
        if dim not in there:
            words = ", ".join(there) or "none"
            raise UnknownBy(f'{metric.id} cannot be filtered by "{dim}"; there is: {words}')
        if "\x00" in value:
            raise UnknownBy(f"{dim} holds a NUL character; leave it out")


def _defined(question: Question, metrics: Mapping[str, Metric]) -> Metric:
    counted = metrics.get(question.metric)
    if counted is None:
        near = _nearest(question.metric, list(metrics))
        raise UnknownMetric(f'there is no metric "{question.metric}"{near}')
    if question.version is None:
        return counted
    metric = counted.at_version(question.version)
    if metric is None:
        raise no_version(counted, question.version)
    return metric


def no_version(metric: Metric, number: int | None) -> UnknownVersion:
    """That a metric has no such definition, and which it has."""
    there = ", ".join(str(one.version) for one in metric.versions)
    return UnknownVersion(f"{metric.id} has no definition of version {number}; there is: {there}")


def _hidden_kinds(metric: Metric, scope: Scope) -> tuple[str, ...]:
    """Kinds of case in a metric that the asker may not see. A cube has no kinds: all or nothing."""
    if scope.kinds is None or "case" not in metric.datasets:
        return ()
    return tuple(kind for kind in metric.kinds if kind not in scope.kinds)


def _nearest(text: str, known: list[str]) -> str:
    near = get_close_matches(text, known, n=1, cutoff=0.4)
    return f"; nearest: {near[0]}" if near else ""

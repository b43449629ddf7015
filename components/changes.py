"""What a figure says against a week ago: 比上周二同时段 多 269 件（+5.2 %），同 21 个中心."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from centre.domain.periods import RATE_DAYS
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Snapshot
from components.marks import figure, plain
from components.rich import Words, merged, rich
from components.text import number, short_weekday, signed, t
from components.view import View
from components.words import days_of_rates, filled, is_filling, is_of_days, is_today_so_far

FEW = 30
"""Below so many cases a change is said in cases."""


def same_week(snapshot: Snapshot, metric: str, unit: str) -> tuple[float, float] | None:
    """Now and a week ago; None when either cannot be had.

    Both are of the units that are present in both.
    """
    now, week = (one.value for one in snapshot.compared(metric, unit))
    return None if now is None or week is None else (now, week)


def change(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Words:
    """Against the same time last week, or why there is nothing to say."""
    pair = same_week(snapshot, metric.id, unit)
    if is_filling(snapshot) and not is_today_so_far(metric):
        return [filled(snapshot, view.lang, "filling.so_far")]
    if pair is None and is_of_days(metric) and days_of_rates(snapshot, unit) < RATE_DAYS:
        words = t(view.lang, "change.few_days", days=days_of_rates(snapshot, unit))
        return [plain("date", words)]
    if pair is None:
        return [t(view.lang, "filling.no_compare" if is_filling(snapshot) else "change.unknown")]
    pairing = _Pair.of(snapshot, view, metric, unit, pair)
    shown = _points(pairing) if metric.is_rate else _counted(snapshot, pairing)
    return shown + _same_units(snapshot, view, metric, unit)


def short_change(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Words:
    """The same for a narrow column: 比上周 多 3.1 %, 比上周 升 0.33 点."""
    pair = same_week(snapshot, metric.id, unit)
    if pair is None or is_filling(snapshot):
        return change(snapshot, view, metric, unit)
    lead = t(view.lang, "change.week_same" if is_today_so_far(metric) else "change.week_rate")
    pairing = _Pair.of(snapshot, view, metric, unit, pair)
    words = _short_points(pairing) if metric.is_rate else _short_amount(pairing)
    return [lead, " ", html.B(words)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A figure and that of a week ago."""

    view: View
    metric: Metric
    id: str
    now: float
    week: float

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        view: View,
        metric: Metric,
        unit: str,
        pair: tuple[float, float],
    ) -> _Pair:
        id_ = snapshot.compared(metric.id, unit)[0].figure
        return cls(view=view, metric=metric, id=id_, now=pair[0], week=pair[1])

    @property
    def difference(self) -> float:
        """As the screen rounds it."""
        digits = 4 if self.metric.is_rate else self.metric.digits
        return round(self.now - self.week, digits)

    def said(self, how: str, words: str) -> Any:
        """A number that is made of both."""
        return figure(self.view, self.id, words, against="week", how=how)


def _points(one: _Pair) -> Words:
    lang = one.view.lang
    if not one.difference:
        return [t(lang, "change.same_rate")]
    word = rich(
        lang, f"change.{'up' if one.difference > 0 else 'down'}", amount=_amount_points(one)
    )
    return [t(lang, "change.week_rate"), " ", html.B(word), f" {t(lang, 'change.points')}"]


def _short_points(one: _Pair) -> Words:
    if not one.difference:
        return [t(one.view.lang, "change.none")]
    key = "change.up_points" if one.difference > 0 else "change.down_points"
    return rich(one.view.lang, key, amount=_amount_points(one))


def _amount_points(one: _Pair) -> Any:
    return one.said("points", f"{abs(one.now - one.week) * 100:.2f}")


def _short_amount(one: _Pair) -> Words:
    """多 41.7 %; of few cases how many, for a share of them would say much of little."""
    lang = one.view.lang
    if not one.difference:
        return [t(lang, "change.none")]
    if (one.metric.shape is Shape.COUNT and max(one.now, one.week) < FEW) or not one.week:
        amount = _amount(one)
    else:
        share = abs(one.now - one.week) / one.week
        amount = [one.said("growth", f"{number(lang, share * 100, 1)} %")]
    return rich(lang, f"change.{_more(one)}", amount=amount)


def _more(one: _Pair) -> str:
    return "more" if one.difference > 0 else "less"


def _amount(one: _Pair) -> Words:
    """269 件."""
    lang, unit = one.view.lang, one.metric.unit.of(one.view.lang)
    shown = one.said("less", number(lang, abs(one.difference), one.metric.digits))
    return rich(lang, "change.amount", number=shown, unit=unit) if unit else [shown]


def _counted(snapshot: Snapshot, one: _Pair) -> Words:
    lang, today = one.view.lang, is_today_so_far(one.metric)
    local = snapshot.city_now.astimezone(one.view.city.tz).date()
    weekday = short_weekday(lang, local)
    if not one.difference:
        return [t(lang, "change.same_count" if today else "change.same_rate", weekday=weekday)]
    lead = t(lang, "change.week_count" if today else "change.week_rate", weekday=weekday)
    word = rich(lang, f"change.{_more(one)}", amount=_amount(one))
    return [lead, " ", html.B(word), *_growth(one)]


def _growth(one: _Pair) -> Words:
    """（+5.2 %）; nothing where a week ago there was nothing."""
    if not one.week:
        return []
    ratio = one.said("growth", signed((one.now - one.week) / one.week * 100, 1))
    return rich(one.view.lang, "change.ratio", ratio=ratio)


def _same_units(snapshot: Snapshot, view: View, metric: Metric, unit: str) -> Words:
    cell = snapshot.compared(metric.id, unit)[0]
    if metric.is_rate or cell.present >= cell.expected or not cell.present:
        return []
    words = rich(view.lang, "coverage.same_centres", count=plain("list", str(cell.present)))
    return merged([t(view.lang, "mark.comma"), *words])

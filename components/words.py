"""What a figure says beside its number: its change, its target, its age, who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centre.domain.periods import RATE_DAYS
from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.metric import Metric, Shape
from centre.snapshots.cells import Cell, Snapshot
from components.marks import figure
from components.marks import plain as plain_number
from components.rich import Words, rich
from components.text import DASH, age, has, join, moment, number, percent, t
from components.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A number cut at its decimal point, so that columns of numbers can stand on it."""

    integer: str
    fraction: str = ""
    unit: str = ""

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.integer}{self.fraction}{unit}"


def said(view: View, key: str, **words: object) -> str:
    """A text of the screen; in a city whose data is finished, which has no today, as of its past.

    Such a text has `_historic` at the end of its key.
    """
    past = f"{key}_historic"
    is_past = view.city.clock == "latest" and has(view.lang, past)
    return t(view.lang, past if is_past else key, **words)


def said_rich(view: View, key: str, **words: Any) -> Words:
    """As `said`, with words that are components."""
    past = f"{key}_historic"
    is_past = view.city.clock == "latest" and has(view.lang, past)
    return rich(view.lang, past if is_past else key, **words)


def filled(snapshot: Snapshot, lang: str, key: str) -> Any:
    """How far the first fill is: a history in days, a file in percent."""
    words = f"{key}_percent" if snapshot.fill_unit == "percent" else key
    said = t(lang, words, filled=snapshot.filled_days, total=snapshot.total_days)
    return plain_number("date", said)


def days_of_rates(snapshot: Snapshot, unit: str = CITY) -> int:
    """On how many complete days the rates of a place stand: 30, or as many as there are."""
    days = snapshot.cell("appeal.received.daily_avg", unit).den
    return round(days) if days else RATE_DAYS


def split(metric: Metric, value: float | None, lang: str) -> Split:
    """The metric's value as the screen writes it; "—" without unit for None."""
    if value is None:
        return Split(integer=DASH)
    digits = 2 if metric.is_rate else metric.digits
    text = number(lang, value * 100 if metric.is_rate else value, digits)
    integer, dot, fraction = text.partition(".")
    unit = "%" if metric.is_rate else metric.unit.of(lang)
    unit = "" if unit == "count" else unit  # the number says it
    return Split(integer=integer, fraction=dot + fraction, unit=unit)


def plain(metric: Metric, value: float | None, lang: str) -> str:
    """The value in one text: 83.94 %, 5,483 件."""
    return str(split(metric, value, lang))


def is_drawn(cell: Cell) -> bool:
    """Whether the value may stand as today's: a figure that is down shows "—" instead."""
    return cell.value is not None and cell.freshness is not Freshness.DOWN


def old_words(snapshot: Snapshot, view: View, unit: str) -> str:
    """截至 13:25 where a place's counts are no longer those of now; "" where they are."""
    cell = snapshot.cell("appeal.received.count", unit)
    if cell.as_of is None or cell.freshness not in (Freshness.DOWN, Freshness.STALE):
        return ""
    return t(view.lang, "date.as_of", at=as_of(snapshot, view, cell.as_of))


def is_filling(snapshot: Snapshot) -> bool:
    """Whether history is still coming in: rates then stand on fewer days than they say."""
    return snapshot.filled_days < snapshot.total_days


def is_today_so_far(metric: Metric) -> bool:
    """Whether "now" means today so far, so that a week ago means the same time of day."""
    return metric.shape is Shape.COUNT


def is_of_days(metric: Metric) -> bool:
    """Whether "now" means the 30 complete days."""
    return metric.shape not in (Shape.COUNT, Shape.STOCK, Shape.GAUGE)


def as_of(snapshot: Snapshot, view: View, instant: datetime | None) -> str:
    """14:05, or with its day when that is not today."""
    if instant is None:
        return DASH
    zone = view.city.tz
    return moment(view.lang, instant, zone, snapshot.city_now.astimezone(zone).date())


def age_of(snapshot: Snapshot, instant: datetime | None) -> float | None:
    """Seconds between a moment and the city's clock."""
    return None if instant is None else (snapshot.city_now - instant).total_seconds()


def missing_names(view: View, codes: tuple[str, ...], most: int = 2) -> Words:
    """甲区、乙县, or 甲区、乙县等 5 个."""
    if not codes:
        return []
    names = join(view.lang, (view.city.unit_name(code, view.lang) for code in codes[:most]))
    if len(codes) <= most:
        return [names]
    count = plain_number("list", str(len(codes)))
    return rich(view.lang, "coverage.and_more", names=names, count=count)


def gap(view: View, metric: Metric, value: float) -> float | None:
    """How far the value is from its target on the wrong side; None without target or when met."""
    target = view.city.targets.get(metric.id)
    if target is None:
        return None
    short = value - target.value if metric.direction == "down" else target.value - value
    return short if short > 0 else None


def gap_words(
    snapshot: Snapshot, view: View, metric: Metric, unit: str, key: str = "target.short_points"
) -> Words:
    """差 1.06 点; 差 0.4 for what is no rate; [] where the target is reached."""
    cell = snapshot.cell(metric.id, unit)
    short = gap(view, metric, cell.value) if cell.value is not None else None
    if short is None:
        return []
    digits = f"{short * 100:.2f}" if metric.is_rate else number(view.lang, short, metric.digits)
    amount = figure(view, cell.figure, digits, against="target", how="gap")
    return rich(view.lang, key if metric.is_rate else "target.short_amount", amount=amount)


def target_words(view: View, metric: Metric) -> Any:
    """目标 85 %, with as many digits as the target has."""
    value = view.city.targets[metric.id].value
    words = t(view.lang, "target.line", value=limit_words(metric, value, view.lang))
    return plain_number("text", words)


def limit_words(metric: Metric, value: float | None, lang: str) -> str:
    """85 %, 4.5: a target is written as it was set."""
    if value is None:
        return DASH
    if metric.is_rate:
        return percent(lang, value, 0 if round(value * 100, 2) % 1 == 0 else 2)
    return f"{value:g}"


_BOUNDS = {"=": "exact", ">": "above", ">=": "at_least", "~": "about"}


def published_words(view: View, metric: Metric, key: str = "target.published") -> Any:
    """公布参考 83.94 %（2018-12）; None when the city never published it."""
    one = view.city.published.get(metric.id)
    if one is None:
        return None
    bound = t(view.lang, f"bound.{_BOUNDS.get(one.bound, 'exact')}")
    value = plain(metric, one.value, view.lang)
    return plain_number("text", t(view.lang, key, bound=bound, value=value, period=one.period))


def age_words(snapshot: Snapshot, view: View, cell: Cell) -> str:
    """晚 7 分, 截至 11:20, 中断 42 分; "" while live."""
    lang, seconds = view.lang, age_of(snapshot, cell.as_of)
    if cell.freshness is Freshness.LIVE:
        return ""
    if cell.freshness is Freshness.MISSING or seconds is None:
        return t(lang, "age_note.missing")
    if cell.freshness is Freshness.STALE:
        return t(lang, "date.as_of", at=as_of(snapshot, view, cell.as_of))
    return t(lang, f"age_note.{cell.freshness}", age=age(lang, seconds))


def category_name(view: View, key: str) -> str:
    """The category's name in the city's codes; a text of the source as it is."""
    return _code_name(view, "category", key) if key else t(view.lang, "what.blank")


def channel_name(view: View, key: str) -> str:
    """The channel's name in the city's codes; a text of the source as it is."""
    return _code_name(view, "channel", key) if key else t(view.lang, "by_channel.blank")


def _code_name(view: View, field: str, key: str) -> str:
    name = view.city.codes.get(field, {}).get(key)
    return name.of(view.lang) if name else key

"""What a figure is called, over which time it is, and how its number is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from centre.domain.periods import day_start, local_day
from centre.metrics.asking import Recalled
from components.desk.provenance import Provenance
from components.desk.quality_cells import in_percent
from components.desk.ranks import key_name
from components.desk.reconciled import signed
from components.marks import plain
from components.rich import Words, joined
from components.text import DASH, full_day, has, number, t
from components.view import View
from components.words import Split, split


def name(view: View, found: Provenance) -> str:
    """群众满意率 · 锦江区; of rows of a source its name."""
    lang, query = view.lang, found.asked.query
    dot, place = t(lang, "mark.dot"), view.city.unit_name(found.asked.unit, lang)
    if "source" in query:
        one = next(iter(found.sources), None)
        place = (one.en if lang == "en" else one.zh) if one else str(query["source"])
    if "ledger" in query:
        return f"{t(lang, 'quality.' + str(query['ledger']))}{dot}{place}"
    if "source" in query:
        return f"{t(lang, 'figure.rows_' + str(query['count']))}{dot}{place}"
    if "clock" in query:
        return f"{t(lang, 'figure.clock_' + str(query['clock']))}{dot}{place}"
    metric = found.metric
    return f"{metric.name.of(lang) if metric else found.asked.metric}{dot}{place}"


def shown_value(view: View, found: Provenance, one: Recalled) -> Split:
    """The number as the screens write it."""
    if found.metric is not None:
        return split(found.metric, one.value, view.lang)
    query = found.asked.query
    key = "figure.unit_rows" if "source" in query else "figure.unit_cases"
    if one.num is None:
        return Split(integer=DASH)
    if "ledger" in query:
        return _of_ledger(view.lang, str(query["ledger"]), one)
    is_expected = str(found.asked.query.get("clock", "")).startswith("expected")
    return Split(integer=number(view.lang, one.num, int(is_expected)), unit=t(view.lang, key))


def _of_ledger(lang: str, name: str, one: Recalled) -> Split:
    """99.8 %; 29/30 days; a count of days, cases or rows."""
    if name == "punctual":
        return Split(integer=in_percent(lang, one.value) if one.value is not None else DASH)
    if name in ("fetched", "taken_away"):
        return Split(integer=number(lang, one.num), unit=t(lang, "figure.unit_cases"))
    if name == "unlike":
        words = signed(lang, int(one.num or 0))
        return Split(integer=words, unit=t(lang, "figure.unit_cases"))
    if name in ("complete", "alike", "revised"):
        words = number(lang, one.num)
        if one.den is not None:
            words = f"{words}/{number(lang, one.den)}"
        return Split(integer=words, unit=t(lang, "figure.unit_days"))
    return Split(integer=number(lang, one.num), unit=t(lang, "figure.unit_rows"))


def period(view: View, found: Provenance) -> str:
    """2026年5月17日 至 6月15日（30 天）; a running day until its minute."""
    then, lang = found.then, view.lang
    if then.end is None:
        return DASH
    if then.start is None:
        return t(lang, "figure.until", at=instant(view, then.end))
    if then.is_running and found.metric is not None and found.metric.shape in ("stock", "gauge"):
        return t(lang, "figure.until", at=instant(view, found.moment.now))
    if then.is_running or not _are_days(view, then):
        start, end = instant(view, then.start), instant(view, then.end)
        return t(lang, "figure.span", start=start, end=end)
    first = local_day(then.start, view.city.tz)
    last = local_day(then.end, view.city.tz) - timedelta(days=1)
    if first == last:
        return full_day(lang, first)
    words = {"start": full_day(lang, first), "end": full_day(lang, last)}
    return t(lang, "figure.days", **words, count=(last - first).days + 1)


def _are_days(view: View, then: Recalled) -> bool:
    zone = view.city.tz
    return all(
        at is not None and at == day_start(local_day(at, zone), zone)
        for at in (then.start, then.end)
    )


def instant(view: View, at: datetime) -> str:
    """2026年6月16日 10:30."""
    local = at.astimezone(view.city.tz)
    return f"{full_day(view.lang, local.date())} {local:%H:%M}"


def asked_words(view: View, found: Provenance) -> Words:
    """Scope and filters: 全市，渠道 12345电话，上周同期."""
    lang, query = view.lang, found.asked.query
    words: list[Any] = []
    if "source" not in query:
        words.append(view.city.unit_name(found.asked.unit, lang))
    by, key = query.get("dim") or query.get("by"), query.get("key")
    if by and key is not None:
        words.append(f"{t(lang, f'field.{by}')} {key_name(view, by, key, found.asked.unit)}")
    elif by:
        words.append(t(lang, "metric.by", field=t(lang, f"field.{by}")))
    if "hour" in query:
        words.append(plain("date", t(lang, "date.hour", hour=query["hour"])))
    window = f"figure.window_{query.get('window')}"
    if has(lang, window):
        words.append(t(lang, window))
    return joined(lang, "mark.comma", words) or [t(lang, "figure.no_filters")]

"""/quality: how punctual and complete sources and units deliver, over 30 days, and the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from centre.domain.places import CITY
from centre.metrics.quality_lines import Day, Line, Quality
from centre.snapshots.cells import Snapshot, SourceState
from components.desk import links, states
from components.desk.quality_bars import bars
from components.desk.quality_cells import (
    FAIR,
    GOOD,
    Whose,
    count,
    days_of,
    in_percent,
    of,
    punctual,
    unlike,
)
from components.desk.source_rows import name
from components.desk.sources import reason_words
from components.desk.table import Column, table
from components.marks import plain
from components.tags import aria, data
from components.text import DASH, full_day, join, number, t
from components.view import View

COUNTS = ("corrected", "duplicate", "rejected")
Reasons = Mapping[tuple[str, str], int]
"""(field, reason) -> refused rows that are kept."""


def by_source(snapshot: Snapshot, view: View, found: Quality, opened: str) -> Any:
    """All sources, the least punctual first, and all of them together."""
    lang = view.lang
    known = {one.id: one for one in snapshot.sources}
    ordered = sorted(found.sources, key=lambda one: (one.punctual is None, one.punctual or 0.0))
    columns = [Column(words=t(lang, "quality.source"))]
    columns += [Column(words=t(lang, "quality.unit"), class_name="spare")]
    columns += _columns(lang, ("punctual", "days", "complete", *COUNTS, "revised", "alike"))
    rows = [_source_row(view, found, one, known[one.id]) for one in ordered]
    marked = ["open" if one.id == opened else "" for one in ordered]
    title = t(lang, "quality.by_source")
    foot = [_city_row(view, found)] if found.is_whole else []
    return states.card(
        title,
        html.P(t(lang, "quality.made"), className="made", **data(plain="text")),
        table(columns, rows, caption=title, marked=marked, foot=foot),
        note=_span(lang, found),
        class_name="quality-card",
    )


def _source_row(view: View, found: Quality, one: Line, known: SourceState) -> list[Any]:
    whose = of(view, found, source=one.id)
    refused = count(whose, "rejected", one.amount("rejected"), is_link=False)
    return [
        dcc.Link(name(view, known), href=links.quality(one.id)),
        _unit(view, known.unit),
        punctual(whose, one.amount("punctual")),
        strip(view, one),
        days_of(whose, "complete", one.amount("complete")),
        *(count(whose, each, one.amount(each)) for each in COUNTS[:-1]),
        dcc.Link(refused, href=links.source(one.id)),
        count(whose, "revised", one.amount("revised")),
        days_of(whose, "alike", one.amount("alike")),
    ]


def _city_row(view: View, found: Quality) -> list[Any]:
    """Sums over sums; not the mean of the lines above."""
    whose = of(view, found, unit=CITY)
    return [
        view.city.unit_name(CITY, view.lang),
        "",
        punctual(whose, found.city("punctual")),
        "",
        days_of(whose, "complete", found.city("complete")),
        *(count(whose, each, found.city(each)) for each in (*COUNTS, "revised")),
        days_of(whose, "alike", found.city("alike")),
    ]


def by_unit(view: View, found: Quality) -> Any:
    """All units, the least complete first."""
    lang = view.lang
    columns = [
        Column(words=t(lang, "quality.unit")),
        *_columns(lang, ("punctual", "days", "complete", *COUNTS, "revised")),
    ]
    rows = [_unit_row(view, found, one) for one in sorted(found.units, key=_gap)]
    drawn = table(columns, rows, caption=t(lang, "quality.by_unit"))
    return states.card(
        t(lang, "quality.by_unit"),
        html.P(t(lang, "quality.made_unit"), className="made"),
        drawn,
        note=_span(lang, found),
        class_name="quality-card",
    )


def _unit_row(view: View, found: Quality, one: Line) -> list[Any]:
    whose = of(view, found, unit=one.id)
    return [
        dcc.Link(view.city.unit_name(one.id, view.lang), href=links.district(one.id)),
        punctual(whose, one.amount("punctual")),
        strip(view, one),
        days_of(whose, "complete", one.amount("complete")),
        *(count(whose, each, one.amount(each)) for each in (*COUNTS, "revised")),
    ]


def opened(view: View, title: str, found: Quality, one: Line, reasons: Reasons | None) -> Any:
    """One source day by day, and why rows of it were refused; None: that is not known of then."""
    lang, whose = view.lang, of(view, found, source=one.id)
    columns = [
        Column(words=t(lang, "quality.day")),
        *_columns(lang, ("punctual", "complete", "sent", "stored", *COUNTS, "revised", "unlike")),
    ]
    rows = [_day_row(whose.on(day.day), one.on(day.day), day) for day in reversed(one.days)]
    close = dcc.Link(t(lang, "sources.close"), href="/quality")
    told = None if reasons is None else _reasons(lang, one.id, reasons)
    return states.card(
        title,
        html.Div(told, className="tabs reasons") if told else None,
        bars(whose, one, ("sent", "stored", *COUNTS)),
        table(columns, rows, caption=title),
        link=close,
        class_name="quality-card",
    )


def _day_row(whose: Whose, alone: Line, one: Day) -> list[Any]:
    lang = whose.view.lang
    marks = {True: "quality.yes", False: "quality.no"}
    whole = t(lang, marks[one.is_complete]) if one.is_complete is not None else DASH
    return [
        plain("date", full_day(lang, one.day)),
        punctual(whose, alone.amount("punctual")),
        whole,
        *(count(whose, name, alone.amount(name)) for name in ("sent", "stored", *COUNTS)),
        t(lang, "quality.yes") if one.is_revised else "",
        unlike(whose, alone),
    ]


def _reasons(lang: str, source: str, reasons: Reasons) -> list[Any]:
    """Why rows were refused; each leads to the rows."""
    found: dict[str, int] = {}
    for (_, reason), many in reasons.items():
        found[reason] = found.get(reason, 0) + many
    if not found:
        return [html.Span(t(lang, "sources.none_refused"), className="weak")]
    return [
        dcc.Link(
            [reason_words(lang, reason), " ", plain("list", number(lang, many))],
            href=links.source(source, reason=reason),
        )
        for reason, many in sorted(found.items(), key=lambda one: -one[1])
    ]


def strip(view: View, one: Line) -> Any:
    """30 squares, one a day: red and hollow words stand in their titles."""
    lang = view.lang
    squares = [html.I(className=f"day {tone(day)}", title=day_words(lang, day)) for day in one.days]
    bad = [full_day(lang, day.day) for day in one.days if tone(day) == "bad"]
    words = t(lang, "quality.bad_days", days=join(lang, bad)) if bad else t(lang, "quality.no_bad")
    return html.Span(squares, className="day-strip", role="img", **aria(label=words))


def tone(day: Day) -> str:
    """good, fair, bad, or none where nothing is known."""
    if day.is_complete is False:
        return "bad"
    if day.punctual is None:
        return "none" if day.is_complete is None else "good"
    return "good" if day.punctual >= GOOD else "fair" if day.punctual >= FAIR else "bad"


def day_words(lang: str, day: Day) -> str:
    """2026年6月16日：及时 99.8 %，已完整."""
    words = []
    if day.punctual is not None:
        words.append(t(lang, "quality.was_punctual", share=in_percent(lang, day.punctual)))
    if day.is_complete is not None:
        words.append(t(lang, f"quality.{'is_whole' if day.is_complete else 'is_short'}"))
    if day.is_revised:
        words.append(t(lang, "quality.is_revised"))
    said = t(lang, "mark.comma").join(words) or t(lang, "quality.unknown")
    return f"{full_day(lang, day.day)}{t(lang, 'mark.colon')}{said}"


def _columns(lang: str, names: Sequence[str]) -> list[Column]:
    return [Column(words=t(lang, f"quality.{one}"), is_number=one != "days") for one in names]


def _unit(view: View, unit: str | None) -> Any:
    if unit is None:
        return t(view.lang, "sources.many")
    return dcc.Link(view.city.unit_name(unit, view.lang), href=links.district(unit))


def _gap(one: Line) -> tuple[float, int]:
    there, expected = one.complete
    return (there / expected if expected else 2.0, -(one.revised or 0))


def _span(lang: str, found: Quality) -> Any:
    def words(one: date) -> str:
        return full_day(lang, one)

    said = t(lang, "quality.span", first=words(found.days.first), last=words(found.days.last))
    return plain("date", said)

"""/quality: how punctual and complete sources and units deliver, over 30 days, and the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from centre.metrics.quality import Day, Line, Quality
from centre.snapshots.cells import Snapshot
from centre.store.reconciled import Compared
from components.desk import links, states
from components.desk.quality_bars import bars
from components.desk.reconciled import signed
from components.desk.source_rows import name
from components.desk.sources import reason_words
from components.desk.table import Column, table
from components.marks import plain
from components.tags import aria, data
from components.text import DASH, full_day, join, number, percent, t
from components.view import View

GOOD, FAIR = 0.99, 0.9
"""Shares of a day's time from which its square is green, and grey-amber; below it is red."""

COUNTS = ("corrected", "duplicate", "rejected")
Reasons = Mapping[tuple[str, str], int]
"""(field, reason) -> refused rows that are kept."""


def by_source(snapshot: Snapshot, view: View, found: Quality, opened: str) -> Any:
    """All sources, the least punctual first."""
    lang = view.lang
    known = {one.id: one for one in snapshot.sources}
    ordered = sorted(found.sources, key=lambda one: (one.punctual is None, one.punctual or 0.0))
    columns = [Column(words=t(lang, "quality.source"))]
    columns += [Column(words=t(lang, "quality.unit"), class_name="spare")]
    columns += _columns(lang, ("punctual", "days", "complete", *COUNTS, "revised", "alike"))
    rows = [
        [
            dcc.Link(name(view, known[one.id]), href=links.quality(one.id)),
            _unit(view, known[one.id].unit),
            _share(lang, one.punctual),
            strip(view, one),
            _of(lang, one.complete),
            *(_count(lang, one.count(count)) for count in COUNTS[:-1]),
            dcc.Link(_count(lang, one.count("rejected")), href=links.source(one.id)),
            _count(lang, one.revised if known[one.id].unit else None),
            _of(lang, one.alike),
        ]
        for one in ordered
    ]
    marked = ["open" if one.id == opened else "" for one in ordered]
    drawn = table(columns, rows, caption=t(lang, "quality.by_source"), marked=marked)
    return states.card(
        t(lang, "quality.by_source"),
        html.P(t(lang, "quality.made"), className="made", **data(plain="text")),
        drawn,
        note=_span(lang, found),
        class_name="quality-card",
    )


def by_unit(view: View, found: Quality) -> Any:
    """All units, the least complete first."""
    lang = view.lang
    columns = [
        Column(words=t(lang, "quality.unit")),
        *_columns(lang, ("punctual", "days", "complete", *COUNTS, "revised")),
    ]
    ordered = sorted(found.units, key=_gap)
    rows = [
        [
            dcc.Link(view.city.unit_name(one.id, lang), href=links.district(one.id)),
            _share(lang, one.punctual),
            strip(view, one),
            _of(lang, one.complete),
            *(_count(lang, one.count(count)) for count in COUNTS),
            _count(lang, one.revised),
        ]
        for one in ordered
    ]
    drawn = table(columns, rows, caption=t(lang, "quality.by_unit"))
    return states.card(
        t(lang, "quality.by_unit"),
        html.P(t(lang, "quality.made_unit"), className="made"),
        drawn,
        note=_span(lang, found),
        class_name="quality-card",
    )


def opened(view: View, title: str, one: Line, reasons: Reasons) -> Any:
    """One source day by day, and why rows of it were refused."""
    lang = view.lang
    columns = [
        Column(words=t(lang, "quality.day")),
        *_columns(lang, ("punctual", "complete", "sent", "stored", *COUNTS, "revised", "unlike")),
    ]
    rows = [_day_row(lang, day) for day in reversed(one.days)]
    close = dcc.Link(t(lang, "sources.close"), href="/quality")
    return states.card(
        title,
        html.Div(_reasons(lang, one.id, reasons), className="tabs reasons"),
        bars(lang, one, ("sent", "stored", *COUNTS)),
        table(columns, rows, caption=title),
        link=close,
        class_name="quality-card",
    )


def _day_row(lang: str, one: Day) -> list[Any]:
    entry = one.entry
    names = ("sent", "stored", *COUNTS)
    none = 0 if one.late is not None else None
    marks = {True: "quality.yes", False: "quality.no"}
    whole = t(lang, marks[one.is_complete]) if one.is_complete is not None else DASH
    return [
        plain("date", full_day(lang, one.day)),
        _share(lang, one.punctual),
        whole,
        *(_count(lang, getattr(entry, count) if entry else none) for count in names),
        t(lang, "quality.yes") if one.is_revised else "",
        _unlike(lang, one.compared),
    ]


def _unlike(lang: str, compared: Compared | None) -> Any:
    """How many cases the source has more, or fewer, than we; what sweeps did stands beside it."""
    if compared is None:
        return DASH
    words = signed(lang, compared.difference)
    if not compared.swept_at:
        return plain("text", words)
    counts = {"came": number(lang, compared.came), "removed": number(lang, compared.removed)}
    swept = html.Small(t(lang, "quality.swept", **counts), className="weak")
    return plain("text", words, " ", swept)


def _reasons(lang: str, source: str, reasons: Reasons) -> list[Any]:
    """Why rows were refused; each leads to the rows."""
    found: dict[str, int] = {}
    for (_, reason), count in reasons.items():
        found[reason] = found.get(reason, 0) + count
    if not found:
        return [html.Span(t(lang, "sources.none_refused"), className="weak")]
    return [
        dcc.Link(
            [reason_words(lang, reason), " ", plain("list", number(lang, count))],
            href=links.source(source, reason=reason),
        )
        for reason, count in sorted(found.items(), key=lambda one: -one[1])
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
        words.append(t(lang, "quality.was_punctual", share=_percent(lang, day.punctual)))
    if day.is_complete is not None:
        words.append(t(lang, f"quality.{'is_whole' if day.is_complete else 'is_short'}"))
    if day.is_revised:
        words.append(t(lang, "quality.is_revised"))
    said = t(lang, "mark.comma").join(words) or t(lang, "quality.unknown")
    return f"{full_day(lang, day.day)}{t(lang, 'mark.colon')}{said}"


def _columns(lang: str, names: Sequence[str]) -> list[Column]:
    return [Column(words=t(lang, f"quality.{one}"), is_number=one != "days") for one in names]


def _share(lang: str, share: float | None) -> Any:
    if share is None:
        return DASH
    name = "good" if share >= GOOD else "fair" if share >= FAIR else "bad"
    return plain("text", _percent(lang, share), class_name=f"share {name}")


def _percent(lang: str, share: float) -> str:
    """Never 100.0 % by rounding: all of the time is all of it."""
    return percent(lang, min(share, 0.999) if share < 1 else share, 1)


def _of(lang: str, parts: tuple[int, int]) -> Any:
    there, expected = parts
    words = f"{number(lang, there)}/{number(lang, expected)}" if expected else DASH
    return plain("text", words, class_name="share bad" if there < expected else "share")


def _count(lang: str, count: float | None) -> Any:
    return plain("text", number(lang, count))


def _unit(view: View, unit: str | None) -> Any:
    if unit is None:
        return t(view.lang, "sources.many")
    return dcc.Link(view.city.unit_name(unit, view.lang), href=links.district(unit))


def _gap(one: Line) -> tuple[float, int]:
    there, expected = one.complete
    return (there / expected if expected else 2.0, -one.revised)


def _span(lang: str, found: Quality) -> Any:
    def words(one: date) -> str:
        return full_day(lang, one)

    said = t(lang, "quality.span", first=words(found.days.first), last=words(found.days.last))
    return plain("date", said)

"""What a trial of a source file has shown: rows as they are read, refusals, doubts, the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from centre.citypack.finding import Finding
from centre.domain.parse import SKEW
from centre.domain.sources import SourceConfig
from components.desk import states
from components.desk.refused_files import place
from components.desk.sources import reason_words
from components.desk.table import Column, table
from components.marks import mark, plain, status
from components.text import DASH, age, has, join, number, percent, t
from components.view import View
from datasources.kit.report import Blank, Refusal, Report, Unknown


def findings(view: View, found: Sequence[Finding]) -> Any:
    """Mistakes of the file, each with what to do."""
    lines = [
        html.Li(
            [
                mark("watch"),
                html.Div(
                    [
                        plain("id", place(one), class_name="mono"),
                        html.P(plain("text", f"{one.problem}; {one.remedy}")),
                    ]
                ),
            ],
            className="finding",
        )
        for one in found
    ]
    return states.card(t(view.lang, "editor.mistakes"), html.Ul(lines, className="findings"))


def no_answer(view: View, said: str) -> Any:
    """The file is well, the source is not."""
    words = html.P(plain("text", said), className="mono")
    return states.card(
        t(view.lang, "editor.no_answer"), html.Div([words], className="empty", role="alert")
    )


def report(view: View, found: Report, config: SourceConfig) -> Any:
    """All that a sample tells, the verdict first."""
    lang = view.lang
    return states.card(
        t(lang, "editor.report"),
        html.P(verdict(lang, found), className="editor-verdict"),
        html.P(plain("list", _counts(view, found)), className="note"),
        _points(view, found, config),
        _shown(lang, found.shown),
        _refusals(lang, found.refusals),
        _unknown(lang, found.unknown),
        _blanks(lang, found.blanks),
    )


def verdict(lang: str, found: Report) -> Any:
    """Whether a collector would take it."""
    bad = number(lang, found.rows - found.good)
    if not found.rows:
        return status("none", t(lang, "editor.no_rows"), "unknown")
    if not found.is_ready:
        words = t(lang, "editor.not_ready_rows", bad=bad, rows=number(lang, found.rows))
        return plain("list", status("down", words, "watch"))
    words = t(lang, "editor.ready_but" if found.rows > found.good else "editor.ready", bad=bad)
    return plain("list", status("good", words, "good"))


def _counts(view: View, found: Report) -> str:
    lang, speed = view.lang, found.rows_per_second
    newest = found.newest.astimezone(view.city.tz) if found.newest else None
    return t(
        lang,
        "editor.counts",
        rows=number(lang, found.rows),
        good=number(lang, found.good),
        speed=number(lang, speed),
        newest=newest.strftime("%Y-%m-%d %H:%M") if newest else DASH,
    )


def _points(view: View, found: Report, config: SourceConfig) -> Any:
    """What a person should look at, in the language of the screen."""
    lang, ahead = view.lang, found.ahead_seconds
    points: list[str] = []
    if config.contact.strip() == "?":
        points.append(t(lang, "editor.ask_contact"))
    if ahead is not None:
        key = "editor.ask_clock" if ahead <= SKEW.total_seconds() else "editor.ask_zone"
        points.append(t(lang, key, length=age(lang, ahead)))
    elif any(one.startswith("age:") for one in found.open):
        points.append(t(lang, "editor.ask_age", promise=age(lang, config.interval_seconds)))
    kept = [one.word for one in found.unknown if not one.is_refused]
    if kept:
        points.append(t(lang, "editor.ask_words", words=join(lang, kept[:5])))
    if not points:
        return None
    return html.Ul([html.Li(plain("text", one)) for one in points], className="editor-points")


def _table(lang: str, key: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    title = t(lang, f"editor.{key}")
    shown = table([Column(words=one) for one in names], rows, caption=title)
    return html.Div([html.H3(title), shown], className="editor-part")


def field_words(lang: str, name: str) -> Any:
    """A field of ours by its name on the screen; its word where it has none."""
    word = plain("id", name, class_name="mono note")
    return [t(lang, f"field.{name}"), " ", word] if has(lang, f"field.{name}") else word


def _shown(lang: str, rows: Sequence[Mapping[str, str]]) -> Any:
    if not rows:
        return None
    names = [field_words(lang, name) for name in rows[0]]
    cells = [[plain("text", word) for word in one.values()] for one in rows]
    return _table(lang, "shown", names, cells)


def _refusals(lang: str, found: Sequence[Refusal]) -> Any:
    if not found:
        return None
    names = [t(lang, f"editor.{one}") for one in ("reason", "field", "rows", "instance")]
    cells = [
        [
            reason_words(lang, one.reason),
            field_words(lang, one.field),
            plain("list", number(lang, one.rows)),
            plain("text", f"{one.key or DASH}: {one.detail}"),
        ]
        for one in found
    ]
    return _table(lang, "refused", names, cells)


def _unknown(lang: str, found: Sequence[Unknown]) -> Any:
    if not found:
        return None
    names = [t(lang, f"editor.{one}") for one in ("word", "field", "rows", "nearest", "row_is")]
    cells = [
        [
            plain("text", one.word or DASH),
            field_words(lang, one.field),
            plain("list", number(lang, one.rows)),
            plain("id", one.nearest or DASH, class_name="mono"),
            t(lang, "editor.is_refused" if one.is_refused else "editor.is_kept"),
        ]
        for one in found
    ]
    return _table(lang, "unknown", names, cells)


def _blanks(lang: str, found: Sequence[Blank]) -> Any:
    if not found:
        return None
    names = [t(lang, f"editor.{one}") for one in ("field", "share")]
    cells = [
        [field_words(lang, one.field), plain("list", percent(lang, one.share, 0))] for one in found
    ]
    return _table(lang, "blanks", names, cells)

"""The table of a city's units: parts that add up to the whole, with what is not assigned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import dcc, html

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.status import Freshness
from centre.metrics.later_counts import due_name
from centre.snapshots.cells import Due, Snapshot
from components import codes
from components.colours import ratio
from components.desk import links
from components.desk.ratio import is_surge
from components.desk.table import Column, table
from components.marks import coverage, figure, mark, plain, status
from components.notes import before, note_mark
from components.past import count_now, then_now
from components.text import DASH, number, t
from components.view import View
from components.words import age_words, is_drawn, said, split

RECEIVED, BACKLOG = "appeal.received.count", "appeal.backlog.count"
RATES = ("appeal.on_time_rate", "appeal.resolution_rate", "appeal.satisfaction_rate")
Worth = Callable[[Snapshot, View, str], float | None]

DEFAULT = "-received"


def sort_of(text: str | None) -> str | None:
    """The order that ?sort= asks for; None when there is no such order."""
    if not text:
        return DEFAULT
    return text if text.removeprefix("-") in SORTS else None


def units_table(snapshot: Snapshot, view: View) -> Any:
    """All units and their sum; the view's key is the order."""
    sort = sort_of(view.key) or DEFAULT
    codes = ordered(snapshot, view, sort)
    return table(
        _columns(snapshot, view),
        [_row(snapshot, view, code) for code in codes],
        foot=[_row(snapshot, view, CITY)],
        caption=said(view, "units.caption"),
        sort=sort,
        marked=["surge" if _surges(snapshot, code) else "" for code in codes],
        class_name="units",
    )


def ordered(snapshot: Snapshot, view: View, sort: str) -> list[str]:
    """Codes in the asked order; those without a value last, 未分配 at the very end."""
    codes = [unit.code for unit in view.city.units]
    word, is_down = sort.removeprefix("-"), sort.startswith("-")
    worths = {code: SORTS[word](snapshot, view, code) for code in codes}
    known = [code for code in codes if worths[code] is not None]
    known.sort(key=lambda code: worths[code] or 0.0, reverse=is_down)
    rest = [code for code in codes if worths[code] is None]
    return [*known, *rest, *_blank(snapshot)]


def _blank(snapshot: Snapshot) -> list[str]:
    cells = (snapshot.cell(RECEIVED, UNASSIGNED), snapshot.cell(BACKLOG, UNASSIGNED))
    return [UNASSIGNED] if any(cell.num is not None for cell in cells) else []


def _surges(snapshot: Snapshot, code: str) -> bool:
    now, usual = snapshot.cell(RECEIVED, code), snapshot.cell(RECEIVED, code, "usual")
    return is_surge(now.value, usual.value)


def _value(metric: str) -> Worth:
    def worth(snapshot: Snapshot, _view: View, code: str) -> float | None:
        cell = snapshot.cell(metric, code)
        return cell.value if is_drawn(cell) else None

    return worth


def _overdue(snapshot: Snapshot, _view: View, code: str) -> float | None:
    due = snapshot.dues.get(code)
    return due.overdue if due else None


def _place(_snapshot: Snapshot, view: View, code: str) -> float | None:
    """The city's own order, first first: as a number that falls."""
    return -[unit.code for unit in view.city.units].index(code)


SORTS: dict[str, Worth] = {
    "unit": _place,
    "received": _value(RECEIVED),
    "ratio": lambda snapshot, _view, code: ratio(snapshot, code),
    "open": _value(BACKLOG),
    "overdue": _overdue,
    "on_time": _value(RATES[0]),
    "resolution": _value(RATES[1]),
    "satisfaction": _value(RATES[2]),
}


def _columns(snapshot: Snapshot, view: View) -> list[Column]:
    lang = view.lang
    names = {word: said(view, f"units.{word}") for word in list(SORTS)[1:]}
    numbers = [Column(words=words, sort=word, is_number=True) for word, words in names.items()]
    return [Column(words=t(lang, "units.unit"), sort="unit"), *numbers]


def _row(snapshot: Snapshot, view: View, code: str) -> list[Any]:
    return [
        _name(snapshot, view, code),
        _figure(snapshot, view, RECEIVED, code),
        _ratio(snapshot, view, code),
        _figure(snapshot, view, BACKLOG, code),
        _overdue_link(view, code, snapshot.dues.get(code)),
        *(_figure(snapshot, view, metric, code) for metric in RATES),
    ]


def _overdue_link(view: View, code: str, due: Due | None) -> Any:
    if due is None or due.overdue is None:
        return DASH
    id_ = codes.due(code, due, "overdue")
    shown = figure(view, id_, number(view.lang, due.overdue), is_link=False)
    link = dcc.Link(shown, href=links.cases(unit=code, status="overdue"))
    changed = count_now(view, due_name("overdue"), code, due.overdue)
    return [link, changed] if changed is not None else link


def _name(snapshot: Snapshot, view: View, code: str) -> Any:
    cell = snapshot.cell(RECEIVED, code)
    if code == CITY:
        return [t(view.lang, "units.total"), " ", coverage(cell, view)]
    name = dcc.Link(view.city.unit_name(code, view.lang), href=links.district(code))
    if cell.freshness in (Freshness.LIVE, Freshness.MISSING):
        return name
    shape = "down" if cell.freshness is Freshness.DOWN else "late"
    age = plain("date", age_words(snapshot, view, cell))
    return [name, " ", html.Small(status(shape, [age]))]


def _figure(snapshot: Snapshot, view: View, metric: str, code: str) -> Any:
    cell = snapshot.cell(metric, code)
    shown = split(view.metrics[metric], cell.value if is_drawn(cell) else None, view.lang)
    text = f"{shown.integer}{shown.fraction}"
    is_stale = cell.freshness is Freshness.STALE
    drawn = figure(view, cell.figure, text, class_name="stale" if is_stale else "")
    changed = then_now(view, view.metrics[metric], code, cell.value)
    noted = note_mark(snapshot, view, view.metrics[metric], code)
    return before(noted, [drawn, changed] if changed else drawn)


def _ratio(snapshot: Snapshot, view: View, code: str) -> Any:
    """Today ÷ usual x 100; a surge with its mark."""
    times = ratio(snapshot, code)
    if times is None:
        return DASH
    id_ = snapshot.cell(RECEIVED, code).figure
    words = figure(view, id_, number(view.lang, times), against="usual", how="share")
    if _surges(snapshot, code):
        return html.B([mark("bad"), " ", words], className="bad")
    return words

"""What will lapse at the present pace: the next working days of a unit, and how it is reckoned."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.domain.standing import is_provisional
from centre.domain.workdays import calendar
from centre.metrics.forecast import BASIS_DAYS, DAYS, LEAST, Forecast, amount
from centre.snapshots.cells import Snapshot
from centre.snapshots.figures import due_query, figure_id
from components.codes import NO_VERSION
from components.desk import states
from components.desk.table import Column, table
from components.marks import figure, plain
from components.text import number, t
from components.view import View


def card(snapshot: Snapshot, view: View, code: str, found: Forecast) -> Any:
    """A table by working day, with its sum; nothing where no case has a due time."""
    if not found.open and not found.basis:
        return None
    lang = view.lang
    columns = [
        Column(words=t(lang, "forecast.when")),
        *(Column(words=t(lang, f"forecast.{one}"), is_number=True) for one in _NUMBERS),
    ]
    rows = [
        [
            plain("date", t(lang, "forecast.day", day=one.day)),
            *_numbers(snapshot, view, code, found, str(one.day)),
        ]
        for one in found.days
    ]
    foot = [[t(lang, "forecast.all"), *_numbers(snapshot, view, code, found, "all")]]
    drawn = table(columns, rows, foot=foot, caption=t(lang, "forecast.title"))
    return states.card(t(lang, "forecast.title"), drawn, _method(snapshot, view, found))


_NUMBERS = ("ahead", "expected")


def _numbers(snapshot: Snapshot, view: View, code: str, found: Forecast, day: str) -> list[Any]:
    cells = []
    for digits, what in enumerate(_NUMBERS):
        clock = f"{what}_{day}"
        id_ = figure_id(due_query(code, clock), NO_VERSION, snapshot.seq)
        cells.append(figure(view, id_, number(view.lang, amount(found, clock), digits)))
    return cells


def _method(snapshot: Snapshot, view: View, found: Forecast) -> Any:
    """How the numbers come about, and why one may be missing or may move."""
    lang, city = view.lang, view.city
    words = [t(lang, "forecast.method", days=BASIS_DAYS)]
    if any(one.lapses is None for one in found.days):
        words.append(t(lang, "forecast.too_few", least=LEAST))
    until = calendar(city.calendar).add_workdays(snapshot.city_now, DAYS, city.tz)
    if is_provisional(until, city):
        words.append(t(lang, "case.provisional_why"))
    return html.P(plain("text", " ".join(words)), className="note")

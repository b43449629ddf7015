"""Categories and channels of today by amount: a bar, a tick for the usual, the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from centre.domain.places import CITY, UNASSIGNED
from centre.metrics.later_counts import share_name
from centre.snapshots.cells import Share, Snapshot
from centre.store.parts import COLUMNS
from components import codes
from components.desk.drill import Drill
from components.desk.ratio import difference, is_surge
from components.desk.table import Column, table
from components.marks import figure, plain
from components.notes import today_mark
from components.past import count_now
from components.rich import rich
from components.tags import aria
from components.text import DASH, number, percent, t
from components.view import View
from components.words import said

MOST = 14
"""Bars in one ranking; a foreign city has hundreds of categories."""


def ranks(snapshot: Snapshot, view: View, dim: str) -> Any:
    """A ranking of one dimension; the view's key is a unit."""
    unit = view.key or CITY
    shares = snapshot.shares.get((dim, unit), ())
    if not shares:
        return html.P(said(view, "ranks.none"), className="empty-title")
    shown = shares[:MOST]
    top = max(max(one.today or 0, one.usual or 0) for one in shown) or 1
    rows = [_row(snapshot, view, dim, one, top) for one in shown]
    title = t(view.lang, f"ranks.{dim}")
    drawn = table(_columns(snapshot, view, dim), rows, caption=title, class_name="ranks")
    rest = shares[MOST:]
    more = rich(
        view.lang,
        "ranks.rest",
        count=plain("list", str(len(rest))),
        number=figure(
            view,
            " ".join(codes.share(view, dim, unit, one) for one in rest),
            number(view.lang, _sum(rest)),
            how="sum",
            is_link=False,
        ),
    )
    return html.Div([drawn, html.P(more, className="rest") if rest else None])


def _sum(shares: Sequence[Share]) -> float | None:
    known = [one.today for one in shares if one.today is not None]
    return sum(known) if known else None


def note(snapshot: Snapshot, lang: str) -> str:
    """Of which day the ranking is: of finished data it is no today."""
    return t(lang, "ranks.note_historic" if snapshot.clock == "latest" else "ranks.note")


def _columns(snapshot: Snapshot, view: View, dim: str) -> list[Column]:
    lang, noted = view.lang, today_mark(snapshot, view, view.key)
    count = t(lang, "ranks.count")
    return [
        Column(words=t(lang, f"field.{dim}")),
        Column(words="", class_name="bar-cell"),
        Column(words=[noted, " ", count] if noted else count, is_number=True),
        Column(words=t(lang, "ranks.share"), is_number=True, class_name="spare"),
        Column(words=t(lang, "ranks.difference"), is_number=True),
    ]


def _row(snapshot: Snapshot, view: View, dim: str, one: Share, top: float) -> list[Any]:
    lang, warm = view.lang, is_surge(one.today, one.usual)
    unit = view.key or CITY
    whole = snapshot.cell(codes.RECEIVED, unit).value
    id_, words = codes.share(view, dim, unit, one), difference(view, unit, dim, one)
    changed = count_now(view, share_name(dim, one.key), unit, one.today)
    part = percent(lang, one.today / whole, 1) if whole and one.today is not None else DASH
    return [
        dcc.Link(key_name(view, dim, one.key), href=_opened(view, dim, one.key)),
        bar(one.today, one.usual, top, is_warm=warm),
        [html.B(figure(view, id_, number(lang, one.today))), changed],
        figure(view, id_, part, against="whole", how="share"),
        html.Span(words, className="bad" if warm else "weak"),
    ]


def _opened(view: View, dim: str, key: str) -> str:
    """The next level of the drill-down, over the same day: the count of today is."""
    here = Drill(metric=view.metrics[codes.RECEIVED], unit=view.key or CITY)
    below = here.narrowed(dim, key or UNASSIGNED) or here
    return replace(below, by=below.next_by(view.city) or "").url


def key_name(view: View, dim: str, key: str, unit: str | None = None) -> str:
    """A value of a dimension in words, 未注明 for what is not said; a street needs its unit."""
    if key in ("", UNASSIGNED):
        return t(view.lang, "field.blank")
    if dim == "unit":
        return view.city.unit_name(key, view.lang)
    if dim == "handler" and key in view.city.by_code:
        return view.city.unit_name(key, view.lang)  # a district handles its own cases
    if dim == "street":
        return view.city.street_name(unit or "", key, view.lang)
    return view.city.code_name(COLUMNS.get(dim, dim), key, view.lang)


def off(value: float | None, whole: float | None, span: float) -> Any:
    """How far a rate is from the whole's: bars from zero would all look alike."""
    if value is None or whole is None:
        return None
    width = 50 * min(abs(value - whole) / span, 1.0)
    left = 50 - width if value < whole else 50.0
    look = "under" if value < whole else ""
    filled = html.I(className=look, style={"left": f"{left:.1f}%", "width": f"{width:.1f}%"})
    return html.Div(
        [filled, html.S(style={"left": "50%"})], className="bar off", **aria(hidden="true")
    )


def bar(value: float | None, usual: float | None, top: float, *, is_warm: bool = False) -> Any:
    """A bar to scale; decoration, the number stands beside it."""
    width = f"{100 * max(value or 0.0, 0.0) / top:.1f}%"
    tick = html.S(style={"left": f"{100 * usual / top:.1f}%"}) if usual is not None else None
    filled = html.I(className="warm" if is_warm else "", style={"width": width})
    return html.Div([filled, tick], className="bar", **aria(hidden="true"))

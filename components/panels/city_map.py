"""Where: every unit by today's appeals against the usual, as a map or as a board of tiles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dash import html

from centre.domain.places import Name
from centre.snapshots.cells import Snapshot
from components import codes
from components.boundaries import without_polygon
from components.colours import METRIC, Area, Colours, colours, ratio
from components.map import hatch, hideout, legend, map_view, tiles
from components.marks import figure, plain
from components.notes import note_mark
from components.slots import slot
from components.table import Table
from components.tags import aria, data
from components.text import number, t
from components.twin import twin_link
from components.view import Panel, View

ID = "city_map"
NAMED_TILES = 20
"""Of a board: as many as can carry their whole name, in three lines readable at 8 metres; the
others are squares."""


def render(snapshot: Snapshot, view: View) -> Any:
    """Title, legend, map or board, tiles."""
    shown = colours(snapshot, view)
    middle = _map(snapshot, view, shown) if view.city.boundaries else _board(view, shown)
    return html.Section(
        [
            hatch(),
            html.Div(_title(snapshot, view, shown), id=_id(view, "title")),
            middle,
            twin_link(view, ID, view.key),
        ],
        className=f"map-panel {'' if view.city.boundaries else 'board-panel'}".strip(),
        **aria(label=_words(view, shown)),
        **data(drawn=""),
    )


def update(snapshot: Snapshot, view: View) -> Mapping[str, Mapping[str, Any]]:
    """Only the colours and texts; polygons stay where they are."""
    shown = colours(snapshot, view)
    parts: dict[str, dict[str, Any]] = {"title": {"children": _title(snapshot, view, shown)}}
    if not view.city.boundaries:
        return {**parts, "board": {"children": _tiles(view, shown)}}
    table = hideout(shown, snapshot, _links(view))
    insets = any(unit.inset for unit in view.city.units)
    layers = ("areas", "areas_labels", *(("inset", "inset_labels") if insets else ()))
    return {
        **parts,
        **{layer: {"hideout": table} for layer in layers},
        "legend": {"children": legend(shown, view.lang)},
        "tiles": {"children": _beside(view, shown)},
    }


def _id(view: View, part: str) -> dict[str, str]:
    return slot(ID, view.key, part)


def _links(view: View) -> str:
    return "/district/" if view.surface == "desk" else ""


def _title(snapshot: Snapshot, view: View, shown: Colours) -> Any:
    noted = note_mark(snapshot, view, view.metrics[METRIC], is_series=bool(shown.days))
    if shown.days:
        words = plain("date", t(view.lang, "map.title_period", days=shown.days))
        days = html.Span(t(view.lang, "map.title_note_period"), className="note")
        return html.H3([words, " ", noted, days])
    kind = "historic" if snapshot.clock == "latest" else ""
    counts = "" if shown.is_ratio else "counts"
    key = "_".join(word for word in ("title", kind, counts) if word)
    note = t(view.lang, f"map.{_note(snapshot, shown)}")
    return html.H3([t(view.lang, f"map.{key}"), " ", noted, html.Span(note, className="note")])


def _note(snapshot: Snapshot, shown: Colours) -> str:
    if shown.is_ratio:
        return "title_note"
    if shown.is_usual_known:
        return "title_note_small"
    is_filling = snapshot.filled_days < snapshot.total_days
    return "title_note_counts" if is_filling else "title_note_no_usual"


def _map(snapshot: Snapshot, view: View, shown: Colours) -> Any:
    table = hideout(shown, snapshot, _links(view))
    return html.Div(
        [
            map_view(ID, view, table),
            html.Div(legend(shown, view.lang), id=_id(view, "legend"), className="legend-place"),
            html.Div(_beside(view, shown), id=_id(view, "tiles"), className="tiles-place"),
        ],
        className="map-box",
    )


def _beside(view: View, shown: Colours) -> Any:
    units = without_polygon(view.city)
    if not units:
        return None
    note = html.Span(t(view.lang, "map.no_polygon"), className="tiles-note")
    return [tiles(shown.areas[unit.code] for unit in units), note]


def _board(view: View, shown: Colours) -> Any:
    board = html.Div(_tiles(view, shown), id=_id(view, "board"), className="board-place")
    return html.Div(board, className="map-box")


def _tiles(view: View, shown: Colours) -> Any:
    """The largest with their names, the others as small squares of the same colours."""
    ordered = sorted(shown.areas.values(), key=lambda one: -(one.received or 0.0))
    named, rest = ordered[:NAMED_TILES], ordered[NAMED_TILES:]
    return [
        tiles(named, class_name="board"),
        html.Div(
            [_rest(view, rest), html.Div(legend(shown, view.lang), className="legend-row")],
            className="board-foot",
        ),
    ]


def _rest(view: View, rest: list[Area]) -> Any:
    if not rest:
        return None
    words = plain("list", t(view.lang, "where.rest", count=len(rest)))
    squares = html.Div([html.I(className=_square(one), title=one.name) for one in rest])
    return html.Div([html.Span(words), squares], className="board-rest")


def _square(one: Area) -> str:
    return f"swatch step-{one.step}{' hatched' if one.is_down else ''}"


def _words(view: View, shown: Colours) -> str:
    """The map in words: every unit with its number."""
    cells = (f"{one.name} {one.words}" for one in shown.areas.values())
    label = t(view.lang, "map.label" if shown.is_ratio else "map.label_counts")
    return f"{label}{t(view.lang, 'mark.colon')}" + t(view.lang, "mark.list").join(cells)


def table(snapshot: Snapshot, view: View) -> Table:
    """Units with their received and what the map shows."""
    shown = colours(snapshot, view)
    columns = (
        t(view.lang, "where.unit"),
        t(view.lang, "where.received"),
        t(view.lang, "where.ratio"),
    )
    ordered = sorted(shown.areas.values(), key=lambda one: -(one.received or 0.0))
    rows = tuple(
        (
            view.city.unit_name(one.code, view.lang),
            _received(snapshot, view, shown, one),
            _ratio(snapshot, view, shown, one),
        )
        for one in ordered
    )
    return Table(columns=columns, rows=rows)


def _received(snapshot: Snapshot, view: View, shown: Colours, one: Area) -> Any:
    """Of the last thirty days together its id is those of the days."""
    words = number(view.lang, None if one.is_down else one.received)
    cell, line = snapshot.cell(METRIC, one.code), snapshot.series.get((METRIC, one.code))
    if not shown.days or line is None:
        return figure(view, cell.figure, words)
    days = (line.first + timedelta(days=at) for at in range(1, len(line.num)))
    ids = [codes.point(view, METRIC, one.code, line, day) for day in days]
    return figure(view, " ".join([*ids, cell.figure]), words, how="sum")


def _ratio(snapshot: Snapshot, view: View, shown: Colours, one: Area) -> Any:
    """What the map writes: the ratio, the count where there is no usual, the age where silent."""
    id_ = snapshot.cell(METRIC, one.code).figure
    if one.is_down:
        return plain("date", one.words)
    if not shown.is_ratio or ratio(snapshot, one.code) is None:
        return _received(snapshot, view, shown, one)
    return figure(view, id_, one.words, against="usual", how="share")


PANEL = Panel(
    id=ID,
    title=Name(zh="城市地图", en="City map"),
    render=render,
    update=update,
    table=table,
)

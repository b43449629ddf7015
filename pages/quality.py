"""/quality: the ledger of data quality; `?source=<id>` opens one source day by day."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import dash
from dash import ALL, Input, Output, State, callback, ctx, no_update
from dash.exceptions import PreventUpdate

from centre.domain.notes import Note
from centre.live.language import lang_among
from centre.live.runtime import runtime
from centre.live.scoped import within
from centre.metrics.quality import quality
from centre.metrics.quality_lines import Quality
from centre.store import notes, queries
from components.desk import overview, quality_notes, states
from components.desk import quality as drawn
from components.desk.source_rows import name
from components.text import t
from pages import _desk as desk


def layout(lang: str = "zh", source: str = "") -> Any:
    """Read when it is asked for: the ledger of 30 days is small."""
    return desk.page(
        lang,
        here="quality",
        crumbs=lambda view: [overview.crumb(view), (t(lang, "nav.quality"), None)],
        body=partial(_body, source=source),
    )


def _body(run: Any, snapshot: Any, view: Any, *, source: str) -> Any:
    found = desk.ask(partial(_found, run, snapshot))
    said = desk.ask(partial(_noted, snapshot, view))
    known = {one.id: one for one in snapshot.sources}
    slip = [t(view.lang, "sources.unknown", id=source[:80])] if source not in {"", *known} else []
    detail = None
    if source in known:
        line = next(one for one in found.sources if one.id == source)
        reasons = None if view.at else desk.ask(partial(_reasons, source))
        detail = drawn.opened(view, name(view, known[source]), found, line, reasons)
    return [
        states.notice(view.lang, slip),
        detail,
        drawn.by_source(snapshot, view, found, source),
        drawn.by_unit(view, found),
        quality_notes.card(snapshot, view, said, desk.now(run, snapshot, view)),
    ]


def _found(run: Any, snapshot: Any, conn: Any) -> Quality:
    """As known at the moment of the snapshot, so that each number can be computed again."""
    place = (conn, run.city, snapshot.sources, desk.scope(), snapshot.city_now)
    return quality(*place, at=snapshot.seq or None)


def _reasons(source: str, conn: Any) -> Any:
    return queries.reasons(conn, source, scope=desk.scope())


def _noted(snapshot: Any, view: Any, conn: Any) -> tuple[Note, ...]:
    """Of the past those that stood on the screens then."""
    return _notes(conn, snapshot) if view.at is None else snapshot.notes


def _notes(conn: Any, snapshot: Any) -> tuple[Note, ...]:
    """Those on data of units and sources that may be seen; a note on all is for everybody."""
    sources, scope = {one.id for one in snapshot.sources}, desk.scope()
    return tuple(
        one
        for one in notes.read(conn)
        if (one.source is None or one.source in sources)
        and (one.unit is None or scope.allows_unit(one.unit))
    )


@callback(
    Output(quality_notes.LIST, "children"),
    Output(quality_notes.TOLD, "children"),
    Input("note-save", "n_clicks"),
    Input({"note": ALL}, "n_clicks"),
    *(State(quality_notes.field_id(one), "value") for one in quality_notes.FIELDS),
    prevent_initial_call=True,
)
def act(_saves: Any, _removes: Any, *fields: str | None) -> Any:
    """Add the note of the form, or take one back. A plain function: it may wait."""
    wish: Any = ctx.triggered_id
    if not wish or not ctx.triggered[0]["value"]:
        raise PreventUpdate  # a button has come, nobody has pressed it
    run = runtime()
    view = run.view(lang_among(ctx.cookies.get("lang")), surface="desk", key="")
    snapshot = within(run.snapshot(), desk.scope(), run.metrics)
    try:
        words = _added(run, snapshot, view, fields) if wish == "note-save" else _removed(view, wish)
    except (ValueError, KeyError) as error:
        bad = t(view.lang, "quality.bad", reason=str(error.args[0] if error.args else error))
        return no_update, quality_notes.told(bad, is_bad=True)
    said = desk.ask(lambda conn: _notes(conn, snapshot))
    return quality_notes.listed(snapshot, view, said), quality_notes.told(words)


def _added(run: Any, snapshot: Any, view: Any, fields: tuple[str | None, ...]) -> str:
    said = dict(zip(quality_notes.FIELDS, ((one or "").strip() for one in fields), strict=True))
    known, lang = quality_notes.choices(snapshot, view), view.lang
    if said["about"] not in known or not _may(known[said["about"]]):
        raise ValueError(t(lang, "quality.bad_about"))
    if not said["zh"] or not said["by"]:
        raise ValueError(t(lang, "quality.bad_words"))
    unit, source = known[said["about"]]
    end = _instant(said["end"], run.city.tz, lang) if said["end"] else None
    one = Note(
        id="",
        unit=unit,
        source=source,
        start=_instant(said["start"], run.city.tz, lang),
        end=end,
        zh=said["zh"],
        en=said["en"],
        by=said["by"][:64],
        at=datetime.now(UTC),
    )
    if end is not None and end <= one.start:
        raise ValueError(t(lang, "quality.bad_span"))
    if max(len(one.zh), len(one.en)) > notes.MOST:
        raise ValueError(t(lang, "quality.bad_length", most=notes.MOST))
    notes.add(run.engine, one)
    return t(lang, "quality.added")


def _may(about: tuple[str | None, str | None]) -> bool:
    """Whoever sees a part of the city says nothing about the whole."""
    unit, source = about
    scope = desk.scope()
    return scope.units is None or source is not None or (unit is not None and unit in scope.units)


def _removed(view: Any, wish: Any) -> str:
    run, id_ = runtime(), str(wish.get("note"))
    snapshot = within(run.snapshot(), desk.scope(), run.metrics)
    shown = {one.id for one in desk.ask(lambda conn: _notes(conn, snapshot))}
    if id_ not in shown or not notes.remove(run.engine, id_, datetime.now(UTC)):
        raise ValueError(t(view.lang, "quality.bad_gone"))
    return t(view.lang, "quality.removed")


def _instant(text: str, zone: ZoneInfo, lang: str) -> datetime:
    try:
        return datetime.strptime(text, quality_notes.FORM).replace(tzinfo=zone)
    except ValueError as error:
        raise ValueError(t(lang, "quality.bad_time", text=text[:40])) from error


dash.register_page(__name__, path="/quality", title=desk.name("nav.quality"))

"""/metric/<id>: what a number means; unit, filters, period and breakdown are the URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash

from centre.live.runtime import runtime
from centre.live.shown import note, note_asked
from components.desk import drill_words, metric, overview, states
from components.desk.answer import Answer
from components.text import lang_of, t
from pages import _desk as desk


def exists(id: str) -> bool:
    """Whether the registry has it."""
    return id in runtime().metrics


def title(id: str = "", lang: str = "zh", **_words: str) -> str:
    """Its name."""
    run, lang = runtime(), lang_of(lang)
    known = run.metrics.get(id)
    return f"{known.name.of(lang) if known else id} · {run.city.title.of(lang)}"


def layout(id: str, lang: str = "zh", **words: Any) -> Any:
    """Computed now, from the store."""
    name = runtime().metrics[id].name.of(lang)
    return desk.page(
        lang,
        here="metrics",
        crumbs=lambda view: [
            overview.crumb(view),
            (t(lang, "nav.metrics"), "/metric"),
            (name, None),
        ],
        body=lambda run, snapshot, view: _body(
            snapshot, view, run.metrics[id], {key: str(one) for key, one in words.items()}
        ),
    )


def _body(snapshot: Any, view: Any, asked: Any, words: dict[str, str]) -> Any:
    """What the URL asks for; what there is not is told and left out."""
    now = snapshot.city_now
    drill, slips = drill_words.read(words, asked, view.city, now, view.lang)
    found = desk.ask(lambda conn: metric.find(conn, view, snapshot, desk.scope(), drill=drill))
    _note(found, now)
    return [states.notice(view.lang, slips), *metric.page(snapshot, view, found)]


def _note(found: Answer, now: datetime) -> None:
    """The ids on the page resolve."""
    engine, version = runtime().engine, found.metric.version
    if found.drill.is_plain:
        note(engine, found.questions(), version, found.seq)
        return
    for one in found.questions():
        note_asked(engine, one, version, found.seq, now)


dash.register_page(__name__, path_template="/metric/<id>", title=title, exists=exists)

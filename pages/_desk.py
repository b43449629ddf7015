"""What every page of the desk does alike: title, shell, reads of the store, a drawn error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from dash import callback_context
from dash.backends._fastapi import get_current_request
from dash.exceptions import MissingCallbackContextException
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.scoped import within
from centre.live.then import NotKnown, shown
from centre.metrics.later import Later, later
from centre.metrics.later_counts import Comparing
from centre.snapshots.cells import Snapshot
from centre.store.engine import reading
from components import past
from components.carried import carried
from components.desk import states
from components.desk.shell import Crumb, shell
from components.text import t
from components.view import View

_LOG = logging.getLogger(__name__)
Answer = TypeVar("Answer")


def ask(read: Callable[[Connection], Answer]) -> Answer:
    """What `read` finds, all at one moment of the store. Layouts run in a thread: it may wait."""
    with reading(runtime().engine) as conn:
        return read(conn)


def scope() -> Scope:
    """What the session behind the request may see that is being answered."""
    return scope_of(get_current_request())


def address() -> str:
    """Path and query of the page that is asked for."""
    try:
        said = callback_context.inputs
    except MissingCallbackContextException:
        url = get_current_request().url
        return f"{url.path}?{url.query}"
    return "".join(str(said.get(f"_pages_location.{one}") or "") for one in ("pathname", "search"))


def asked_at() -> int | None:
    """The change number of the URL, which makes it a page of the past; 0 for what is none."""
    return change_number(dict(parse_qsl(urlsplit(address()).query)).get(past.WORD))


def change_number(text: str | None) -> int | None:
    """A number of a URL; None where it says nothing, 0, which nothing has, for what is none."""
    if text is None:
        return None
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0


def name(key: str) -> Callable[..., str]:
    """A function for register_page(title=…): "工单 · 成都市智慧治理中心"."""

    def title(lang: str = "zh", **_words: str) -> str:
        return f"{t(lang, key)} · {runtime().city.title.of(lang)}"

    return title


def page(
    lang: str,
    *,
    here: str,
    crumbs: Callable[[View], Sequence[Crumb]],
    body: Callable[[Runtime, Snapshot, View], Any],
    key: str = "",
    unit: str = "",
) -> Any:
    """A page: its body in the shell. A body that cannot be made says so in its place.

    With `at=` all of it is as it was known then, and leads to pages of the same moment; `unit`: the
    one that it is about.
    """
    run, at = runtime(), asked_at()
    view = run.view(lang, surface="desk", key=key)
    try:
        snapshot = run.snapshot() if at is None else ask(partial(shown, at=at))
    except NotKnown as error:
        body, snapshot, at = partial(_unknown, error=error), run.snapshot(), None
    snapshot = within(snapshot, scope(), run.metrics)
    if at is not None:
        view = replace(view, at=snapshot.seq, later=later_of(run, snapshot, unit))
    try:
        drawn = body(run, snapshot, view)
    except Exception:  # the navigation still works, and the reader is told
        _LOG.exception("page %s cannot be drawn", here)
        drawn = states.broken(lang)
    made = shell(
        snapshot, view, run.panels, here=here, crumbs=crumbs(view), body=drawn, address=address()
    )
    return made if view.at is None else carried(made, view.at)


def now(run: Runtime, snapshot: Snapshot, view: View) -> datetime:
    """The city's clock: of this moment, or of the moment that is shown."""
    return run.now() if view.at is None else snapshot.city_now


def later_of(run: Runtime, then: Snapshot, unit: str = "") -> Later:
    """What the figures of then are by what is known now; hours and shares of this unit as well."""
    return ask(
        lambda conn: later(
            Comparing(
                conn=conn,
                city=run.city,
                metrics=run.metrics,
                then=then,
                present=run.snapshot(),
                scope=scope(),
                unit=unit,
            )
        )
    )


def _unknown(_run: Runtime, _snapshot: Snapshot, view: View, *, error: NotKnown) -> Any:
    """In place of a page of a moment that cannot be shown."""
    return past.unknown(view, error.newest, error.since, address())

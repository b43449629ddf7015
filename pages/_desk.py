"""What every page of the desk does alike: title, shell, reads of the store, a drawn error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dash.backends._fastapi import get_current_request
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.domain.scope import Scope
from centre.live.runtime import Runtime, runtime
from centre.live.scoped import within
from centre.snapshots.cells import Snapshot
from centre.store.engine import reading
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
) -> Any:
    """A page: its body in the shell. A body that cannot be made says so in its place."""
    run = runtime()
    snapshot = within(run.snapshot(), scope(), run.metrics)
    view = run.view(lang, surface="desk", key=key)
    try:
        drawn = body(run, snapshot, view)
    except Exception:  # the navigation still works, and the reader is told
        _LOG.exception("page %s cannot be drawn", here)
        drawn = states.broken(lang)
    return shell(snapshot, view, run.panels, here=here, crumbs=crumbs(view), body=drawn)

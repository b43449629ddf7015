"""Questions that this process has shown an answer of, noted so that their figure ids resolve.

note ──> memory (at once) ──> table `figure` (by one thread: no answer waits for the writer)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from centre.snapshots.figures import Query, digest, figure_id
from centre.store import figures

_MOST = 20_000
"""Questions remembered, of some 500 bytes each."""

_Name = tuple[Engine, str]
_memory: OrderedDict[_Name, Mapping[str, Any]] = OrderedDict()
_lock = Lock()
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="figures")


def note(engine: Engine, queries: Iterable[Query], version: int, seq: int) -> None:
    """Note questions whose words name no moment (group_query): their digest is enough."""
    _remember(engine, {digest(one, version): {**one, "version": version} for one in queries}, seq)


def note_asked(engine: Engine, query: Query, version: int, seq: int, now: datetime) -> str:
    """Note one that was asked for with a period of its own, answered at the city's `now`."""
    id_ = figure_id(query, version, seq)
    _remember(engine, {id_: {**query, "version": version, "now": now.isoformat()}}, seq)
    return id_


def remembered(engine: Engine, *names: str) -> Mapping[str, Any] | None:
    """What was noted under one of some names: an id, or a digest."""
    with _lock:
        return next((_memory[engine, one] for one in names if (engine, one) in _memory), None)


def _remember(engine: Engine, noted: Mapping[str, Mapping[str, Any]], seq: int) -> None:
    with _lock:
        new = {id_: query for id_, query in noted.items() if (engine, id_) not in _memory}
        _memory.update(((engine, id_), query) for id_, query in new.items())
        while len(_memory) > _MOST:
            _memory.popitem(last=False)
    if new:
        _writer.submit(_keep, engine, new, seq)


def _keep(engine: Engine, noted: Mapping[str, Mapping[str, Any]], seq: int) -> None:
    try:
        figures.keep(engine, noted, seq)
    except SQLAlchemyError:  # what was shown is right; its id can be asked for by what is in memory
        return

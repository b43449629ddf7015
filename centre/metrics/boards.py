"""Boards of the past, kept: what was known at a change does not move, and is asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from centre.metrics.board import Board

_MOST = 12
"""Boards kept, of some 3 MB each in a city of 24 units."""

_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Board]] = WeakKeyDictionary()
_lock = Lock()


def kept(engine: Engine, key: Hashable, make: Callable[[], Board]) -> Board:
    """The board of this key; made where it is not at hand."""
    with _lock:
        known = _kept.setdefault(engine, OrderedDict())
        found = known.get(key)
        if found is not None:
            known.move_to_end(key)
            return found
    made = make()
    with _lock:
        known[key] = made
        while len(known) > _MOST:
            known.popitem(last=False)
    return made

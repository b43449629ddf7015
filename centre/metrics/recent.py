"""What was read lately of each store, at hand for the next who asks: the past does not move."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

Held = TypeVar("Held")


class Recent(Generic[Held]):
    """At most `most` values a store, the last used of them; for any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: WeakKeyDictionary[Engine, OrderedDict[Hashable, Held]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, engine: Engine, key: Hashable) -> Held | None:
        """The value of a key, None when it is not at hand."""
        with self._lock:
            held = self._held.get(engine, OrderedDict())
            if key in held:
                held.move_to_end(key)
            return held.get(key)

    def put(self, engine: Engine, key: Hashable, value: Held) -> None:
        """Keep a value; the one that was used longest ago makes room."""
        with self._lock:
            held = self._held.setdefault(engine, OrderedDict())
            held[key] = value
            while len(held) > self._most:
                held.popitem(last=False)

    def made(self, engine: Engine, key: Hashable, make: Callable[[], Held]) -> Held:
        """The value of a key, made when it is not at hand; two at once may both make it."""
        found = self.get(engine, key)
        if found is None:
            found = make()
            self.put(engine, key, found)
        return found

"""Keep what is built once for a frozen thing that cannot be hashed (a SourceConfig, a City)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_MOST = 512  # more sources than any city has; tests make configs by the thousand


def per_identity(build: Callable[[Unpack[Ts]], T]) -> Callable[[Unpack[Ts]], T]:
    """Cache `build` by the identity of its arguments, which are kept alive with the result."""
    kept: dict[tuple[int, ...], tuple[object, T]] = {}

    def get(*args: *Ts) -> T:
        ids = tuple(map(id, args))
        found = kept.get(ids)
        if found is not None:
            return found[1]
        if len(kept) >= _MOST:
            kept.clear()
        built = build(*args)
        kept[ids] = (args, built)  # args stay alive, so their ids are not given away again
        return built

    return get

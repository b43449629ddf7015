"""Rows of the outside world as JSON that both databases take, whatever is in them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

_PLAIN = frozenset((str, int, bool, type(None)))
_ROWS = (list, tuple)
_OPTIONS = orjson.OPT_NON_STR_KEYS


def encode_json(value: Any, *, is_finite: bool = False) -> str:
    """JSON text; what has no JSON (a date, a Decimal, bytes) becomes its text.

    NaN and infinities become the texts "nan" and "inf": a kept row must show what was sent,
    and orjson would write null. `is_finite` promises that there are none, and saves the search.
    """
    try:
        return orjson.dumps(
            value if is_finite else _finite(value), default=str, option=_OPTIONS
        ).decode()
    except TypeError:  # half a surrogate pair, or a whole number beyond 64 bits
        return json.dumps(_finite(value), default=str)


def _finite(value: Any) -> Any:
    if type(value) in _ROWS and _PLAIN.issuperset(map(type, value)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: one if type(one) in _PLAIN else _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [one if type(one) in _PLAIN else _finite(one) for one in value]
    return value


def shape_of(row: Mapping[str, Any]) -> tuple[int, str]:
    """The column names of a row as JSON, and a number that stands for them everywhere."""
    return _shape(tuple(map(str, row)))


@lru_cache(maxsize=1_000)
def _shape(columns: tuple[str, ...]) -> tuple[int, str]:
    text = encode_json(columns)
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True), text


def row_id(source: str, row: Mapping[str, Any]) -> str:
    """The identity of a refused row: the same row sent again is the same, whatever its order."""
    ordered = encode_json({str(key): row[key] for key in sorted(row, key=str)})
    return blake2b(f"{source}\n{ordered}".encode(), digest_size=20).hexdigest()

"""Rows of the outside world as JSON that both databases take, whatever is in them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

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
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value


def row_id(source: str, row: Mapping[str, Any]) -> str:
    """The identity of a refused row: the same row sent again is the same, whatever its order."""
    ordered = encode_json({str(key): row[key] for key in sorted(row, key=str)})
    return blake2b(f"{source}\n{ordered}".encode(), digest_size=20).hexdigest()

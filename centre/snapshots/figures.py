"""Figure ids: the short code under every number, typed by people who read it from a wall.

    3k7-x4m9qt2h    before the dash: the seq of the snapshot; after it: which question was asked

The question part is the same at every moment, so a code resolves without a table: the seq names
the moment, and only one of a city's questions has that digest. Letters are Crockford's: no i, l, o
or u, so what is read as O or l is still found.

Every question that a screen can show a number for is made here, by one function each:

    cell_query      a metric of a unit in a window      point_query    of one day of a line
    hour_query      received in one hour                share_query    of one value of a dimension
    due_query       open cases by clock                 count_query    rows of a source
    group_query     one row of a metric's breakdown     asked_query    any period, asked for
    ledger_query    how a source or unit delivers       (/quality)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

import orjson

from centre.snapshots.cells import Address

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGEST_LETTERS = 8  # 40 bits: 1 in 2,400 that two of the 30,000 questions of a moment collide
_EXAMPLE = "3k7-x4m9qt2h"
_MISREAD = str.maketrans("oil", "011")


Query = dict[str, object]
"""A canonical question: plain words and texts, so that its digest is the same everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCode:
    """A figure id taken apart: the moment, and the digest of the question."""

    seq: int
    digest: str

    def __str__(self) -> str:
        """The id as it is written, however it was typed."""
        return f"{_base32(self.seq)}-{self.digest}"


class BadFigure(ValueError):
    """A text that is no figure id; says what one looks like."""


def figure_id(query: Mapping[str, object], version: int, seq: int) -> str:
    """Name a number: the canonical query, the metric's version and the seq at which it stood."""
    return f"{_base32(seq)}-{digest(query, version)}"


def digest(query: Mapping[str, object], version: int) -> str:
    """The question part of a figure id; the order of the query's keys does not matter."""
    canonical = orjson.dumps([query, version], option=orjson.OPT_SORT_KEYS)
    bits = int.from_bytes(blake2b(canonical, digest_size=5).digest(), "big")
    return _base32(bits).rjust(_DIGEST_LETTERS, "0")


def cell_query(address: Address) -> Query:
    """The canonical query of a cell of the snapshot."""
    return {"metric": address.metric, "unit": address.unit, "window": address.window}


def point_query(metric: str, unit: str, day: date) -> Query:
    """One day of a line of the snapshot."""
    return {"metric": metric, "unit": unit, "day": day.isoformat()}


def hour_query(metric: str, unit: str, hour: int, window: str = "now") -> Query:
    """One local hour 0..23 of a day; window "now" or "usual"."""
    return {"metric": metric, "unit": unit, "hour": hour, "window": window}


def share_query(metric: str, unit: str, dim: str, key: str, window: str = "now") -> Query:
    """One value of a dimension today; window "now" or "usual"."""
    return {"metric": metric, "unit": unit, "dim": dim, "key": key, "window": window}


def due_query(unit: str, clock: str) -> Query:
    """Open cases of a unit; clock "open", "lapses_today" or "overdue"."""
    return {"unit": unit, "clock": clock}


def count_query(source: str, count: str) -> Query:
    """Rows of a source since its first delivery; count "sent", "stored", "duplicate", …"""
    return {"source": source, "count": count}


def ledger_query(
    name: str, *, source: str | None = None, unit: str | None = None, day: date | None = None
) -> Query:
    """How a source or a unit (or the city) delivers, over 30 days with today, or on one day."""
    whose: Query = {"unit": unit} if source is None else {"source": source}
    return {"ledger": name, **whose, **({"day": day.isoformat()} if day else {})}


def group_query(metric: str, unit: str, by: str, key: str) -> Query:
    """One row of a metric's breakdown over the metric's own window."""
    return {"metric": metric, "unit": unit, "window": "now", "by": by, "key": key}


def asked_query(
    metric: str,
    unit: str,
    start: datetime,
    end: datetime,
    *,
    by: str | None,
    key: str | None,
    within: Mapping[str, str] | None = None,
) -> Query:
    """What was asked for at the interface or the desk: [start, end); key: one row of `by`.

    `within`: the filters, dimension -> value.
    """
    period: Query = {"from": start.isoformat(), "to": end.isoformat()}
    narrowed: Query = {"within": dict(sorted(within.items()))} if within else {}
    return {"metric": metric, "unit": unit, **period, "by": by, "key": key, **narrowed}


def figure_code(text: str) -> FigureCode:
    """Read a figure id as people type it: any case, spaces around, o for 0, i or l for 1."""
    moment, dash, question = text.strip().lower().translate(_MISREAD).partition("-")
    letters = moment + question
    if not (dash and 1 <= len(moment) <= 12 and len(question) == _DIGEST_LETTERS) or any(
        letter not in _LETTERS for letter in letters
    ):
        raise BadFigure(f'"{text[:40]}" is no figure id; one looks like {_EXAMPLE}')
    return FigureCode(seq=sum(_worth(moment)), digest=question)


def _worth(text: str) -> list[int]:
    return [_LETTERS.index(letter) << 5 * place for place, letter in enumerate(reversed(text))]


def _base32(number: int) -> str:
    text = ""
    while number or not text:
        number, letter = number >> 5, _LETTERS[number & 31]
        text = letter + text
    return text

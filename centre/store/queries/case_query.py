"""Which cases: filters as data, and the conditions they stand for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, exists, false, or_, tuple_

from centre.store.parts import Part
from centre.store.pauses import case_pause
from centre.store.tables import case

FILTERS = (
    "kind",
    "source",
    "unit",
    "handler",
    "handler_kind",
    "channel",
    "category",
    "street",
    "nature",
    "applicant",
)
"""Columns that a query compares for equality; "" finds the cases that do not say."""

ANCHORS = (
    "received_at",
    "dispatched_at",
    "signed_at",
    "due_at",
    "replied_at",
    "followed_up_at",
    "closed_at",
)
"""Times that `start` and `end` may be about; received, due and closed have an index."""

ORDERS = ("received_at", "due_at", "closed_at")
"""Times a list may be in order of, with "-" before them newest first; cases without it last."""

NUL = "\x00"
"""PostgreSQL takes no such text, so no case and no refused row has one."""
MOST = 1_000
"""Cases on one page at most."""


class BadQuery(ValueError):
    """A query that cannot be asked; says which word and what is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Cases by their fields; None: whatever it is. `start` inclusive, `end` exclusive.

    `status` is one of STATUSES; those about the clock need `now`, due_today also `day_end`.
    `text` is part of a title, or exactly a number: then it finds that case alone, whatever the
    other filters say. `cursor` is what the page before gave. `as_of`: where the data is finished,
    the city's now; what was closed after it was still open. `part`: the cases that a sum counts;
    `but`: not those of these units.
    """

    kind: str | None = None
    source: str | None = None
    unit: str | None = None
    handler: str | None = None
    handler_kind: str | None = None
    channel: str | None = None
    category: str | None = None
    street: str | None = None
    nature: str | None = None
    applicant: str | None = None
    status: str | None = None
    part: Part | None = None
    but: tuple[str, ...] = ()
    anchor: str = "received_at"
    start: datetime | None = None
    end: datetime | None = None
    text: str | None = None
    now: datetime | None = None
    day_end: datetime | None = None
    as_of: datetime | None = None
    order: str = "-received_at"
    limit: int = 50
    cursor: str | None = None


def conditions(query: CaseQuery) -> list[ColumnElement[bool]]:
    """What a query asks of a row; raises BadQuery."""
    for name in (*FILTERS, "text"):
        if NUL in (getattr(query, name) or ""):
            raise BadQuery(f"{name} holds a NUL character; leave it out")
    found = [
        _equal(case.c[name], getattr(query, name))
        for name in FILTERS
        if getattr(query, name) is not None
    ]
    found += _period(query)
    if query.status is not None:
        found.append(_status(query, query.status))
    if query.part is not None:
        found += [query.part.anchor.is_not(None), query.part.where]
    if query.but:
        found.append(case.c.unit.not_in(query.but))
    if query.text:
        found.append(case.c.title.icontains(query.text, autoescape=True))
    return found


def _equal(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    if value == "":
        return or_(column.is_(None), column == "")
    return column == value


def _period(query: CaseQuery) -> list[ColumnElement[bool]]:
    column = case.c[choose("anchor", query.anchor, ANCHORS)]
    bounds: list[ColumnElement[bool]] = []
    if query.start is not None:
        bounds.append(column >= query.start)
    if query.end is not None:
        bounds.append(column < query.end)
    return bounds


def choose(what: str, word: str, words: tuple[str, ...]) -> str:
    """A word of a list; raises BadQuery."""
    if word not in words:
        raise BadQuery(f'{what} "{word}" is unknown; choose one of {", ".join(words)}')
    return word


_OPEN = case.c.closed_at.is_(None)
_CLOSED = case.c.closed_at.is_not(None)

_STATES: Mapping[str, ColumnElement[bool]] = {
    "dispatched": case.c.dispatched_at.is_not(None),
    "replied_late": case.c.replied_at > case.c.due_at,
    "reopened": case.c.reopens > 0,
    "returned": case.c.returns > 0,
    "repeat": case.c.linked_key.is_not(None),
    "asked": case.c.resolved.is_not(None),
    "resolved": case.c.resolved.is_(True),
    "unresolved": case.c.resolved.is_(False),
    "evaluated": case.c.satisfied.is_not(None),
    "satisfied": case.c.satisfied.is_(True),
    "dissatisfied": case.c.satisfied.is_(False),
}

Condition = ColumnElement[bool]

_RESTS = exists().where(
    case_pause.c.source == case.c.source,
    case_pause.c.key == case.c.key,
    case_pause.c.change == case.c.change,
    case_pause.c.ended_at.is_(None),
)

# Given which cases are open and which closed.
_ENDS: Mapping[str, Callable[[Condition, Condition], Condition]] = {
    "open": lambda is_open, _: is_open,
    # An open pause has taken the due time away; without one there never was any.
    "stopped": lambda is_open, _: and_(is_open, case.c.due_at.is_(None), _RESTS),
    "undated": lambda is_open, _: and_(is_open, case.c.due_at.is_(None), ~_RESTS),
    "closed": lambda _, closed: closed,
    # answered at the desk 直接答复
    "direct": lambda _, closed: and_(case.c.dispatched_at.is_(None), closed),
    "on_time": lambda _, closed: and_(closed, case.c.closed_at <= case.c.due_at),
    "late": lambda _, closed: and_(closed, case.c.closed_at > case.c.due_at),
}

# Of open cases; given now and the end of the day.
_CLOCK: Mapping[str, Callable[[datetime, datetime], Condition]] = {
    "overdue": lambda now, _: case.c.due_at < now,
    # Due at the next midnight: it can only be done today, so it is due today.
    "due_today": lambda now, day_end: and_(case.c.due_at >= now, case.c.due_at <= day_end),
    "due_3days": lambda now, _: and_(case.c.due_at >= now, case.c.due_at < now + timedelta(days=3)),
    # With overdue and due_today these cut all open cases into bands.
    "due_soon": lambda _, day_end: and_(
        case.c.due_at > day_end, case.c.due_at <= day_end + timedelta(days=2)
    ),
    "due_later": lambda _, day_end: case.c.due_at > day_end + timedelta(days=2),
}

_NOT_ON_TIME = "not_on_time"
"""What a rate of closing on time counts against: closed late, or still open past due."""

STATUSES = (*_ENDS, *_STATES, _NOT_ON_TIME, *_CLOCK)
"""What `status` may be."""


def _status(query: CaseQuery, status: str) -> Condition:
    if status in _STATES:
        return _STATES[status]
    is_open, closed = _ends(query.as_of)
    if status in _ENDS:
        return _ENDS[status](is_open, closed)
    choose("status", status, STATUSES)
    needs_day = status in ("due_today", "due_soon", "due_later")
    if query.now is None or (needs_day and query.day_end is None):
        raise BadQuery(f'status "{status}" needs the time: give now and day_end')
    if status == _NOT_ON_TIME:
        return and_(case.c.due_at < query.now, or_(is_open, case.c.closed_at > case.c.due_at))
    return and_(is_open, _CLOCK[status](query.now, query.day_end or query.now))


def _ends(as_of: datetime | None) -> tuple[Condition, Condition]:
    """Which cases are open, and which closed."""
    if as_of is None:  # the index of open cases answers this one alone
        return _OPEN, _CLOSED
    return or_(_OPEN, case.c.closed_at > as_of), case.c.closed_at <= as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The last case of a page, and what was counted at the first."""

    at: datetime | None
    source: str
    key: str
    total: int
    is_capped: bool

    def encode(self) -> str:
        """An opaque text, safe in a URL."""
        at = self.at.isoformat() if self.at else None
        text = orjson.dumps([at, self.source, self.key, self.total, self.is_capped])
        return base64.urlsafe_b64encode(text).decode().rstrip("=")


def decode(cursor: str) -> Mark:
    """Read a cursor; raises BadQuery for anything that `encode` did not make."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        at, source, key, total, is_capped = orjson.loads(text)
        moment = datetime.fromisoformat(at) if at is not None else None
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadQuery("the cursor is not one of ours; start again without it") from error
    fits = isinstance(source, str) and isinstance(key, str) and isinstance(total, int)
    if not fits or NUL in source + key or (moment is not None and moment.tzinfo is None):
        raise BadQuery("the cursor is not one of ours; start again without it")
    return Mark(at=moment, source=source, key=key, total=total, is_capped=bool(is_capped))


def order_of(query: CaseQuery) -> tuple[ColumnElement[Any], bool]:
    """The column of the order, and whether newest first."""
    is_down = query.order.startswith("-")
    return case.c[choose("order", query.order.removeprefix("-"), ORDERS)], is_down


def after(query: CaseQuery, mark: Mark) -> ColumnElement[bool]:
    """What comes after a mark in the order of the query; cases without its time are the last."""
    column, is_down = order_of(query)
    names = tuple_(case.c.source, case.c.key)
    last = tuple_(mark.source, mark.key)
    later_name = names < last if is_down else names > last
    if mark.at is None:
        return and_(column.is_(None), later_name)
    # The first condition alone bounds the range of the index; the second settles ties.
    within = column <= mark.at if is_down else column >= mark.at
    beyond = column < mark.at if is_down else column > mark.at
    missing = column.is_(None) if column.nullable else false()
    return or_(and_(within, or_(beyond, later_name)), missing)

"""A city small enough to count by hand: 3 units, 20 cases, a few readings and mailboxes.

    CITY · NOW · CASES · READINGS · ASSETS · RECORDS · TODAY · TWO_DAYS

All times are written in the city's zone. "Now" is Wednesday 2026-06-17, 10:30. The hand counts
of tests/metrics/test_tiny_city.py are for the two whole days 15 and 16 June.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from centre.domain.periods import Days
from centre.domain.records import Asset, Case, Reading, Record
from tests.tiny_city import CITY, ZONE

__all__ = [
    "ASSETS",
    "CASES",
    "CITY",
    "NOW",
    "READINGS",
    "RECORDS",
    "TODAY",
    "TWO_DAYS",
    "ZONE",
    "appeal",
    "at",
]


def at(text: str) -> datetime:
    """The moment of 2026 written as "06-15 08:10", in the city's zone."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


NOW = at("06-17 10:30")
TODAY = date(2026, 6, 17)
TWO_DAYS = Days(first=date(2026, 6, 15), last=date(2026, 6, 16))


_TIMES = ("dispatched_at", "due_at", "replied_at", "followed_up_at", "closed_at")


def appeal(key: str, unit: str, received: str, **rest: Any) -> Case:
    """One case; times as text, the rest as Case has it."""
    times = {name: at(rest.pop(name)) for name in _TIMES if name in rest}
    rest = {"source": f"{unit}-desk", "channel": "phone", "category": "noise", **rest}
    return Case(key=key, unit=unit, source_version=1, received_at=at(received), **times, **rest)


CASES: tuple[Case, ...] = (
    # north: closed in time, contented
    appeal(
        "N1",
        "north",
        "06-15 08:10",
        dispatched_at="06-15 09:00",
        due_at="06-16 09:00",
        replied_at="06-15 17:00",
        closed_at="06-16 08:00",
        followed_up_at="06-16 12:00",
        contacted=True,
        resolved=True,
        satisfied=True,
        reply_workdays=0.5,
        nature="report",
        applicant="person",
        handler="works",
        handler_kind="department",
        street="n-1",
    ),
    # replied and closed too late, not solved
    appeal(
        "N2",
        "north",
        "06-15 08:20",
        dispatched_at="06-15 10:00",
        due_at="06-16 10:00",
        replied_at="06-16 11:00",
        closed_at="06-16 12:00",
        followed_up_at="06-16 15:00",
        contacted=True,
        resolved=False,
        satisfied=False,
        reply_workdays=1.0,
        nature="report",
        applicant="person",
        handler="works",
        handler_kind="department",
    ),
    # answered at the desk
    appeal(
        "N3", "north", "06-15 09:05", closed_at="06-15 09:15", channel="mobile", nature="inquiry"
    ),
    # the last minute of a day; open past due since this morning
    appeal(
        "N4",
        "north",
        "06-15 23:59",
        dispatched_at="06-16 08:30",
        due_at="06-17 08:30",
        channel="mobile",
    ),
    # the first minute of a day; open past due
    appeal("N5", "north", "06-16 00:00", dispatched_at="06-16 09:00", due_at="06-16 18:00"),
    # done twice; linked to N1; followed up without an evaluation
    appeal(
        "N6",
        "north",
        "06-16 10:00",
        dispatched_at="06-16 11:00",
        due_at="06-18 11:00",
        replied_at="06-16 16:00",
        closed_at="06-16 17:00",
        followed_up_at="06-16 18:00",
        contacted=True,
        resolved=True,
        reopens=1,
        linked_key="N1",
        reply_workdays=0.25,
        channel="secretary_mailbox",
        category="water",
    ),
    # today; N8 within the running hour
    appeal("N7", "north", "06-17 09:00"),
    appeal("N8", "north", "06-17 10:15", closed_at="06-17 10:20"),
    # no appeal: must count nowhere
    appeal("N9", "north", "06-15 08:00", closed_at="06-15 09:00", kind="approval"),
    # south: could not be reached
    appeal(
        "S1",
        "south",
        "06-15 10:00",
        dispatched_at="06-15 11:00",
        due_at="06-16 11:00",
        replied_at="06-16 09:00",
        closed_at="06-16 10:00",
        followed_up_at="06-16 20:00",
        contacted=False,
        reply_workdays=1.5,
        channel="new_media",
        category="water",
    ),
    appeal(
        "S2",
        "south",
        "06-15 11:00",
        dispatched_at="06-15 12:00",
        due_at="06-16 12:00",
        replied_at="06-15 13:00",
        closed_at="06-15 14:00",
        followed_up_at="06-16 09:00",
        contacted=True,
        resolved=True,
        satisfied=True,
        reply_workdays=0.25,
        channel="business_mailbox",
        applicant="enterprise",
    ),
    # answered at the desk, yet dissatisfied
    appeal(
        "S3",
        "south",
        "06-15 12:00",
        closed_at="06-15 12:05",
        followed_up_at="06-15 20:00",
        contacted=True,
        resolved=True,
        satisfied=False,
    ),
    appeal("S4", "south", "06-16 13:00", dispatched_at="06-16 14:00", due_at="06-17 14:00"),
    appeal("S5", "south", "06-16 14:00", closed_at="06-16 14:10", linked_key="S3"),
    appeal("S6", "south", "06-17 08:30", dispatched_at="06-17 09:00", due_at="06-18 09:00"),
    # of last week, returned once, closed and followed up on the first of the two days
    appeal(
        "S7",
        "south",
        "06-10 09:30",
        dispatched_at="06-10 10:00",
        due_at="06-11 10:00",
        replied_at="06-11 11:00",
        closed_at="06-15 16:00",
        followed_up_at="06-15 18:00",
        contacted=True,
        resolved=False,
        satisfied=False,
        returns=1,
        reply_workdays=1.0,
    ),
    # river: closed this morning, in time
    appeal(
        "R1",
        "river",
        "06-16 07:00",
        dispatched_at="06-16 08:00",
        due_at="06-17 08:00",
        replied_at="06-17 07:00",
        closed_at="06-17 07:30",
        reply_workdays=0.75,
    ),
    appeal(
        "R2",
        "river",
        "06-16 08:00",
        dispatched_at="06-16 08:10",
        due_at="06-16 20:00",
        replied_at="06-16 19:00",
        closed_at="06-16 19:30",
        followed_up_at="06-16 21:00",
        contacted=True,
        resolved=True,
        satisfied=True,
        reopens=2,
        reply_workdays=1.0,
        channel="mobile",
    ),
    appeal("R3", "river", "06-16 09:00"),
    # the unit was left blank
    appeal("U1", "unassigned", "06-15 15:00", closed_at="06-15 15:30", source="hotline"),
)


def _reading(series: str, unit: str, when: str, value: float, key: str = "") -> Reading:
    return Reading(
        source="hotline",
        series=series,
        unit=unit,
        at=at(when),
        value=value,
        source_version=1,
        key=key,
    )


READINGS: tuple[Reading, ...] = (
    _reading("calls.offered", "north", "06-15 09:00", 40),
    _reading("calls.answered", "north", "06-15 09:00", 36),
    _reading("calls.offered", "north", "06-16 09:00", 60),
    _reading("calls.answered", "north", "06-16 09:00", 57),
    _reading("calls.offered", "south", "06-15 09:00", 10),  # never says how many were answered
    _reading("weibo.services", "north", "06-14 12:00", 100, "a"),
    _reading("weibo.services", "north", "06-16 12:00", 120, "a"),
    _reading("weibo.services", "north", "06-15 12:00", 50, "b"),
    _reading("weibo.services", "north", "06-17 08:00", 130, "a"),
)


def _mailbox(key: str, unit: str, since: str, state: str = "active") -> Asset:
    return Asset(
        source="hotline",
        key=key,
        source_version=1,
        kind="mailbox",
        unit=unit,
        state=state,
        since=at(since),
        category="county",
        title=key,
    )


ASSETS: tuple[Asset, ...] = (
    _mailbox("M1", "north", "06-01 00:00"),
    _mailbox("M2", "north", "06-01 00:00", "closed"),
    _mailbox("M3", "south", "06-16 09:00"),
    _mailbox("M4", "river", "05-20 09:00"),
    _mailbox("M5", "south", "06-17 09:00"),
)

RECORDS: tuple[Record, ...] = (*CASES, *READINGS, *ASSETS)

"""A month of cases that comes out as a published bulletin of Chengdu does, case by case.

    Month ── cases ──> Case … ── write ──> records, cubes

Only the counts are the bulletin's. Which case is which is dealt out by a stride, so that natures,
days and districts mix; some cases of the days before and after are there and must not count.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from centre.domain.places import City
from centre.domain.records import HANDLER_KINDS, NATURES, Case
from centre.metrics.registry import METRICS
from centre.store import sources
from centre.store.write import Delivery, write

ZH = dict(zip(("反映", "咨询", "求助", "建议", "表扬"), NATURES, strict=True))
TOLD = ("received", "dispatched", "closed", "dissatisfied")
RATES = ("overdue", "satisfaction")
PARTS = tuple(
    dict.fromkeys(
        part
        for name in (*(f"{one}.count" for one in TOLD), *(f"{one}_rate" for one in RATES))
        for metric in METRICS[f"appeal.{name}"].versions
        for part in metric.parts
    )
)
"""What the bulletins tell of: half a million cases are counted for that alone."""
SOURCE = "bulletins"
STRIDES = 7_919, 7_927  # primes: every case has its turn, and the two deals do not go together
BATCH = 10_000
OUTSIDE = 50  # cases that are not of the month, yet near it
LAST_RECEIVED = timedelta(days=27)  # what is closed two days later is closed within the month


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one kind of handler did with the tickets that were dispatched to it."""

    dispatched: int
    late: int = 0
    closed: int = 0
    evaluated: int = 0
    dissatisfied: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The counts of a month; `reasons` of the dissatisfied, in their order."""

    start: datetime
    end: datetime
    natures: Mapping[str, int]
    kinds: Mapping[str, Kind]
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """All that came in."""
        return sum(self.natures.values())


def published(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The bulletins of March 2018 and of a later November."""
    march, november = json.loads((folder / "chengdu_bulletins.json").read_text("utf-8"))[
        "bulletins"
    ]
    return march, november


def march(told: Mapping[str, Any], city: City) -> Month:
    """March 2018, of which everything is told but the closed and the evaluated by kind.

    15,354 and 6,625 are the only evaluated tickets, 21,979 together as the bulletin implies, that
    give the 80.01 % and 82.81 % of districts and departments.
    """
    closed = {"district": 36_790, "department": told["closed"] - 36_790}
    evaluated = {"district": 15_354, "department": 6_625}
    kinds = {
        kind: Kind(
            dispatched=told[f"dispatched_{kind}"],
            late=told[f"overdue_{kind}"],
            closed=closed[kind],
            evaluated=evaluated[kind],
            dissatisfied=told[f"unsatisfied_{kind}"],
        )
        for kind in HANDLER_KINDS
    }
    return Month(
        start=datetime(2018, 3, 1, tzinfo=city.tz),
        end=datetime(2018, 4, 1, tzinfo=city.tz),
        natures=_natures(told),
        kinds=kinds,
    )


def november(told: Mapping[str, Any], city: City) -> Month:
    """A later November, told without the kinds of handler; 2019 is the likely year."""
    names = {name.zh: code for code, name in city.codes["dissatisfied_reason"].items()}
    kind = Kind(
        dispatched=told["dispatched"],
        late=told["overdue"],
        closed=told["closed"],
        evaluated=60_000,  # not told; more than the dissatisfied
        dissatisfied=told["unsatisfied"],
    )
    return Month(
        start=datetime(2019, 11, 1, tzinfo=city.tz),
        end=datetime(2019, 12, 1, tzinfo=city.tz),
        natures=_natures(told),
        kinds={"department": kind},
        reasons={names[zh]: one["n"] for zh, one in told["unsatisfied_reasons"].items()},
    )


def _natures(told: Mapping[str, Any]) -> dict[str, int]:
    return {ZH[zh]: count for zh, count in told["nature"].items()}


def cases(month: Month, city: City) -> Iterator[Case]:
    """The month's cases in the order in which they were received, and some around it."""
    units = [unit.code for unit in city.units]
    step = LAST_RECEIVED / month.received
    natures = _by_count(month.natures)
    roles = _roles(month)
    for number in range(month.received):
        dealt = number * STRIDES[0] % month.received
        yield Case(
            source=SOURCE,
            key=f"{month.start:%Y%m}-{number}",
            source_version=1,
            unit=units[number % len(units)],
            received_at=month.start + number * step,
            nature=natures(dealt),
            **roles(number, month.start + number * step),
        )
    yield from _outside(month, units)


def _outside(month: Month, units: Sequence[str]) -> Iterator[Case]:
    """Cases on the evening before the month and at the moment that it is over."""
    for number in range(OUTSIDE):
        at = month.start - timedelta(hours=1) if number % 2 else month.end
        key = f"{month.start:%Y%m}-outside-{number}"
        yield Case(
            source=SOURCE,
            key=key,
            source_version=1,
            unit=units[number % len(units)],
            received_at=at,
            dispatched_at=at,
            closed_at=at,
            followed_up_at=at,
            nature="report",
            satisfied=False,
        )


def _by_count(counts: Mapping[str, int]) -> Callable[[int], str]:
    """Number -> the key whose turn it is, so many of each."""
    keys, ends = list(counts), list(accumulate(counts.values()))
    return lambda number: keys[bisect_right(ends, number)]


def _roles(month: Month) -> Callable[[int, datetime], dict[str, Any]]:
    """(number, received) -> what became of a case; another stride than that of the natures."""
    counts = {kind: one.dispatched for kind, one in month.kinds.items()}
    by_kind, dispatched = _by_count(counts), sum(counts.values())
    begins = dict(zip(counts, accumulate(counts.values(), initial=0), strict=False))
    reason = _by_count(month.reasons) if month.reasons else None

    def role(number: int, received: datetime) -> dict[str, Any]:
        dealt = number * STRIDES[1] % month.received
        if dealt >= dispatched:
            return {}
        kind = by_kind(dealt)
        return _worked(month.kinds[kind], kind, dealt - begins[kind], received, reason)

    return role


def _worked(
    told: Kind, kind: str, turn: int, received: datetime, reason: Callable[[int], str] | None
) -> dict[str, Any]:
    """The life of the ticket whose `turn` it is: the first are late, then come the closed."""
    dispatched = received + timedelta(hours=1)
    due = dispatched + timedelta(days=10)
    found = {"handler_kind": kind, "dispatched_at": dispatched, "due_at": due}
    if turn < told.late:
        return {**found, "replied_at": due + timedelta(minutes=1)}
    turn -= told.late
    if turn >= told.closed:
        return found
    closed = dispatched + timedelta(days=2)
    found |= {"replied_at": closed, "closed_at": closed}
    if turn >= told.evaluated:
        return found
    found |= {
        "followed_up_at": closed + timedelta(hours=12),
        "satisfied": turn >= told.dissatisfied,
    }
    if turn < told.dissatisfied and reason is not None:
        found["dissatisfied_reason"] = reason(turn)
    return found


def fill(engine: Engine, city: City, months: Iterable[Month], now: datetime) -> int:
    """Write the months' cases as a collector does; how many were stored."""
    epoch = sources.claim(engine, SOURCE)
    stored = 0
    for month in months:
        days = (month.end - month.start).days
        rest = cases(month, city)
        while batch := list(islice(rest, BATCH)):
            delivery = Delivery(
                source=SOURCE,
                epoch=epoch,
                records=batch,
                rows=(),
                cursor={"key": batch[-1].key},
                fetched_at=now,
                watermark=month.end,
                days=tuple(f"{month.start + timedelta(days=day):%Y-%m-%d}" for day in range(days)),
                units=tuple(city.by_code),
            )
            stored += write(engine, delivery, PARTS, city.tz).stored
    return stored

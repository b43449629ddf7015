"""A part: one additive sum over records, anchored at one of their times.

The numerator and the denominator of every metric are parts. The cubes hold each part by day and
unit, and by one further dimension at a time; that is all a fixed drill-down needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, literal

DIMS = (
    "hour",  # "00".."23", local
    "channel",
    "handler",
    "handler_kind",
    "category",
    "street",
    "nature",
    "applicant",
    "duration",  # periods.duration_bucket, for closed cases
)
"""Dimensions of the cubes beside day and unit; a reading has hour only, an asset category only."""


COLUMNS = {"reason": "dissatisfied_reason"}
"""Dimensions that only some parts have, as `Part.dims` says, and the column of a case they read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`amount` summed over the rows of one table where `where` holds, at the time `anchor`.

    `anchor` names the table: case, reading or asset. A row whose anchor is NULL does not count.
    A changed meaning needs a new id; a changed SQL of the same meaning is refilled by itself.
    """

    id: str
    anchor: Column[object]
    where: ColumnElement[bool]
    amount: ColumnElement[float] = field(default_factory=lambda: literal(1.0))
    matures: bool = False
    """Whether its amount of a day goes on changing by the normal life of that day's cases: a case
    received on Monday is answered on Tuesday. Such a change is no late data about Monday."""
    dims: tuple[str, ...] = ()  # of COLUMNS, beside those that every part has

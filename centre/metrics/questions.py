"""What can be asked of a metric, what is answered, and what cannot be.

CannotAnswer          the asker's fault; str() is a message for people
├── UnknownMetric     404, with the nearest id
├── UnknownUnit       404, with the nearest code
├── UnknownBy         400, with what there is
├── UnknownVersion    400, with what there is
├── BadPeriod         400
└── OutOfScope        403
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from centre.domain.places import CITY
from centre.domain.status import Freshness
from centre.metrics.metric import Spell

BYS = (
    "unit",
    "street",
    "channel",
    "handler",
    "handler_kind",
    "nature",
    "category",
    "day",
    "hour",
    "applicant",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A metric of a unit (or "city") over [start, end), broken down `by` one dimension.

    `within`: only what has these values of these dimensions, in order of their names;
    "unassigned" is what does not say.

    The whole period is computed by one definition: `version`, or the one the city counts by.
    """

    metric: str
    unit: str = CITY
    start: datetime
    end: datetime
    by: str | None = None
    version: int | None = None
    within: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many of the expected centres are wholly in a figure, and which units are not, by code.

    `usual_share`: what is missing, of the whole usual volume; 0.0 when nothing is, None when a
    missing unit was not heard of in the last 28 days. `withheld`: too little is there to say a
    number.
    """

    present: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()
    usual_share: float | None = 0.0
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One part of a breakdown. `key` "unassigned": not said. `num` None: missing.

    `revised`: late data changed a closed day of it after that day was complete.
    """

    key: str
    num: float | None
    den: float | None
    value: float | None
    coverage: Coverage = Coverage()
    revised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The answer. `end` is the question's, or now where that lies in the future.

    `version`: of the definition by which all of it was computed. `in_force`: those that were in
    force in the period; more than one, or another one, must be said beside the figure.
    """

    metric: str
    unit: str
    start: datetime
    end: datetime
    num: float | None
    den: float | None
    value: float | None
    freshness: Freshness
    as_of: datetime | None
    coverage: Coverage
    event_at: datetime | None = None
    received_at: datetime | None = None
    revised: bool = False
    groups: tuple[Group, ...] = ()
    version: int = 1
    in_force: tuple[Spell, ...] = ()


class CannotAnswer(ValueError):
    """A question that has no answer, and why."""


class UnknownMetric(CannotAnswer):
    """No metric has this id."""


class UnknownUnit(CannotAnswer):
    """No unit of the city has this code."""


class UnknownBy(CannotAnswer):
    """The metric cannot be broken down like this."""


class UnknownVersion(CannotAnswer):
    """The metric has no definition of this version."""


class BadPeriod(CannotAnswer):
    """The period is empty or turned round."""


class OutOfScope(CannotAnswer):
    """The asker may not see this unit, or the kind of case that is counted."""

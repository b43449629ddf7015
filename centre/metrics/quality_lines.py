"""How a source or a unit delivers over 30 days: its days, its sums, and the sums of many.

punctual   1 − late seconds ÷ seconds since the ledger of the source began; sums over sums
complete   days delivered to their end ÷ days since the first that was ever delivered
alike      days that agree with the source ÷ days compared
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from centre.domain.periods import Days
from centre.store.ledger import Entry
from centre.store.ledger_past import COUNTS
from centre.store.reconciled import Compared

_COMPARED = {"unlike": "difference", "fetched": "came", "taken_away": "removed"}
"""What comparisons with the source, and the sweeps after them, have found."""

NAMES = ("punctual", "complete", *COUNTS, "revised", "alike", *_COMPARED)
"""What is told of a line: shares with both their parts, and counts."""

Amount = tuple[float | None, float | None]
"""Numerator and denominator; of a count it has none. None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a source or unit. None: not known, which is not 0.

    `late` of `seconds` are of time; `is_complete` None: it runs, or nobody promised it.
    """

    day: date
    late: float | None = None
    seconds: float | None = None
    is_complete: bool | None = None
    is_revised: bool = False
    entry: Entry | None = None
    compared: Compared | None = None

    @property
    def punctual(self) -> float | None:
        """The share of its time in which data was no older than 1.5 promises."""
        return None if self.late is None or not self.seconds else 1 - self.late / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """30 days of a source (its id) or of a unit (its code)."""

    id: str
    days: tuple[Day, ...]
    has_units: bool = True  # a source that answers for no single unit revises nobody's days

    @property
    def punctual(self) -> float | None:
        """Of all days together."""
        return share(self.amount("punctual"))

    @property
    def complete(self) -> tuple[int, int]:
        """Days delivered, of days expected."""
        known = [one.is_complete for one in self.days if one.is_complete is not None]
        return sum(known), len(known)

    @property
    def alike(self) -> tuple[int, int]:
        """Days that agree with the source, of days compared."""
        known = [one.compared for one in self.days if one.compared]
        return sum(not one.difference for one in known), len(known)

    @property
    def revised(self) -> int | None:
        """Closed days that late data has changed."""
        return sum(one.is_revised for one in self.days) if self.has_units else None

    def count(self, name: str) -> int | None:
        """The sum of a count of the ledger; None when the ledger knows nothing of these days."""
        known = [one for one in self.days if one.late is not None or one.entry]
        return sum(getattr(one.entry, name) for one in known if one.entry) if known else None

    def on(self, day: date) -> Line:
        """One day of it alone."""
        return replace(self, days=tuple(one for one in self.days if one.day == day))

    def amount(self, name: str) -> Amount:
        """One of NAMES, in parts that can be added to those of other lines."""
        if name == "punctual":
            return self._in_time()
        if name in ("complete", "alike"):
            there, expected = self.complete if name == "complete" else self.alike
            return (there, expected) if expected else (None, None)
        if name == "revised":
            return self.revised, None
        if name in _COMPARED:
            known = [getattr(one.compared, _COMPARED[name]) for one in self.days if one.compared]
            return (sum(known), None) if known else (None, None)
        return self.count(name), None

    def _in_time(self) -> Amount:
        known = [one for one in self.days if one.late is not None and one.seconds]
        whole = sum(one.seconds or 0.0 for one in known)
        return (whole - sum(one.late or 0.0 for one in known), whole) if whole else (None, None)


def share(amount: Amount) -> float | None:
    """The quotient of an amount; None where a part is missing."""
    num, den = amount
    return num / den if num is not None and den else None


def total(lines: Iterable[Line], name: str) -> Amount:
    """Sums over sums; of what is known of none of the lines None."""
    parts = [one.amount(name) for one in lines]
    nums = [num for num, _ in parts if num is not None]
    dens = [den for _, den in parts if den is not None]
    return (sum(nums) if nums else None, sum(dens) if dens else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All that /quality tells. `seq`: at which change it is known so; 0: as is known by now.

    `is_whole`: of all units, so that there are sums of the city.
    """

    days: Days
    sources: tuple[Line, ...]
    units: tuple[Line, ...]
    seq: int = 0
    is_whole: bool = True

    def city(self, name: str) -> Amount:
        """Of all sources together; days that late data changed are days of units."""
        return total(self.units if name == "revised" else self.sources, name)

    def line(self, *, source: str | None = None, unit: str | None = None) -> Line | None:
        """Of one source or unit; None where there is none of this name."""
        lines, id_ = (self.units, unit) if source is None else (self.sources, source)
        return next((one for one in lines if one.id == id_), None)

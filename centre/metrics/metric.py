"""A metric: what a number means, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from centre.domain.places import Name
from centre.store.parts import Part

OFFICE = Name(zh="市网络理政办", en="City office for online governance")
NO_CAVEATS = Name(zh="无", en="None")
PERCENT = Name(zh="%", en="%")


class Shape(StrEnum):
    """How parts become a value."""

    COUNT = "count"  # num in the window
    RATIO = "ratio"  # num / den, both sums
    MEAN = "mean"  # sum of an expression / count
    PER_DAY = "per_day"  # num / days of the window
    STOCK = "stock"  # num - minus, both summed from the beginning to t
    GAUGE = "gauge"  # last reading of `series` at t, summed over units


class Spell(NamedTuple):
    """A stretch of days over which one definition was in force, from its first day on."""

    version: int
    first: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One row of the catalogue, with its definition at `version`, valid from `valid_from`.

    A changed definition is a new version with its date; the one before moves into `earlier`, so
    that any period can be asked by either.

    A rate is a fraction 0..1 everywhere but on the screen. `direction`: "up" is good, "down" is
    good, or "neutral". `drill`: field filters that list the cases behind it on /cases.
    """

    id: str
    platform: str
    name: Name
    definition: Name
    unit: Name  # 件, %, 工作日
    shape: Shape
    direction: str
    num: Part | None = None  # None only for a gauge
    den: Part | None = None
    minus: Part | None = None
    series: str | None = None  # of a gauge
    version: int = 1
    valid_from: date = date(2018, 1, 1)
    owner: Name = OFFICE
    datasets: tuple[str, ...] = ("case",)  # which records it reads
    kinds: tuple[str, ...] = ("appeal",)  # of the cases it counts, as its parts say
    caveats: Name = NO_CAVEATS
    digits: int = 0  # decimals on the screen; a rate shows percent with two
    drill: str = ""  # query string of /cases
    needs: Part | None = None
    """A part that must have been seen once in the city; before that the number is not 0 but
    unknown: a feed that never tells of dispatches says nothing about direct answers."""

    earlier: tuple[Metric, ...] = ()
    """Definitions before this one, oldest first, each valid until the next one's date."""
    others: tuple[Metric, ...] = ()
    """Definitions that a city never counts by (see registry.of_city), yet can be asked for."""

    @property
    def is_rate(self) -> bool:
        """Whether the value is a fraction shown in percent."""
        return self.shape is Shape.RATIO

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that this version's cubes need."""
        parts = (self.num, self.den, self.minus, self.needs)
        return tuple(part for part in parts if part is not None)

    @property
    def versions(self) -> tuple[Metric, ...]:
        """All definitions that can be asked for, oldest first; this one among them."""
        found = (*self.earlier, self, *self.others)
        return found if not self.others else tuple(sorted(found, key=attrgetter("version")))

    def at_version(self, number: int) -> Metric | None:
        """The definition of a version; None where there is none."""
        return next((one for one in self.versions if one.version == number), None)

    def valid(self, day: date) -> Metric:
        """The definition in force on a day; before all of them the oldest."""
        dated = (*self.earlier, self)
        return next((one for one in reversed(dated) if one.valid_from <= day), dated[0])

    def definitions(self, first: date, last: date) -> tuple[Metric, ...]:
        """This definition and those that were in force from `first` to `last` (inclusive)."""
        versions = {spell.version for spell in self.in_force(first, last)}
        return (self, *(one for one in self.earlier if one.version in versions))

    def in_force(self, first: date, last: date) -> tuple[Spell, ...]:
        """Which definitions were in force from `first` to `last` (inclusive), and since when."""
        began = self.valid(first)
        changes = (one for one in (*self.earlier, self) if first < one.valid_from <= last)
        return (
            Spell(began.version, first),
            *(Spell(one.version, one.valid_from) for one in changes),
        )

"""A metric: what a number means, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from centre.domain.places import Name
from centre.store.parts import Part

OFFICE = Name(zh="市网络理政办", en="City office for online governance")
NO_CAVEATS = Name(zh="无", en="None")


class Shape(StrEnum):
    """How parts become a value."""

    COUNT = "count"  # num in the window
    RATIO = "ratio"  # num / den, both sums
    MEAN = "mean"  # sum of an expression / count
    PER_DAY = "per_day"  # num / days of the window
    STOCK = "stock"  # num - minus, both summed from the beginning to t
    GAUGE = "gauge"  # last reading of `series` at t, summed over units


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One row of the catalogue, with its definition at `version`, valid from `valid_from`.

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

    @property
    def is_rate(self) -> bool:
        """Whether the value is a fraction shown in percent."""
        return self.shape is Shape.RATIO

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts its cubes need."""
        parts = (self.num, self.den, self.minus, self.needs)
        return tuple(part for part in parts if part is not None)

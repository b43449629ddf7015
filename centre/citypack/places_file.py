"""The shape of places.toml and targets.toml: what may stand there, before any rule looks at it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from centre.citypack.read import wrong
from centre.domain.due import STOPS

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]
Length = Annotated[int, Field(gt=0, le=3660)]
"""Days or hours; ten years are a slip of the pen."""


class Table(BaseModel):
    """A TOML table of ours: typed, and no key that nobody reads."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NameTable(Table):
    """One thing in the two languages of the screen."""

    zh: Text
    en: Text


class CityTable(NameTable):
    """[city]."""

    id: str | None = None
    title: NameTable
    zone: Text
    clock: Literal["now", "latest"] = "now"
    calendar: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    review_number: str | None = None


class StreetTable(NameTable):
    """One of units[].streets."""

    code: str
    lon: Longitude | None = None
    lat: Latitude | None = None


class UnitTable(NameTable):
    """[[units]]."""

    code: str
    kind: Text
    centre: bool = True
    population: Annotated[int, Field(gt=0)] | None = None
    neighbours: list[str] = []
    former_codes: list[str] = []
    aliases: list[str] = []
    streets: list[StreetTable] = []
    label: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    inset: bool = False


class DueTable(Table):
    """[[due]]: exactly one of the lengths, which a rule checks."""

    kind: str
    anchor: str = "dispatched_at"
    valid_from: date | None = None
    working_days: Length | None = None
    working_hours: Length | None = None
    calendar_days: Length | None = None
    calendar_hours: Length | None = None
    extension: Length | None = None
    stops: list[str] = list(STOPS)
    office: list[str] = []


class PlacesFile(Table):
    """places.toml."""

    city: CityTable
    units: Annotated[list[UnitTable], Field(min_length=1)]
    codes: dict[str, dict[str, NameTable]] = {}
    due: list[DueTable] = []


class TargetTable(Table):
    """[target."<metric>"]."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    note_zh: Text
    note_en: Text


class PublishedTable(Table):
    """[published."<metric>"]."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    period: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    bound: Literal["=", ">", ">=", "~"] = "="
    phrase: Text


def _share(value: float) -> float:
    if not 0 < value <= 1:
        raise wrong(f"{value:g} is no share", "write a fraction: 0.05 for 5 %")
    return value


Share = Annotated[float, AfterValidator(_share)]


class CoverageTable(Table):
    """[coverage]: shares of the usual volume, `watch` of the missing, `minimum` of the present."""

    minimum: Share = 0.5
    watch: Share = 0.05

    @model_validator(mode="after")
    def _watched_before_withheld(self) -> CoverageTable:
        if self.watch + self.minimum > 1:
            remedy = f"write a `watch` of {1 - self.minimum:g} at most"
            raise wrong("a figure would be withheld before its mark is watched", remedy)
        return self


class TargetsFile(Table):
    """targets.toml."""

    coverage: CoverageTable = CoverageTable()
    definition: dict[str, int] = {}
    target: dict[str, TargetTable] = {}
    published: dict[str, PublishedTable] = {}

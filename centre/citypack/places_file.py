"""The shape of places.toml and targets.toml: what may stand there, before any rule looks at it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


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
    working_days: Annotated[int, Field(gt=0)] | None = None
    days: Annotated[int, Field(gt=0)] | None = None
    hours: Annotated[int, Field(gt=0)] | None = None


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


class TargetsFile(Table):
    """targets.toml."""

    target: dict[str, TargetTable] = {}
    published: dict[str, PublishedTable] = {}

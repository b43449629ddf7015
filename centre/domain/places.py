"""The city: its units, streets, codes, clock and due rules, as its pack describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from centre.domain.due import DueRule, rule_on

CITY = "city"
UNASSIGNED = "unassigned"
RESERVED = (CITY, UNASSIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One thing in the two languages of the screen."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The name in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street or town of a unit 街道/镇."""

    code: str
    name: Name
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A place that accepts cases. `is_centre`: is among "22/22"; the municipal level is not."""

    code: str
    name: Name
    kind: str  # district | county | county-level city | zone | municipal | neighborhood …
    is_centre: bool = True
    population: int | None = None
    neighbours: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    streets: tuple[Street, ...] = ()
    label: tuple[float, float] | None = None  # lon, lat of the name on the map
    inset: bool = False  # drawn larger in the inset of the inner districts


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a metric should reach (a fraction for rates); `note` says who set it."""

    metric: str
    value: float
    note: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure the city once published: shown small beside the live one, never in its place."""

    metric: str
    value: float
    period: str  # "2018-12"
    bound: str  # "=" | ">" | ">=" | "~"
    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRule:
    """How much may be missing from a figure, as shares 0..1 of its usual volume.

    `minimum`: with less than this present a figure is withheld. `watch`: from this missing share
    on its mark is in the colour of watching.
    """

    minimum: float = 0.5
    watch: float = 0.05


@dataclass(frozen=True, kw_only=True)
class City:
    """One city pack, read and checked. `codes`: field -> code -> name ("channel" -> "phone")."""

    id: str
    name: Name
    title: Name  # of the operations centre: 成都市智慧治理中心
    zone: str
    clock: str  # "now" | "latest"
    calendar: str  # country code of the holidays package: "CN", "US"
    units: tuple[Unit, ...]
    codes: Mapping[str, Mapping[str, Name]] = field(default_factory=dict)
    due_rules: Mapping[str, tuple[DueRule, ...]] = field(default_factory=dict)  # by valid_from
    targets: Mapping[str, Target] = field(default_factory=dict)
    published: Mapping[str, Published] = field(default_factory=dict)
    coverage: CoverageRule = CoverageRule()
    definitions: Mapping[str, int] = field(default_factory=dict)  # metric -> version, not newest
    boundaries: Mapping[str, object] | None = None  # GeoJSON FeatureCollection; feature id = code
    review_number: str | None = None  # 审图号

    @cached_property
    def tz(self) -> ZoneInfo:
        """The city's zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """Units by their code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def centres(self) -> tuple[Unit, ...]:
        """The units that count among n/N."""
        return tuple(unit for unit in self.units if unit.is_centre)

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Every spelling of a unit, folded, to its code; codes win over names."""
        spellings: dict[str, str] = {}
        for unit in self.units:
            for text in (*unit.former_codes, unit.name.zh, unit.name.en):
                spellings.setdefault(text.casefold(), unit.code)
        return {**spellings, **{unit.code: unit.code for unit in self.units}}

    def resolve(self, text: str) -> str | None:
        """The code for a code, former code or name; "unassigned" for a blank; None if unknown."""
        folded = text.strip().casefold()
        return self._spellings.get(folded) if folded else UNASSIGNED

    def due_rule(self, kind: str, received_at: datetime) -> DueRule | None:
        """The rule that holds for a case, by the local day on which it was received."""
        rules = self.due_rules.get(kind, ())
        if len(rules) == 1 and rules[0].valid_from is None:
            return rules[0]
        return rule_on(rules, received_at.astimezone(self.tz).date()) if rules else None

    def unit_name(self, code: str, lang: str) -> str:
        """The name of a unit, of the whole city, or of 未分配."""
        if code == CITY:
            return "全市" if lang != "en" else "Whole city"
        if code == UNASSIGNED:
            return "未分配" if lang != "en" else "Unassigned"
        unit = self.by_code.get(code)
        return unit.name.of(lang) if unit else code

    def street_name(self, unit: str, street: str, lang: str) -> str:
        """The name of a street, or its code where the pack does not know it."""
        known = self.by_code.get(unit)
        for one in known.streets if known else ():
            if one.code == street:
                return one.name.of(lang)
        return street

    def code_name(self, field_name: str, code: str, lang: str) -> str:
        """The name of a code of a field ("channel", "phone"), or the code itself."""
        name = self.codes.get(field_name, {}).get(code)
        return name.of(lang) if name else code

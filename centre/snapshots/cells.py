"""Cell, Series and Snapshot: frozen, complete, and the only input of every panel."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from centre.domain.notes import Note
from centre.domain.status import Freshness


class Address(NamedTuple):
    """Where a cell stands: metric id, unit code (or "city"), window.

    Windows: "now" (a count: today so far; a rate, mean or per-day: the last 30 complete days; a
    stock or gauge: this moment), "week" (the same a week earlier), "usual" (counts only: mean of
    the last four same weekdays to this minute). Where not all units of now have such a past,
    "week_now" and "usual_now" are now of those that have.
    """

    metric: str
    unit: str
    window: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure: sums, never a quotient. `den` None: a count. `num` None: missing, drawn "—".

    `missing` and `usual_share` say what is not in it; a figure of less than the declared minimum is
    `withheld`, with `num` and `den` None.
    """

    num: float | None
    den: float | None = None
    as_of: datetime | None = None  # oldest watermark of the present units
    event_at: datetime | None = None  # newest thing that happened among their rows
    received_at: datetime | None = None  # when the newest of their rows came
    freshness: Freshness = Freshness.MISSING
    present: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()  # unit codes
    usual_share: float | None = 0.0  # of the missing in the last 28 days; None: never heard of
    withheld: bool = False  # too much is missing to say a number
    revised: bool = False  # late data changed a closed day of it after that day was complete
    figure: str = ""

    @property
    def value(self) -> float | None:
        """The number to show: a count, or num/den as a fraction; None when it cannot be had."""
        if self.num is None:
            return None
        if self.den is None:
            return self.num
        return self.num / self.den if self.den else None


NO_CELL = Cell(num=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A metric of one unit by day from `first` on; None where a day is missing. Without today.

    `missing`: the units that are not in a day's figure, day by day; () when every day is whole.
    `breaks`: the days on which another definition comes into force, where the line is cut;
    `versions`: of the definition before, between and after them, () for a metric that has but one.
    """

    first: date
    num: tuple[float | None, ...]
    den: tuple[float | None, ...] | None = None
    missing: tuple[tuple[str, ...], ...] = ()
    revised: tuple[date, ...] = ()  # closed days that late data changed after they were complete
    seq: int = 0  # since which it stands so: the moment of its figure ids
    breaks: tuple[date, ...] = ()
    versions: tuple[int, ...] = ()

    def version_on(self, day: date) -> int | None:
        """The version of the definition that a day stands by; None: the only one there is."""
        return self.versions[bisect_right(self.breaks, day)] if self.versions else None

    @property
    def cuts(self) -> tuple[int, ...]:
        """Numbers of the days before which the line is cut."""
        return tuple((day - self.first).days for day in self.breaks)

    @property
    def values(self) -> tuple[float | None, ...]:
        """What to draw, day by day."""
        if self.den is None:
            return self.num
        pairs = zip(self.num, self.den, strict=True)
        return tuple(n / d if n is not None and d else None for n, d in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Received by local hour: today (None for hours to come) and the usual day's 24 values."""

    today: tuple[float | None, ...]
    usual: tuple[float | None, ...]
    seq: int = 0  # since which it stands so: the moment of its figure ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One value of a dimension today, beside its usual amount to this minute (None: unknown).

    `today` is None where nobody is there to say it, like the cell beside it.
    """

    key: str
    today: float | None
    usual: float | None
    seq: int = 0  # since which it stands so: the moment of its figure ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Open cases of a unit by clock; None where its cases have no due times, which is not 0."""

    open: int
    lapses_today: int | None
    overdue: int | None
    seq: int = 0  # since which it stands so: the moment of its figure ids


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One outside system, as the screens show it. `state` is its freshness, or "paused".

    `condition`: "" while it answers, else what kind of trouble it is in ("refused": its rows have
    drifted). `breaker`: "open" while it is asked by probes alone. `drift`: how the columns of its
    rows have changed since its field map was written, a line each: "+new kind", "-gone",
    "~name kind kind".
    """

    id: str
    zh: str
    en: str
    unit: str | None
    adapter: str
    state: str
    synthetic: bool
    interval_seconds: float
    contact: str
    as_of: datetime | None = None  # watermark
    event_at: datetime | None = None  # the newest thing that happened among its rows
    received_at: datetime | None = None  # when its newest stored row came
    succeeded_at: datetime | None = None
    lag_seconds: float | None = None
    filled_days: int = 0
    total_days: int = 0
    fill_unit: str = "days"  # what both count: "days" | "percent" (of a file)
    sent: int = 0
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    failures: int = 0
    error: str | None = None
    condition: str = ""
    breaker: str = "closed"
    drift: str = ""
    map: str = ""  # hash of its file: by which version of the field map it is read
    reconciles: bool = False  # it is compared with what is here every night
    compared_at: datetime | None = None
    differences: tuple[tuple[str, int], ...] = ()  # (ISO day, cases: theirs less ours), not 0
    seq: int = 0  # since which its counts stand so: the moment of their figure ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing that matters, worst first in Snapshot.alerts; an empty tuple is a calm day.

    kind "source_down": `unit`, `since`. kind "target_missed": `metric`, `value`, `limit`.
    kind "surge": `unit`, `value` (received today), `limit` (usual to this minute).
    """

    kind: str
    unit: str
    metric: str = ""
    source: str = ""
    value: float | None = None
    limit: float | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that the screens show at one moment, made once by the collector."""

    seq: int
    published_at: datetime
    city_now: datetime  # the city's clock; equals published_at unless the clock is "latest"
    clock: str  # "now" | "latest"
    cells: Mapping[Address, Cell] = field(default_factory=dict)
    series: Mapping[tuple[str, str], Series] = field(default_factory=dict)  # (metric, unit)
    hours: Mapping[str, Hours] = field(default_factory=dict)  # unit or "city"
    shares: Mapping[tuple[str, str], tuple[Share, ...]] = field(default_factory=dict)
    """(dimension "category" | "channel", unit or "city") -> received today, largest first."""
    dues: Mapping[str, Due] = field(default_factory=dict)  # unit or "city"
    sources: tuple[SourceState, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notes: tuple[Note, ...] = ()  # on the data, those of the newest first
    filled_days: int = 0  # of the source that is furthest behind
    total_days: int = 0
    fill_unit: str = "days"  # what both count: "days" | "percent"
    synthetic: bool = False  # any figure comes from a simulated source

    def cell(self, metric: str, unit: str = "city", window: str = "now") -> Cell:
        """The cell at an address, or NO_CELL."""
        return self.cells.get(Address(metric, unit, window), NO_CELL)

    def compared(self, metric: str, unit: str = "city", window: str = "week") -> tuple[Cell, Cell]:
        """Now and then ("week" or "usual"), both of the units that are present in both."""
        now, then = self.cell(metric, unit), self.cell(metric, unit, window)
        same = self.cells.get(Address(metric, unit, f"{window}_now"))
        return (now if same is None or now.num is None else same), then

    def source(self, unit: str) -> SourceState | None:
        """The source that answers for a unit, when there is one."""
        return next((one for one in self.sources if one.unit == unit), None)

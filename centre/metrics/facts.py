"""Everything the board is made of, in a fixed number of queries however many cases there are.

presence · parts by day · stocks · last readings · the last four same weekdays to this minute
· hours, categories and channels of today and of those weekdays · open cases by clock
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection

from centre.domain.periods import RATE_DAYS, Days, day_start, local_day
from centre.domain.places import UNASSIGNED, City
from centre.domain.scope import EVERYTHING, Scope
from centre.metrics import clocks, weeks
from centre.metrics.families.volume import RECEIVED
from centre.metrics.feeds import Feeds, feeds, measured
from centre.metrics.kept import Kept, Wanted, keep
from centre.metrics.metric import Metric, Shape
from centre.metrics.sums import WHOLE_DAYS, Attendance, complete_only, reads_cases, seen
from centre.snapshots.cells import Due, SourceState
from centre.store import queries
from centre.store.parts import Part
from centre.store.past import Past, past_of
from centre.store.queries.horizon import first_case_at

WEEK = weeks.WEEK
SHARED_DIMS = ("category", "channel")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was read; `today` and all days are ordinals of local days."""

    city: City
    now: datetime
    today: int
    units: tuple[str, ...]  # of the city, in its order, and "unassigned"
    feeds: Feeds
    measured: Mapping[str, Feeds]  # of the metrics made of readings or assets, by metric
    presence: Mapping[str, Mapping[int, datetime]]
    sums: queries.ByDay
    stocks: Mapping[tuple[str, str], float]
    gauges: Mapping[tuple[str, str], tuple[float | None, float | None]]  # now, a week ago
    to_minute: queries.ByDay  # of the weekdays back
    timed: frozenset[str]  # parts that `to_minute` knows
    hours: queries.ByKey
    shares: Mapping[str, queries.ByKey]
    dues: Mapping[str, Due]
    since: Mapping[str, int]  # of finished data: unit -> the day its source begins with
    revised: queries.Revised  # closed days that late data changed
    kept: Kept  # what the next reading need not read

    @cached_property
    def rate_days(self) -> tuple[int, ...]:
        """The 30 complete days that end yesterday."""
        return tuple(range(self.today - RATE_DAYS, self.today))

    @cached_property
    def weekdays(self) -> tuple[int, ...]:
        """The last four same weekdays, newest first."""
        return tuple(self.today - back for back in weeks.WEEKDAYS_BACK)

    def feeds_of(self, metric: Metric) -> Feeds:
        """How fresh the units are in what this metric reads."""
        return self.measured.get(metric.id, self.feeds)

    def there_for(self, metric: Metric) -> Attendance:
        """Units whose words about today count in this metric."""
        if metric.id not in self.measured:
            return Attendance(always=self.there)
        by_unit = self.measured[metric.id]
        return Attendance(always=frozenset(unit for unit in self.units if by_unit[unit].is_there))

    def delivered_for(self, metric: Metric) -> Attendance:
        """Who delivered which day; what is measured says so itself, day by day."""
        if metric.id in self.measured:
            return self.everybody
        return self.complete if metric.shape in WHOLE_DAYS else self.delivered

    @cached_property
    def everybody(self) -> Attendance:
        """All units."""
        return Attendance(always=frozenset(self.units))

    @cached_property
    def delivered(self) -> Attendance:
        """Who delivered which day, be it only in part: enough to divide what did come."""
        if self.city.clock == "latest":
            return Attendance(always=frozenset(self.units), since=self.since)
        return Attendance.of(self.presence)

    @cached_property
    def complete(self) -> Attendance:
        """Who delivered which day to its end: half a day is no amount of a day."""
        if self.city.clock == "latest":
            return self.delivered
        return Attendance.of(complete_only(self.presence, self.city.tz))

    @cached_property
    def seen(self) -> frozenset[str]:
        """The needed parts that were ever delivered."""
        return seen(self.stocks)

    @cached_property
    def there(self) -> frozenset[str]:
        """Units whose words about today's cases count."""
        return frozenset(unit for unit in self.units if self.feeds[unit].is_there)

    @cached_property
    def day_began_at(self) -> datetime:
        """When the running local day began: where the complete days end."""
        return day_start(date.fromordinal(self.today), self.city.tz)

    @cached_property
    def _moments(self) -> Mapping[int, datetime]:
        """This local minute on each of the weekdays."""
        time = self.now.astimezone(self.city.tz).time()
        return {
            day: datetime.combine(date.fromordinal(day), time, self.city.tz)
            for day in self.weekdays
        }

    def reaches(self, unit: str, weekday: int) -> bool:
        """Whether one of the weekdays was delivered at least to this minute."""
        if self.city.clock == "latest" or unit == UNASSIGNED:
            return self.delivered.on(unit, weekday)
        until = self.presence.get(unit, {}).get(weekday)
        return until is not None and until >= self._moments[weekday]


def read(
    conn: Connection,
    city: City,
    metrics: Mapping[str, Metric],
    now: datetime,
    *,
    scope: Scope,
    sources: Sequence[SourceState],
    before: Kept | None = None,
    at: int | None = None,
) -> Facts:
    """Read the facts as of `now`, the city's clock; `before`: what the last reading kept.

    `at`: as they were known at a change number; nothing that was kept is used then.
    """
    today, past = local_day(now, city.tz), past_of(at, city.tz)
    timed, kept = _timed(metrics), _cells(conn, metrics, today, scope, before=before, past=past)
    return Facts(
        city=city,
        now=now,
        today=today.toordinal(),
        units=tuple(unit for unit in (*city.by_code, UNASSIGNED) if scope.allows_unit(unit)),
        feeds=feeds(city, sources),
        measured=_measured(conn, city, metrics, sources, at),
        presence=queries.presence(conn, kept.wanted.days, scope, at=at),
        sums=kept.sums,
        stocks=kept.stocks,
        gauges=weeks.gauges(conn, metrics, now, scope, at),
        to_minute=weeks.to_minute(conn, city, timed, now, scope=scope, past=past),
        timed=frozenset(part.id for part in timed),
        hours=kept.keys["hour"],
        shares={dim: kept.keys[dim] for dim in SHARED_DIMS},
        dues=clocks.dues(conn, city, now, scope, seen=kept.sums, at=at),
        since=beginnings(conn, city, sources, at=at),
        revised=queries.revised(conn, kept.wanted.days, scope, at=at),
        kept=kept,
    )


def _cells(
    conn: Connection,
    metrics: Mapping[str, Metric],
    today: date,
    scope: Scope,
    *,
    before: Kept | None,
    past: Past | None,
) -> Kept:
    """What is read of the cubes."""
    wanted = _wanted(metrics, today, scope)
    flows, _ = _parts(metrics, wanted.days)
    by_id = {part.id: part for part in (*flows, RECEIVED)}
    return keep(conn, wanted, before, past=past, parts=by_id)


def _wanted(metrics: Mapping[str, Metric], today: date, scope: Scope) -> Wanted:
    days = Days(first=today - timedelta(days=RATE_DAYS + WEEK), last=today)
    flows, stocked = _parts(metrics, days)
    return Wanted(
        days=days,
        flows=tuple(part.id for part in flows),
        stocked=tuple(part.id for part in stocked),
        keyed=RECEIVED.id,
        dims=("hour", *SHARED_DIMS),
        shown=tuple(today.toordinal() - back for back in (0, *weeks.WEEKDAYS_BACK)),
        scope=scope,
    )


def beginnings(
    conn: Connection, city: City, sources: Sequence[SourceState], *, at: int | None = None
) -> Mapping[str, int]:
    """Unit -> the day with which the source that answers for it begins; finished cities only.

    A live source names the days that it has delivered; a finished one is its records, and before
    the first of them nothing is known: such a day is not 0. When a source begins is a fact of the
    source, so that every reader's figures stand on the same days.
    """
    if city.clock != "latest":
        return {}
    own = {one.unit for one in sources if one.unit is not None}
    general = _first_day(conn, city, but=own, at=at)
    alone = {unit: _first_day(conn, city, unit=unit, at=at) for unit in own}
    everybody = min([general, *alone.values()])
    return {**dict.fromkeys(city.by_code, general), **alone, UNASSIGNED: everybody}


def _first_day(
    conn: Connection,
    city: City,
    *,
    unit: str | None = None,
    but: Collection[str] = (),
    at: int | None,
) -> int:
    first = first_case_at(conn, EVERYTHING, unit=unit, but=but, at=at)
    return local_day(first, city.tz).toordinal() if first else date.max.toordinal()


def _measured(
    conn: Connection,
    city: City,
    metrics: Mapping[str, Metric],
    sources: Sequence[SourceState],
    at: int | None,
) -> dict[str, Feeds]:
    return {
        metric.id: measured_feeds(conn, city, metric, sources, at=at)
        for metric in metrics.values()
        if not reads_cases(metric)
    }


def measured_feeds(
    conn: Connection,
    city: City,
    metric: Metric,
    sources: Sequence[SourceState],
    *,
    at: int | None = None,
) -> Feeds:
    """How fresh the readings or assets of a metric are: as their sources are."""
    what = metric.num or metric.series or ""
    return measured(city, sources, queries.deliverers(conn, what, at=at))


def _parts(metrics: Mapping[str, Metric], days: Days) -> tuple[list[Part], list[Part]]:
    """The parts to be read by day (all), and those to be read from the beginning."""
    known = [one for each in metrics.values() for one in each.definitions(days.first, days.last)]
    flows = {part.id: part for metric in known for part in metric.parts}
    stocked = {part.id: part for one in known if one.shape is Shape.STOCK for part in one.parts}
    stocked |= {one.needs.id: one.needs for one in known if one.needs}
    return list(flows.values()), list(stocked.values())


def _timed(metrics: Mapping[str, Metric]) -> list[Part]:
    """Parts that are compared to the minute: those of counts and stocks that have hours."""
    shapes = {Shape.COUNT, Shape.STOCK}
    parts = {
        part.id: part
        for metric in metrics.values()
        if metric.shape in shapes
        for part in metric.parts
        if part.anchor.table.name != "asset"  # an asset's cubes have no hours
    }
    return list({**parts, RECEIVED.id: RECEIVED}.values())

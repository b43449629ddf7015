"""What happens at one simulated source: state at a moment, and events between two moments."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from datasources.simulation.calendar import Times, stamp
from datasources.simulation.day import SourceDay, draw_day
from datasources.simulation.life import LIFE_DAYS, Stage
from datasources.simulation.rows import Row, case_key, rows
from datasources.simulation.setting import Setting

_KEPT_DAYS = 40  # a first fill touches 35 days again and again; about 1.5 MB a source


@dataclass(frozen=True, eq=False, kw_only=True)
class Agenda:
    """Everything that happens on one local day to the cases of some days, in order of time."""

    day: date
    since: date  # first day whose cases take part
    times: Times
    days: NDArray[np.int64]  # ordinal of the day on which the case was received
    cases: NDArray[np.int64]  # its index there


class World:
    """The cases of one source. Caches days; forgets the oldest."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._days: OrderedDict[date, SourceDay] = OrderedDict()
        self._agenda: Agenda | None = None

    def day(self, day: date) -> SourceDay:
        """The cases received on a day, with all that will become of them."""
        if day not in self._days:
            self._days[day] = draw_day(self.setting, day)
            if len(self._days) > _KEPT_DAYS:
                self._days.popitem(last=False)
        self._days.move_to_end(day)
        return self._days[day]

    def received(self, day: date, at: int) -> list[Row]:
        """Rows of the cases that were received on a day until `at`, as they stand at `at`."""
        cases = self.day(day)
        known = np.searchsorted(cases.times[:, Stage.RECEIVED], at, side="right")
        return rows(self.setting, cases, np.arange(known), at)

    def changed(self, day: date, since: date, after: int, until: int) -> list[Row]:
        """Rows of the cases with an event in (after, until] on a local day, as at `until`.

        Cases received before `since` take no part. Microseconds when nothing happened.
        """
        agenda = self._agenda_of(day, since)
        first, last = np.searchsorted(agenda.times, (after, until), side="right")
        if first == last:
            return []
        happened = np.stack((agenda.days[first:last], agenda.cases[first:last]), axis=1)
        pairs = np.unique(happened, axis=0)
        found: list[Row] = []
        for ordinal in np.unique(pairs[:, 0]).tolist():
            which = pairs[pairs[:, 0] == ordinal, 1]
            cases = self.day(date.fromordinal(ordinal))
            found += rows(self.setting, cases, which, until)
        return found

    def arrivals(self, day: date) -> list[tuple[str, int]]:
        """(case number, microseconds of its arrival) of a whole day."""
        times = self.day(day).times[:, Stage.RECEIVED].tolist()
        return [(case_key(self.setting, day, i), time) for i, time in enumerate(times)]

    def _agenda_of(self, day: date, since: date) -> Agenda:
        if self._agenda is None or (self._agenda.day, self._agenda.since) != (day, since):
            self._agenda = self._plan(day, since)
        return self._agenda

    def _plan(self, day: date, since: date) -> Agenda:
        zone = self.setting.zone
        begins, ends = stamp(day, zone), stamp(day + timedelta(days=1), zone)
        first = max(since, day - timedelta(days=LIFE_DAYS))
        times, days, cases = [], [], []
        for back in range((day - first).days + 1):
            of = day - timedelta(days=back)
            column = self.day(of).times
            index, stage = np.nonzero((column >= begins) & (column < ends))
            times.append(column[index, stage])
            cases.append(index)
            days.append(np.full(len(index), of.toordinal()))
        flat = np.concatenate(times)
        order = np.argsort(flat, kind="stable")
        return Agenda(
            day=day,
            since=since,
            times=flat[order],
            days=np.concatenate(days)[order],
            cases=np.concatenate(cases)[order],
        )

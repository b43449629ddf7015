"""What one simulated source is asked to be: its [connection], its unit, its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.places import City, Unit
from centre.domain.sources import SourceConfig
from datasources.simulation import shape
from datasources.source import Malformed

CONNECTION_KEYS: Mapping[str, str] = {
    "seed": "whole number; another seed is another city (1)",
    "cases_per_day": "mean number of cases a day (the city's 8,700 shared among its units)",
    "prefix": "letters in front of the case numbers (the unit's code)",
    "start": "first day of this world, 2026-11-01 (34 days before the first fetch)",
    "resolution": "share of the follow-ups that say resolved (0.8394)",
    "satisfaction": "share of the evaluations that are not dissatisfied (0.8571)",
    "on_time": "share of the due cases that are closed by then (0.96)",
    "reply_workdays": "mean working days from dispatch to reply (4.7)",
    "municipal": "true: also calls, services and mailboxes of the whole city (false)",
    "calls_per_day": "calls offered a day, with municipal (10146)",
    "mailboxes": "number of leaders' mailboxes, with municipal (2732)",
    "outage_file": "while this file exists the source is unreachable; for drills (none)",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Setting:
    """One source's numbers, checked once."""

    source: str
    city: City
    unit: Unit
    zone: ZoneInfo  # of its days
    text_zone: ZoneInfo  # of the times in its rows
    crs: str
    seed: int
    prefix: str
    cases_per_day: float
    resolution: float
    satisfaction: float
    on_time: float
    reply_workdays: float
    limit_workdays: float
    start: date | None
    municipal: bool
    calls_per_day: float
    mailboxes: int


def setting(config: SourceConfig, city: City) -> Setting:
    """Read [connection]; Malformed says which key is wrong and what to write."""
    given = _Given(config)
    unit = city.by_code.get(config.unit or "")
    if unit is None:
        raise Malformed(f"{config.path}: unit: a simulated source needs one unit of the city")
    rules = city.due_rules.get("appeal", ())  # the simulated offices work by the newest rule
    is_in_days = bool(rules) and rules[-1].clock == "working_days"
    limit = float(rules[-1].length) if is_in_days else shape.LIMIT_WORKDAYS
    return Setting(
        source=config.id,
        city=city,
        unit=unit,
        zone=city.tz,
        text_zone=ZoneInfo(config.zone) if config.zone else city.tz,
        crs=config.crs,
        seed=int(given.number("seed", 1, most=2**53)),
        prefix=given.text("prefix", unit.code),
        cases_per_day=given.number("cases_per_day", shape.MEAN_DAY / len(city.units), most=1e6),
        resolution=given.number("resolution", shape.RESOLUTION),
        satisfaction=given.number("satisfaction", shape.SATISFACTION),
        on_time=given.number("on_time", shape.ON_TIME),
        # A reply takes at most about half of what is allowed, or nothing would be on time.
        reply_workdays=min(
            given.number("reply_workdays", shape.REPLY_WORKDAYS, most=60), 0.55 * limit
        ),
        limit_workdays=limit,
        start=given.day("start"),
        municipal=given.flag("municipal"),
        calls_per_day=given.number("calls_per_day", 304_373 / 30, most=1e7),
        mailboxes=int(given.number("mailboxes", 2732, most=1e6)),
    )


class _Given:
    """The values of [connection], each refused with file, key and remedy."""

    def __init__(self, config: SourceConfig) -> None:
        self._config = config
        self._table: Mapping[str, Any] = config.connection

    def number(self, key: str, default: float, *, most: float = 1.0) -> float:
        value = self._table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise self._wrong(key, f"write a number from 0 to {most:g}")
        return float(value)

    def text(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, 'write a word in quotes, like "JJ"')
        return value

    def flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "write true or false")
        return value

    def day(self, key: str) -> date | None:
        value = self._table.get(key)
        if value is None or type(value) is date:  # a TOML date; a datetime is none
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise self._wrong(key, "write a day like 2026-11-01") from error

    def _wrong(self, key: str, remedy: str) -> Malformed:
        value = self._table.get(key)
        return Malformed(f"{self._config.path}: connection.{key}: {value!r} is wrong; {remedy}")

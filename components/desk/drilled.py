"""The cases behind one row of a drill-down: /cases lists as many as the row says."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl

from centre.domain.periods import day_start, local_day
from centre.domain.places import CITY, City
from centre.metrics.gather import reach
from centre.metrics.metric import Metric, Shape
from centre.metrics.questions import Question
from centre.metrics.sums import reads_cases
from centre.store.parts import Part
from centre.store.queries import FILTERS
from components.desk.drill import Drill
from components.desk.filters import Filters
from components.desk.origin import word


def cases(drill: Drill, city: City, now: datetime, missing: tuple[str, ...] = ()) -> str | None:
    """The address of the list: of a rate its denominator, of a mean what it is taken over.

    None where no list has its cases: of what is no case, of a stock of the past. `missing`: the
    units that are not in the figure are not in the list either.
    """
    metric = _of_version(drill)
    if not reads_cases(metric) or any(name not in FILTERS for name, _ in drill.within):
        return None
    place = {"unit": drill.unit} if drill.unit != CITY else {"but": ",".join(missing) or None}
    where = {**place, **dict(drill.within)}
    asked = drill.question(city, now)
    if metric.shape is Shape.STOCK:
        if asked.end < now or len(metric.kinds) != 1 or not metric.drill:
            return None
        words = {
            **where,
            "of": word(drill),
            "kind": metric.kinds[0],
            **dict(parse_qsl(metric.drill)),
        }
        return Filters(**words).url()
    part = metric.den or metric.num
    if part is None:
        return None
    anchor = {"part": part.id, "anchor": part.anchor.name}
    return Filters(**where, of=word(drill), **anchor, **_period(asked, part, city, now)).url()


def _of_version(drill: Drill) -> Metric:
    wanted = drill.metric.at_version(drill.version) if drill.version else None
    return wanted or drill.metric


def _period(asked: Question, part: Part, city: City, now: datetime) -> dict[str, str]:
    end = reach(part, min(asked.end, now), now, city.tz)
    return {"start": _time(asked.start, city), "end": _time(end, city)}


def _time(instant: datetime, city: City) -> str:
    """A plain date where it is the beginning of one."""
    day = local_day(instant, city.tz)
    if instant == day_start(day, city.tz):
        return day.isoformat()
    return instant.astimezone(city.tz).isoformat()

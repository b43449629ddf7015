"""The cases behind any figure: the words of /cases that list as many as the figure counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from centre.domain.periods import day_start, local_day
from centre.domain.places import CITY, City
from centre.metrics import forecast
from centre.metrics.asked import Asked
from centre.metrics.asking import Recalled
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part
from centre.store.queries import FILTERS
from components.desk.filters import Filters

_STATUS = {"open": "open", "lapses_today": "due_today", "overdue": "overdue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Cases that a part of a figure counts: role "num", "den" or "open"; `amount`: how many.

    `amount` None: the part sums something else than cases.
    """

    role: str
    filters: Filters
    amount: float | None


def listed(asked: Asked, metric: Metric | None, then: Recalled, city: City) -> tuple[Listed, ...]:
    """The lists behind a figure; () where no list has its cases."""
    if asked.query.get("clock") in forecast.CLOCKS:
        return ()
    if "clock" in asked.query:
        words = {**_where(asked, then), "kind": "appeal", "status": _STATUS[asked.query["clock"]]}
        return (Listed(role="open", filters=Filters(**words), amount=then.num),)
    if metric is None or metric.num is None or asked.query.get("window") == "usual":
        return ()
    narrowed = _narrowed(asked)
    if narrowed is None or metric.num.anchor.table.name != "case":
        return ()
    where = {**_where(asked, then), **narrowed}
    if metric.shape is Shape.STOCK:
        return _stock(metric, where, then)
    return tuple(_flows(metric, {**where, **_period(then, city)}, then))


def _stock(metric: Metric, where: Mapping[str, str], then: Recalled) -> tuple[Listed, ...]:
    if not metric.drill or len(metric.kinds) != 1:
        return ()
    words = {**where, "kind": metric.kinds[0], **dict(parse_qsl(metric.drill))}
    return (Listed(role="open", filters=Filters(**words), amount=then.num),)


def _flows(metric: Metric, words: Mapping[str, str], then: Recalled) -> Iterator[Listed]:
    """A mean sums something over the cases of its denominator: those are its list."""
    if metric.num is not None and metric.shape is not Shape.MEAN:
        yield _of_part("num", metric.num, words, then.num)
    if metric.den is not None:
        yield _of_part("den", metric.den, words, then.den)


def _of_part(role: str, part: Part, words: Mapping[str, str], amount: float | None) -> Listed:
    filters = Filters(**words, part=part.id, anchor=part.anchor.name)
    return Listed(role=role, filters=filters, amount=amount)


def _where(asked: Asked, then: Recalled) -> dict[str, str]:
    if asked.unit != CITY:
        return {"unit": asked.unit}
    return {"but": ",".join(then.cell.missing)} if then.cell.missing else {}


def _narrowed(asked: Asked) -> dict[str, str] | None:
    """Values of dimensions as filters; None where no filter knows one."""
    by, key = asked.query.get("dim") or asked.query.get("by"), asked.query.get("key")
    found = {str(name): str(word) for name, word in asked.query.get("within", {}).items()}
    if key is not None and by is not None:
        found[str(by)] = str(key)
    return found if all(name in FILTERS for name in found) else None


def _period(then: Recalled, city: City) -> dict[str, str]:
    """[start, end) in words of the URL; a day that was running is the whole of it."""
    if then.start is None or then.end is None:
        return {}
    end = then.end
    if then.is_running:
        end = day_start(local_day(end, city.tz) + timedelta(days=1), city.tz)
    return {"start": _time(then.start, city), "end": _time(end, city)}


def _time(instant: datetime, city: City) -> str:
    local = instant.astimezone(city.tz)
    is_day = local == day_start(local.date(), city.tz)
    return local.date().isoformat() if is_day else local.isoformat()

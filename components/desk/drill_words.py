"""The words of a URL read as a drill-down; what there is not is told and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from centre.domain.periods import BadTime, parse_instant
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.vocabulary import closed
from centre.metrics import breakdown
from centre.metrics.metric import Metric
from components.desk.drill import Drill
from components.text import t

LONGEST = 200
"""Letters of a filter; no code and no name of a category is as long."""

CARRIED = ("lang", "at")
"""Words that every page has, and that say nothing of what is asked."""


def read(
    words: Mapping[str, str], metric: Metric, city: City, now: datetime, lang: str
) -> tuple[Drill, list[str]]:
    """The drill that a URL asks for, and a sentence for each word that cannot be read."""
    drill, slips = Drill(metric=metric), list[str]()
    for name, word in words.items():
        if not word or name in CARRIED:
            continue
        found = _with(drill, name, word, city)
        if found is None:
            slips.append(_slip(lang, name, word))
        drill = found or drill
    asked = drill.question(city, now)
    if asked.start >= asked.end or asked.start > now:
        slips.append(t(lang, "metric.bad_period"))
        drill = replace(drill, start=None, end=None)
    return _with_by(drill, city, lang, slips), slips


def _with(drill: Drill, name: str, word: str, city: City) -> Drill | None:
    """The drill with one word more; None when it cannot be read."""
    if name == "unit":
        return replace(drill, unit=word) if word in {CITY, UNASSIGNED, *city.by_code} else None
    if name in ("from", "to"):
        return _timed(drill, name, word, city)
    if name == "by":
        return replace(drill, by=word)
    if name == "rows":
        return replace(drill, is_whole=True) if word == "all" else None
    if name == "version":
        number = int(word) if word.isascii() and word.isdecimal() and len(word) < 4 else 0
        return replace(drill, version=number) if drill.metric.at_version(number) else None
    return _filtered(drill, name, word, city)


def _filtered(drill: Drill, name: str, word: str, city: City) -> Drill | None:
    known = closed(name, city)
    is_fine = len(word) <= LONGEST and word.isprintable() and (known is None or word in known)
    if not is_fine or name not in breakdown.filters(drill.metric):
        return None
    return replace(drill, within=tuple(sorted({**dict(drill.within), name: word}.items())))


def _timed(drill: Drill, name: str, word: str, city: City) -> Drill | None:
    try:
        parse_instant(word, city.tz)
    except BadTime:
        return None
    return replace(drill, start=word) if name == "from" else replace(drill, end=word)


def _with_by(drill: Drill, city: City, lang: str, slips: list[str]) -> Drill:
    offered = drill.offered(city)
    if drill.by and drill.by not in offered:
        words = {"by": drill.by[:80], "words": ", ".join(offered)}
        slips.append(t(lang, "metric.bad_by", **words))
    by = drill.by if drill.by in offered else drill.next_by(city) or (*offered, "")[0]
    return replace(drill, by=by)


def _slip(lang: str, name: str, word: str) -> str:
    if name == "unit":
        return t(lang, "metric.bad_unit", unit=word[:80])
    return t(lang, "metric.bad_word", name=name[:80], word=word[:80])

"""The filters of the cases page: a URL read into data, and data written as a URL again.

A word that cannot be read is left out and told: nobody is shown an error page for a typing slip,
and nobody is shown a list that is not what the address says without being told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from unicodedata import category
from urllib.parse import urlencode

from centre.domain.periods import BadTime, day_start, local_day, parse_instant
from centre.domain.places import CITY, UNASSIGNED, City
from centre.domain.vocabulary import closed
from centre.metrics.registry import METRICS, PARTS
from centre.store.queries import ANCHORS, FILTERS, ORDERS, STATUSES, CaseQuery
from components.text import t

_PARTS = {one.id: one for one in PARTS if one.anchor.table.name == "case"}
SIZES = (25, 50, 100, 200)
LIMIT = 50
ANCHOR, ORDER = "received_at", "-received_at"
LONGEST = 200

_SPELLED = {"start": "from", "end": "to"}
"""Our names -> words of the URL, where Python has taken the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a URL of /cases asks for, as texts; None: not asked. "unassigned": does not say.

    `part`: the cases that a sum counts, by its id; `but`: units left out, "510104,510105".
    `of`: the drill-down that it was opened from (components.desk.origin); it leaves nothing out.

    `nth` is only what the page writes above its first row; `before` and `cursor` say where it is.
    """

    text: str | None = None
    unit: str | None = None
    status: str | None = None
    part: str | None = None
    but: str | None = None
    of: str | None = None
    channel: str | None = None
    category: str | None = None
    street: str | None = None
    handler: str | None = None
    nature: str | None = None
    kind: str | None = None
    source: str | None = None
    handler_kind: str | None = None
    applicant: str | None = None
    anchor: str | None = None
    start: str | None = None
    end: str | None = None
    order: str | None = None
    limit: str | None = None
    cursor: str | None = None
    before: str | None = None
    nth: str | None = None

    @property
    def words(self) -> dict[str, str]:
        """The words of the URL, those that say something."""
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {_SPELLED.get(name, name): word for name, word in pairs if word}

    def url(self, path: str = "/cases", **changed: str | None) -> str:
        """The address of the same with some words changed; None takes one away."""
        words = replace(self, **changed).words
        return f"{path}?{urlencode(words)}" if words else path

    def without(self, name: str) -> str:
        """The address of the same less one filter."""
        return replace(self, **{name: None}).first_page()

    def first_page(self, path: str = "/cases", **changed: str | None) -> str:
        """As `url`, at its beginning."""
        return self.url(path, **{"cursor": None, "before": None, "nth": None, **changed})

    @property
    def active(self) -> dict[str, str]:
        """Our names of the filters that leave cases out, with their words."""
        quiet = {"of", "anchor", "order", "limit", "cursor", "before", "nth"}
        names = (one.name for one in fields(self) if one.name not in quiet)
        return {name: word for name in names if (word := getattr(self, name))}

    @property
    def size(self) -> int:
        """Rows on a page."""
        return int(self.limit or LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A word of the URL that cannot be read: which, what it says, and what it may be."""

    name: str
    word: str
    remedy: str

    def tell(self, lang: str) -> str:
        """A sentence for people."""
        return t(lang, "slip.line", name=self.name, word=self.word[:80], remedy=self.remedy)


def read(words: Mapping[str, str], city: City, lang: str) -> tuple[Filters, tuple[Slip, ...]]:
    """The filters of a URL and what in it could not be read. Unknown words are told too."""
    found: dict[str, str] = {}
    slips: list[Slip] = []
    names = {_SPELLED.get(one.name, one.name): one.name for one in fields(Filters)}
    for word, value in words.items():
        if word in ("lang", "at") or not value:
            continue
        name = names.get(word)
        remedy = _remedy(name, value, city, lang) if name else t(lang, "slip.unknown")
        if name is None or remedy:
            slips.append(Slip(name=word, word=value, remedy=remedy or ""))
        elif not (name == "unit" and value == CITY):
            found[name] = value
    return Filters(**found), tuple(slips)


def _remedy(name: str, value: str, city: City, lang: str) -> str | None:
    """What the word may be instead; None when it is good."""
    if len(value) > LONGEST and name not in ("cursor", "before"):
        return t(lang, "slip.too_long", most=LONGEST)
    if any(category(letter) == "Cc" for letter in value):
        return t(lang, "slip.control")
    check = _CHECKS.get(name)
    return check(value, city, lang) if check else _code(name, value, city, lang)


Check = Callable[[str, City, str], str | None]


def _code(name: str, value: str, city: City, lang: str) -> str | None:
    known = closed(name, city) if name in FILTERS else None
    return None if known is None or value in known else _nearest(value, list(known), lang)


def _nearest(value: str, known: list[str], lang: str) -> str:
    near = get_close_matches(value, known, n=1, cutoff=0.4)
    if near:
        return t(lang, "slip.nearest", word=near[0])
    return t(lang, "slip.choose", words=", ".join(known[:12]))


def _one_of(known: tuple[str, ...]) -> Check:
    def check(value: str, _city: City, lang: str) -> str | None:
        return None if value in known else _nearest(value, list(known), lang)

    return check


def _unit(value: str, city: City, lang: str) -> str | None:
    known = [CITY, UNASSIGNED, *city.by_code]
    return None if value in known else _nearest(value, known, lang)


def _units(value: str, city: City, lang: str) -> str | None:
    return next((told for one in value.split(",") if (told := _unit(one, city, lang))), None)


def _time(value: str, city: City, lang: str) -> str | None:
    try:
        parse_instant(value, city.tz)
    except BadTime:
        return t(lang, "slip.time")
    return None


def _number(least: int, most: int) -> Check:
    def check(value: str, _city: City, lang: str) -> str | None:
        is_good = value.isascii() and value.isdecimal() and least <= int(value) <= most
        return None if is_good else t(lang, "slip.number", least=least, most=most)

    return check


def _anything(_value: str, _city: City, _lang: str) -> None:
    return None


def _origin(value: str, _city: City, lang: str) -> str | None:
    known = value.removesuffix(":own").partition("@")[0]
    return None if known in METRICS else _nearest(known, sorted(METRICS), lang)


_CHECKS: dict[str, Check] = {
    "unit": _unit,
    "but": _units,
    "part": _one_of(tuple(sorted(_PARTS))),
    "status": _one_of(STATUSES),
    "anchor": _one_of(ANCHORS),
    "order": _one_of((*ORDERS, *(f"-{one}" for one in ORDERS))),
    "start": _time,
    "end": _time,
    "limit": _number(1, 1_000),
    "nth": _number(1, 10**12),
    "of": _origin,
    "text": _anything,
    "cursor": _anything,
    "before": _anything,
}


def query(filters: Filters, city: City, now: datetime) -> CaseQuery:
    """What to ask of the store; of filters that `read` gave."""
    same = {name: _said(name, getattr(filters, name)) for name in FILTERS}
    return CaseQuery(
        **same,
        status=filters.status,
        part=_PARTS.get(filters.part or ""),
        but=tuple(filters.but.split(",")) if filters.but else (),
        anchor=filters.anchor or ANCHOR,
        start=parse_instant(filters.start, city.tz) if filters.start else None,
        end=parse_instant(filters.end, city.tz) if filters.end else None,
        text=filters.text,
        now=now,
        as_of=now if city.clock == "latest" else None,
        day_end=day_start(local_day(now, city.tz) + timedelta(days=1), city.tz),
        order=filters.order or ORDER,
        limit=filters.size,
        cursor=filters.cursor,
    )


def _said(name: str, value: str | None) -> str | None:
    """For the store a field that does not say is "", and 未分配 is a unit like others."""
    return "" if value == UNASSIGNED and name != "unit" else value

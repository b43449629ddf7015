"""Whether a map fits its source: a sample, read as a collector would read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from centre.domain.fields import CASE_TIMES
from centre.domain.parse import SKEW, parse
from centre.domain.places import City
from centre.domain.records import Asset, Case, Reading, Record, Rejected
from centre.domain.sources import SourceConfig
from centre.domain.vocabulary import closed
from centre.domain.words import Words
from datasources import mapping
from datasources.kit import codes

DRIFT_SHARE = 0.2  # a collector refuses batches with more bad rows (centre/collector/pipeline.py)
_SHOWN = 5  # rows that are shown as they were read
_WORDS = 20  # unknown words that are listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Rows that are refused for one reason, with an example."""

    field: str
    reason: str
    rows: int
    key: str | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A word that no code stands for. `is_refused`: its rows are refused, else it is kept."""

    field: str
    word: str
    rows: int
    nearest: str | None
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A mapped field that some rows leave empty; `share` 0 to 1 of the rows."""

    field: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a sample tells. `newest`: the newest event; `ahead_seconds`: how far it lies ahead.

    `rows_per_second`: reading and parsing; None when it was too quick to say.
    """

    rows: int
    good: int
    shown: tuple[Mapping[str, str], ...]
    refusals: tuple[Refusal, ...]
    unknown: tuple[Unknown, ...]
    blanks: tuple[Blank, ...]
    newest: datetime | None
    ahead_seconds: float | None
    rows_per_second: float | None
    open: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether a collector would take it."""
        bad = self.rows - self.good
        is_drift = bad > DRIFT_SHARE * self.rows
        return self.rows > 0 and self.good > 0 and not is_drift


def report(
    rows: Sequence[Mapping[str, Any]],
    config: SourceConfig,
    city: City,
    now: datetime,
    elapsed: Callable[[], float],
) -> Report:
    """Judge a sample. `elapsed`: seconds since its reading was begun."""
    words = [mapping.apply(row, config) for row in rows]
    read = [parse(one, config=config, city=city, now=now) for one in words]
    seconds = elapsed()
    good = [one for one in read if not isinstance(one, Rejected)]
    newest = max((event for one in words for event in _events(one, config, city)), default=None)
    ahead = (newest - now).total_seconds() if newest is not None else None
    found = Report(
        rows=len(rows),
        good=len(good),
        shown=tuple(_shown(one, config, city) for one in good[:_SHOWN]),
        refusals=_refusals([one for one in read if isinstance(one, Rejected)]),
        unknown=tuple(_unknown(words, config, city))[:_WORDS],
        blanks=tuple(_blanks(words, config)),
        newest=newest,
        ahead_seconds=ahead if ahead is not None and ahead > 0 else None,
        rows_per_second=len(rows) / seconds if seconds > 0 and rows else None,
        open=(),
    )
    return replace(found, open=tuple(_open(found, config, now)))


def _events(words: Words, config: SourceConfig, city: City) -> list[datetime]:
    """When what a row tells of has happened, whether the row is good or not."""
    times = mapping.events(words, config, city, CASE_TIMES if config.record == "case" else ("at",))
    return list(times)


def _shown(record: Record, config: SourceConfig, city: City) -> dict[str, str]:
    names = {
        Case: ("key", "received_at", "unit", "channel", "category", "closed_at", "title"),
        Reading: ("series", "key", "at", "unit", "value"),
        Asset: ("key", "kind", "state", "since", "unit"),
    }[type(record)]
    return {name: _text(getattr(record, name), name, city) for name in names}


def _text(value: Any, name: str, city: City) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return value.astimezone(city.tz).strftime("%Y-%m-%d %H:%M:%S")
    if name == "unit":
        return city.unit_name(str(value), "zh")
    return str(value)


def _refusals(rejected: Sequence[Rejected]) -> tuple[Refusal, ...]:
    counted = Counter((one.field, one.reason) for one in rejected)
    first = {(one.field, one.reason): one for one in reversed(rejected)}
    return tuple(
        Refusal(
            field=field,
            reason=reason,
            rows=rows,
            key=first[field, reason].key,
            detail=first[field, reason].detail,
        )
        for (field, reason), rows in counted.most_common()
    )


def _unknown(words: Sequence[Words], config: SourceConfig, city: City) -> list[Unknown]:
    """Words outside of code tables, and words that the city has no code for."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for one in words:
        bad = {problem.field for problem in one.problems if problem.reason == "unknown_code"}
        for field in bad:
            table = config.fields[field]
            word = str(one.raw.get(table.column or "", "")).strip()
            found[field, word, table.on_bad == "reject"] += 1
        for field, value in one.values.items():
            if value not in (None, "") and _is_foreign(field, str(value), config, city):
                found[field, str(value).strip(), field == "unit"] += 1
    return [
        Unknown(
            field=field,
            word=word,
            rows=rows,
            nearest=codes.nearest(word, codes.spellings(field, city)),
            is_refused=is_refused,
        )
        for (field, word, is_refused), rows in found.most_common()
    ]


def _is_foreign(field: str, word: str, config: SourceConfig, city: City) -> bool:
    if field == "unit":
        return city.resolve(word) is None
    if field in ("handler", "handler_kind") or config.record != "case":
        return False  # departments of a district have names of their own
    known = closed(field, city) if field in codes.CODED else None
    return known is not None and word.strip() not in known


def _blanks(words: Sequence[Words], config: SourceConfig) -> list[Blank]:
    total = len(words)
    mapped = [name for name, one in config.fields.items() if one.column is not None]
    shares = {
        name: sum(1 for one in words if str(one.values.get(name) or "").strip() == "") / total
        for name in mapped
        if total
    }
    return [Blank(field=name, share=share) for name, share in shares.items() if share > 0]


def _open(found: Report, config: SourceConfig, now: datetime) -> list[str]:
    """What a person should look at before the source is connected."""
    points: list[str] = []
    if config.contact.strip() == "?":
        points.append("contact: say whom to call when it is down")
    if found.ahead_seconds is not None:
        is_skew = found.ahead_seconds <= SKEW.total_seconds()
        points.append(
            f"clock: the newest event is {_length(found.ahead_seconds)} ahead of ours; "
            + ("a clock runs fast" if is_skew else "is `zone` right?")
        )
    elif found.newest is not None:
        age = (now - found.newest).total_seconds()
        if age > 1.5 * config.interval_seconds:
            points.append(
                f"age: the newest event is {_length(age)} old, the promise is "
                f"{_length(config.interval_seconds)}: is nothing going on, or is it late?"
            )
    points += [
        f'{one.field}: "{one.word}" is no code of this city; it is kept and shown as it is'
        for one in found.unknown
        if not one.is_refused
    ]
    return points


def _length(seconds: float) -> str:
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} s"

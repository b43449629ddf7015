"""Which fields each record has, and how each of them is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.pauses import moments_reader
from centre.domain.places import City
from centre.domain.records import APPLICANTS, HANDLER_KINDS, KINDS, NATURES, PAUSES
from centre.domain.sources import FieldMap, SourceConfig
from centre.domain.times import microseconds, time_reader
from centre.domain.values import (
    Reader,
    as_text,
    nearest,
    read_boolean,
    read_count,
    read_number,
    read_url,
    shown,
    text_reader,
    vocabulary_reader,
)
from centre.domain.words import BadValue

CASE_TIMES = (
    "received_at",
    "dispatched_at",
    "signed_at",
    "replied_at",
    "followed_up_at",
    "closed_at",
)
"""Times of things that have happened; a due time may lie ahead."""


def pause_fields(reason: str) -> tuple[str, str]:
    """The fields of the beginnings and the ends of pauses: "suspended_from", "suspended_until"."""
    return f"{reason}_from", f"{reason}_until"


PAUSE_TIMES = tuple(name for reason in PAUSES for name in pause_fields(reason))

read_key = text_reader(128, masked=False)  # an identifier, not free text

# Lengths are those of the columns in the store; a title longer than 4,000 is a pasted document.
_PLAIN: Mapping[str, Mapping[str, Reader]] = {
    "case": {
        "key": read_key,
        "linked_key": read_key,
        "kind": vocabulary_reader(KINDS),
        "nature": vocabulary_reader(NATURES),
        "applicant": vocabulary_reader(APPLICANTS),
        "handler_kind": vocabulary_reader(HANDLER_KINDS),
        "channel": text_reader(64),
        "category": text_reader(128),
        "category_path": text_reader(256),
        "title": text_reader(4000),
        "handler": text_reader(128),
        "street": text_reader(128),
        "dissatisfied_reason": text_reader(128),
        "lon": read_number,
        "lat": read_number,
        "contacted": read_boolean,
        "resolved": read_boolean,
        "satisfied": read_boolean,
        "returns": read_count,
        "reopens": read_count,
        "url": read_url,
    },
    "reading": {
        "series": text_reader(64, masked=False),
        "key": read_key,
        "value": read_number,
    },
    "asset": {
        "key": read_key,
        "kind": text_reader(32),
        "state": text_reader(32),
        "category": text_reader(128),
        "title": text_reader(4000),
        "street": text_reader(128),
        "lon": read_number,
        "lat": read_number,
    },
}
_MOMENTS = {"case": PAUSE_TIMES}
"""Fields that hold several times in one word."""
_TIMES = {"case": (*CASE_TIMES, "due_at"), "reading": ("at",), "asset": ("since",)}

RECORDS = tuple(_PLAIN)

TIME_FIELDS = frozenset((*CASE_TIMES, "due_at", *PAUSE_TIMES, "at", "since", "source_version"))
"""Fields that may be given a format."""

FIELDS: Mapping[str, frozenset[str]] = {
    record: frozenset(
        (*_PLAIN[record], *_TIMES[record], *_MOMENTS.get(record, ()), "unit", "source_version")
    )
    for record in RECORDS
}
"""record -> the fields that a source file may map."""


def readers(record: str, config: SourceConfig, city: City) -> dict[str, Reader]:
    """A reader for each field of a record, as this source writes them."""
    zone = ZoneInfo(config.zone) if config.zone else None
    times = {name: time_reader(_format(config, name), zone) for name in _TIMES[record]}
    many = {name: moments_reader(_format(config, name), zone) for name in _MOMENTS.get(record, ())}
    return {
        **_PLAIN[record],
        **times,
        **many,
        "unit": unit_reader(city),
        "source_version": version_reader(_format(config, "source_version"), zone),
    }


def _format(config: SourceConfig, field: str) -> str | None:
    return config.fields.get(field, FieldMap()).format


def unit_reader(city: City) -> Callable[[Any], str]:
    """A reader of units by code, former code or name; blank is "unassigned"."""
    spellings = tuple(
        text for unit in city.units for text in (unit.code, unit.name.zh, unit.name.en) if text
    )

    def read(word: object) -> str:
        text = word if type(word) is str else as_text(word)
        code = city.resolve(text)
        if code is None:
            raise BadValue("unknown_unit", f"unknown unit {shown(text)}{nearest(text, spellings)}")
        return code

    return read


def version_reader(format_: str | None, zone: ZoneInfo | None) -> Callable[[Any], int | None]:
    """A reader of versions: whole numbers, or, with a format, the time of the last change."""
    read_time = time_reader(format_, zone)

    def read(word: object) -> int | None:
        if format_ is None and not isinstance(word, datetime):
            return _whole(word)
        instant = read_time(word)
        return None if instant is None else microseconds(instant)

    return read


def _whole(word: object) -> int | None:
    text = as_text(word).strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise BadValue(
            "not_a_number", f"{shown(text)} is not a whole number; for a time give a format"
        )
    if len(digits) > 19 or not -(2**63) <= int(text) < 2**63:  # what the databases hold
        raise BadValue("out_of_range", f"{shown(text)} has more than 63 bits")
    return int(text)

"""One row of a source in our words, before anybody has judged it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Reason = Literal[
    "missing",
    "missing_column",
    "unknown_code",
    "unknown_unit",
    "unknown_word",
    "no_zone",
    "bad_time",
    "nonexistent_time",
    "future",
    "closed_before_received",
    "ended_before_begun",
    "not_a_number",
    "out_of_range",
    "too_long",
    "not_text",
    "not_a_boolean",
    "bad_url",
    "unreadable",
]
"""Why a row is refused. mypy finds a reason that is none of these, a test one without words."""

REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is already known to be wrong with one field: a missing column, an unknown code."""

    field: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Our field names -> the source's words; a field with a problem is not among the values."""

    values: Mapping[str, Any]
    raw: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


class BadValue(ValueError):
    """A word that cannot be read: machine code `reason` and a plain sentence `detail`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

"""One row of a source in our words, before anybody has judged it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is already known to be wrong with one field: a missing column, an unknown code."""

    field: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Our field names -> the source's words; a field with a problem is not among the values."""

    values: Mapping[str, Any]
    raw: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


class BadValue(ValueError):
    """A word that cannot be read: machine code `reason` and a plain sentence `detail`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

"""Form: which columns a source's rows have, of what kind, and how that has changed.

A source is free to change what nobody reads; it is said all the same, because what is added today
may be what is renamed. A mapped column that is gone is judged row by row, by parse.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from centre.domain.sources import SourceConfig
from centre.store.health import Health

_LOG = logging.getLogger(__name__)

ENOUGH = 20  # rows that show which columns a source has; in fewer, one may be blank by chance
_SAMPLE = 64  # rows of a batch that are looked at
_MOST = 300  # columns that are noted
_TOLD = 30  # changes that are logged; a source that changes more has no form

Form = Mapping[str, str]
"""Column -> kind: number, boolean, list, object, or of texts: digits, time, text; or blank."""

_DIGITS = re.compile(r"\s*[-+]?[0-9]+(\.[0-9]+)?\s*")
_TIME = re.compile(r"\s*[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}")
_TEXTS = frozenset({"digits", "time", "text"})


def form(rows: Sequence[Mapping[str, Any]]) -> Form:
    """The columns of a batch, by some of its rows evenly chosen."""
    found: dict[str, str] = {}
    step = max(1, len(rows) // _SAMPLE)
    for row in rows[::step]:
        for column, word in row.items():
            found[_name(column)] = _joined(found.get(_name(column), "blank"), _kind(word))
    return dict(sorted(found.items())[:_MOST])


def newer(known: Form, batch: Form, count: int) -> Form:
    """What is known of the columns after a batch of so many rows."""
    stay = {} if count >= ENOUGH else dict(known)
    seen = {
        name: known.get(name, kind) if kind == "blank" else kind for name, kind in batch.items()
    }
    return dict(sorted({**stay, **seen}.items())[:_MOST])


def differences(base: Form, now: Form) -> tuple[str, ...]:
    """Lines "+column kind", "-column" and "~column kind kind"; a kind within another is none."""
    added = (f"+{name} {kind}" for name, kind in now.items() if name not in base)
    gone = (f"-{name}" for name in base if name not in now)
    changed = (
        f"~{name} {base[name]} {kind}"
        for name, kind in now.items()
        if name in base and _joined(base[name], kind) != base[name] and base[name] != "blank"
    )
    return (*added, *gone, *changed)


class Forms:
    """The form of one source, through all of its batches; belongs to its worker's thread.

    Rows of several records have a form each: their columns are noted as "case: column".
    """

    def __init__(self, known: Health, config: SourceConfig) -> None:
        """A new version of the field map takes the form as it is."""
        is_same, record = known.map == config.map, config.fields.get("record")
        self._source, self._map = config.id, config.map
        self._record = record.column if record and config.record == "mixed" else None
        self._base: Form = (known.base or {}) if is_same else {}
        self._now: Form = (known.form or {}) if is_same else {}
        self._first: dict[str, tuple[int, Form]] = {}  # until enough rows of a record were seen
        self._told: set[str] = set()

    def seen(self, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Look at a batch; what is to be kept of its form, empty where it is as it was."""
        base, before = self._base, differences(self._base, self._now)
        for record, some in self._by_record(rows).items():
            self._look(f"{record}: " if record else "", some)
        found = differences(self._base, self._now)
        self._tell(found)
        if base is not self._base:
            return {"map": self._map, "base": dict(self._base), "form": dict(self._now)}
        return {} if found == before else {"form": dict(self._now)}

    def _by_record(
        self, rows: Sequence[Mapping[str, Any]]
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        if self._record is None:
            return {"": rows} if rows else {}
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            found.setdefault(_name(row.get(self._record)), []).append(row)
        return found

    def _look(self, prefix: str, rows: Sequence[Mapping[str, Any]]) -> None:
        batch = {prefix + name: kind for name, kind in form(rows).items()}
        if not any(name.startswith(prefix) for name in self._base):
            self._learn(prefix, batch, len(rows))
            return
        own = {name: kind for name, kind in self._now.items() if name.startswith(prefix)}
        rest = {name: kind for name, kind in self._now.items() if name not in own}
        self._now = {**rest, **newer(own, batch, len(rows))}

    def _learn(self, prefix: str, batch: Form, count: int) -> None:
        before, known = self._first.get(prefix, (0, {}))
        self._first[prefix] = before + count, {**known, **_merged(known, batch)}
        if before + count >= ENOUGH:
            self._base = {**self._base, **self._first[prefix][1]}
            self._now = {**self._now, **self._first[prefix][1]}

    def _tell(self, found: Iterable[str]) -> None:
        news = [one for one in found if one not in self._told][: _TOLD - len(self._told)]
        self._told.update(news)
        if news:
            _LOG.warning("%s: the columns of its rows changed: %s", self._source, ", ".join(news))


def _merged(known: Form, batch: Form) -> Form:
    return {name: _joined(known.get(name, "blank"), kind) for name, kind in batch.items()}


def _name(column: object) -> str:
    text = " ".join(str(column).split())[:64]
    return text if text.isprintable() else ascii(text)


def _kind(word: object) -> str:
    if word is None:
        return "blank"
    if isinstance(word, bool):
        return "boolean"
    if isinstance(word, int | float):
        return "number"
    if isinstance(word, str):
        return _kind_of_text(word)
    return "object" if isinstance(word, Mapping) else "list"


def _kind_of_text(word: str) -> str:
    if not word or word.isspace():
        return "blank"
    if _DIGITS.fullmatch(word):
        return "digits"
    return "time" if _TIME.match(word) else "text"


def _joined(one: str, other: str) -> str:
    """The kind of a column that has both."""
    if "blank" in (one, other):
        return other if one == "blank" else one
    if one == other:
        return one
    return "text" if {one, other} <= _TEXTS else "mixed"

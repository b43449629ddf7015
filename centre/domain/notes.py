"""Notes: what people know about the data itself, like "双流 10–12 时重复上报"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from centre.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One remark on the data of a unit, of a source, or (both None) of the whole city.

    [`start`, `end`) is when what the data tells of happened; `end` None: it still goes on.
    `at`: when it was written down; `en` may be empty, the Chinese words then stand alone.
    """

    id: str
    start: datetime
    end: datetime | None
    zh: str
    en: str
    by: str
    at: datetime
    unit: str | None = None
    source: str | None = None

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether the noted time and [start, end) have a moment in common."""
        return self.start < end and (self.end is None or self.end > start)

    def words(self, lang: str) -> str:
        """What it says; people's own words are never translated."""
        return self.en if lang == "en" and self.en else self.zh


def is_shown(note: Note, scope: Scope) -> bool:
    """Whether a reader may see it: a note on a source that has many units may name any of them."""
    if scope.units is None:
        return True
    is_of_many = note.unit is None and note.source is not None
    return not is_of_many and (note.unit is None or note.unit in scope.units)


def touching(
    notes: Iterable[Note],
    units: Collection[str],
    start: datetime,
    end: datetime,
    *,
    units_of: Mapping[str, str | None],
) -> tuple[Note, ...]:
    """The notes on data that a figure of these units and of [start, end) is made of.

    `units_of`: source -> the unit it answers for; None: for any.
    """
    return tuple(
        one for one in notes if one.overlaps(start, end) and _unit(one, units_of) in {None, *units}
    )


def _unit(note: Note, units_of: Mapping[str, str | None]) -> str | None:
    """The one unit whose data it is about; None: any of them."""
    return note.unit or units_of.get(note.source or "")

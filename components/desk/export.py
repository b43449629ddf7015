"""Cases as lines of a CSV file that Excel opens rightly and that cannot carry a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from centre.domain.records import Case
from centre.snapshots.cells import Snapshot
from components.covered import lacking
from components.desk.clock import limit, stage
from components.desk.ranks import key_name
from components.rich import text_of
from components.text import t
from components.view import View

BOM = "\ufeff"
_FORMULA = frozenset("=+-@\t\r")
"""What makes a spreadsheet compute a cell (OWASP, CSV injection)."""

TIMES = ("received_at", "due_at", "closed_at")
CODED = ("unit", "street", "handler", "handler_kind", "channel", "category", "nature", "applicant")
_coded, _times = attrgetter(*CODED), attrgetter(*TIMES)
COLUMNS = ("key", "title", *CODED, *TIMES, "stage", "limit", "source")


def harmless(cell: str) -> str:
    """The cell, with a ' before what a spreadsheet would compute."""
    return f"'{cell}" if cell[:1] in _FORMULA else cell


class _Echo:
    """A file whose writer gives back what it wrote."""

    def write(self, text: str) -> str:
        """The line."""
        return text


def line(cells: Sequence[str]) -> str:
    """One line of a CSV file, every cell harmless."""
    written: str = csv.writer(_Echo(), lineterminator="\r\n").writerow(map(harmless, cells))
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file: in a language, as of a moment."""

    view: View
    snapshot: Snapshot
    now: datetime
    names: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def lines(self, rows: Iterable[Case]) -> Iterator[str]:
        """What kind of data, as of when and without whom; the names of columns; the cases."""
        lang = self.view.lang
        yield BOM + line(self._origin())
        yield line([t(lang, f"column.{name}") for name in COLUMNS])
        for one in rows:
            yield line(self._cells(one))

    def _origin(self) -> list[str]:
        lang, city = self.view.lang, self.view.city
        said = [city.title.of(lang), t(lang, "date.as_of", at=self._time(self.now))]
        cell = self.snapshot.cell("appeal.received.count")
        gone = text_of(lacking(self.view, cell, "", len(cell.missing)))
        synthetic = t(lang, "state.synthetic") if self.snapshot.synthetic else ""
        return [one for one in (*said, gone, synthetic) if one]

    def _cells(self, one: Case) -> list[str]:
        """In the order of COLUMNS; a file has a hundred thousand lines of them."""
        lang = self.view.lang
        return [
            one.key,
            one.title or "",
            *(
                self._named(name, value, one.unit) if value else ""
                for name, value in zip(CODED, _coded(one), strict=True)
            ),
            *map(self._time, _times(one)),
            t(lang, f"stage.{stage(one, self.now)}"),
            limit(one, self.now, self.view.city, lang).words,
            one.source,
        ]

    def _named(self, name: str, value: str, unit: str) -> str:
        """A few hundred words, looked up a million times."""
        known = (name, value, unit if name == "street" else "")
        if known not in self.names:
            self.names[known] = key_name(self.view, name, value, unit)
        return self.names[known]

    def _time(self, at: datetime | None) -> str:
        return at.astimezone(self.view.city.tz).isoformat(" ", "seconds")[:19] if at else ""

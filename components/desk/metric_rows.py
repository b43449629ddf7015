"""The rows of a breakdown: each opens the next level, the last one its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dash import dcc, html

from centre.domain.places import UNASSIGNED
from centre.metrics.questions import Group, Value
from centre.snapshots.cells import Snapshot
from components.desk.about import amount
from components.desk.answer import Answer
from components.desk.drilled import cases
from components.desk.ranks import key_name
from components.marks import figure
from components.marks import plain as plain_number
from components.notes import before, mark_of, noted
from components.rich import rich
from components.text import DASH, percent, t
from components.view import View
from components.words import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How rows of one table are drawn."""

    view: View
    answer: Answer
    has_parts: bool
    snapshot: Snapshot

    def of(self, one: Group, drawn: Any) -> list[Any]:
        """One value of the dimension."""
        id_ = self.answer.id_of(one.key)
        return [
            self._key(one, id_),
            drawn,
            *self._parts(id_, one),
            self._share(id_, one),
            before(
                self._noted(one),
                figure(self.view, id_, plain(self.answer.metric, one.value, self.view.lang)),
            ),
        ]

    def _noted(self, one: Group | None = None) -> Any:
        """What is said of the data of a row, which may be of less than the whole's (None)."""
        known, found = noted(self.snapshot, self.view), self.answer.value
        if one is None:
            whole = known.on(found.unit, found.start, found.end)
            return mark_of(self.snapshot, self.view, whole, found.unit)
        unit = one.key if self.answer.by == "unit" else found.unit
        return mark_of(self.snapshot, self.view, known.on_row(found, self.answer.by, one), unit)

    def rest(self, some: Sequence[Group]) -> list[Any]:
        """Those that are not listed, which open as rows of their own."""
        words = t(self.view.lang, "drill.rest", count=len(some))
        link = dcc.Link(words, href=replace(self.answer.drill, is_whole=True).url)
        blanks = ["", *([""] * 2 if self.has_parts else []), "", ""]
        return [plain_number("list", link), *blanks]

    def whole(self) -> list[Any]:
        """What the rows add up to."""
        answer, lang = self.answer, self.view.lang
        shown = plain(answer.metric, answer.value.value, lang)
        return [
            html.B(t(lang, "drill.whole")),
            "",
            *self._parts(answer.id, answer.value),
            "",
            before(self._noted(), html.B(figure(self.view, answer.id, shown))),
        ]

    def _parts(self, id_: str, one: Group | Value) -> list[Any]:
        parts = (("num", one.num), ("den", one.den)) if self.has_parts else ()
        return [figure(self.view, id_, amount(self.view.lang, n), how=how) for how, n in parts]

    def _share(self, id_: str, one: Group) -> Any:
        """Of the cases that the whole counts: of a rate its denominator, else its numerator."""
        whole, is_weighed = self.answer.value, self.answer.metric.den is not None
        part, all_ = (one.den, whole.den) if is_weighed else (one.num, whole.num)
        if part is None or not all_:
            return DASH
        ids = f"{id_} {self.answer.id}"
        shown = percent(self.view.lang, part / all_, 1)
        return figure(self.view, ids, shown, how="weight" if is_weighed else "part")

    def _key(self, one: Group, id_: str) -> Any:
        """The name of a row, as a link to what it opens."""
        drill, city = self.answer.drill, self.view.city
        opened = drill.opened(drill.by, one.key, city)
        words = self._name(one, id_)
        if opened is not None:
            return dcc.Link(words, href=opened.url)
        below = drill.narrowed(drill.by, one.key)
        missing = one.coverage.missing if one.coverage else ()
        listed = cases(below, city, self.snapshot.city_now, missing) if below else None
        return dcc.Link(words, href=listed) if listed else words

    def _name(self, one: Group, id_: str) -> Any:
        by, key, lang = self.answer.by, one.key, self.view.lang
        if by == "hour":
            words = t(lang, "date.hour", hour=int(key)) if key.isdecimal() else key
            return plain_number("date", words)
        if by == "day":
            return plain_number("date", date.fromisoformat(key).isoformat())
        if key != UNASSIGNED:
            return key_name(self.view, by, key, self.answer.unit)
        how, count = ("num", one.num) if one.den is None else ("den", one.den)
        shown = figure(self.view, id_, amount(lang, count), how=how, is_link=False)
        return rich(lang, "drill.unassigned", number=shown)

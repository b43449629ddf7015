"""Rereading: stored cases built anew by the present map, after it was wrong for accepted rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from centre.collector.pipeline import judge
from centre.collector.replay import NeverCollected
from centre.domain.periods import Days
from centre.domain.places import UNASSIGNED, City
from centre.domain.records import Case, Rejected
from centre.domain.sources import SourceConfig
from centre.store import sources
from centre.store.engine import reading
from centre.store.parts import Part
from centre.store.reread import Kept, Where, pages, rewrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A case that stays as it is, because the present map makes nothing of its row."""

    key: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What became of kept rows: read = rebuilt + unchanged + left."""

    read: int = 0
    rebuilt: int = 0
    unchanged: int = 0
    left: int = 0

    def plus(self, page: _Judged) -> Reread:
        """The same with one more page."""
        rebuilt, left = len(page.cases), len(page.left)
        return Reread(
            read=self.read + page.read,
            rebuilt=self.rebuilt + rebuilt,
            unchanged=self.unchanged + page.read - rebuilt - left,
            left=self.left + left,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    read: int
    cases: tuple[Case, ...]  # those that should be otherwise
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """One source read anew. `leaves` is told of every case that stays for lack of sense."""

    engine: Engine
    config: SourceConfig
    city: City
    parts: Sequence[Part]
    clock: Callable[[], datetime]
    days: Days | None = None
    leaves: Callable[[Left], None] = lambda _left: None
    progress: Callable[[int], None] = lambda _rows: None
    _moves: set[tuple[str, str, str]] = field(default_factory=set)  # (word, unit now, unit before)

    def run(self) -> Reread:
        """Build every case anew whose days are asked for. Raises NeverCollected.

        Cases of several versions come before those of one: these say which units the map was
        wrong about (a case of one version has the unit that the old map gave it), and a run that
        was stopped must find that out again.
        """
        with reading(self.engine) as conn:
            if self.config.id not in {one.id for one in sources.states(conn)}:
                raise NeverCollected(f"{self.config.id}: never collected, so nothing was stored")
        for _, kept in pages(self.engine, self._where(is_first=True, days=None)):
            self._learn(kept)
        done = Reread()
        for is_first in (False, True):
            for where, kept in pages(self.engine, self._where(is_first=is_first, days=self.days)):
                done = self._page(done, where, kept)
        return done

    def _where(self, **rest: Any) -> Where:
        return Where(source=self.config.id, zone=self.city.tz, **rest)

    def _page(self, done: Reread, where: Where, kept: Sequence[Kept]) -> Reread:
        judged = self._judge(kept, where)
        if judged.cases:  # seldom: only then does the collector have to wait for us
            same = replace(where, until=kept[-1][0].key)
            answers = [judged]

            def again(found: Sequence[Kept]) -> Sequence[Case]:
                answers.append(self._judge(found, where))
                return answers[-1].cases

            rewrite(self.engine, same, again, at=self.clock(), parts=self.parts)
            judged = answers[-1]
        for one in judged.left:
            self.leaves(one)
        self.progress(done.read + judged.read)
        return done.plus(judged)

    def _judge(self, kept: Sequence[Kept], where: Where) -> _Judged:
        cases: list[Case] = []
        left: list[Left] = []
        for (case, row), verdict in zip(kept, self._verdicts(kept), strict=True):
            if isinstance(verdict, Left):
                left.append(verdict)
                continue
            anew = verdict if where.is_first else self._in_its_unit(verdict, case, row)
            if anew != case:
                cases.append(anew)
        return _Judged(read=len(kept), cases=tuple(cases), left=tuple(left))

    def _verdicts(self, kept: Sequence[Kept]) -> Iterator[Case | Left]:
        judged = judge((row for _, row in kept), self.config, self.city, self.clock())
        for (case, _), one in zip(kept, judged.records, strict=True):
            if isinstance(one, Rejected):
                yield Left(key=case.key, field=one.field, reason=one.reason)
            elif not isinstance(one, Case):
                yield Left(key=case.key, field="record", reason="no_case")
            elif one.key != case.key:
                yield Left(key=case.key, field="key", reason="another_key")
            else:
                yield one

    def _learn(self, kept: Sequence[Kept]) -> None:
        """Note what the map that is gone made of the words for units."""
        for (case, row), verdict in zip(kept, self._verdicts(kept), strict=True):
            if isinstance(verdict, Case) and verdict.unit != case.unit:
                self._moves.add((self._word(row), verdict.unit, case.unit))

    def _in_its_unit(self, anew: Case, case: Case, row: Mapping[str, Any]) -> Case:
        """A case that was handed on stays with the unit that accepted it, as when it came.

        It was not handed on where the map that is gone gave the unit of its row that it has.
        """
        if case.unit in (anew.unit, UNASSIGNED):
            return anew
        is_mended = (self._word(row), anew.unit, case.unit) in self._moves
        return anew if is_mended else replace(anew, unit=case.unit)

    def _word(self, row: Mapping[str, Any]) -> str:
        found = self.config.fields.get("unit")
        return str(row.get(found.column, "")) if found and found.column else ""

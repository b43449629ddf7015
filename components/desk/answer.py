"""What a drill-down is answered: the figure, its rows, and the questions that their ids name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from centre.metrics.metric import Metric
from centre.metrics.questions import Value
from centre.snapshots.cells import Address, Series
from centre.snapshots.figures import Query, asked_query, cell_query, figure_id, group_query
from components.desk.drill import Drill


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a drill-down says, broken down by one thing, as of a change number."""

    drill: Drill
    value: Value
    seq: int
    line: Series | None = None  # the 30 days by the version that was asked for

    @property
    def metric(self) -> Metric:
        """By the definition that was asked for."""
        return self.drill.metric.at_version(self.value.version) or self.drill.metric

    @property
    def unit(self) -> str:
        """Of which place."""
        return self.drill.unit

    @property
    def by(self) -> str:
        """Broken down by what."""
        return self.drill.by

    @property
    def id(self) -> str:
        """The figure id of the whole."""
        return figure_id(self.asked(), self.metric.version, self.seq)

    def id_of(self, key: str) -> str:
        """The figure id of one row."""
        return figure_id(self.asked(key), self.metric.version, self.seq)

    def asked(self, key: str | None = None) -> Query:
        """The question of the whole, or of one row."""
        one, found = self.drill, self.value
        if not one.is_plain:
            by, within = (one.by, key) if key is not None else (None, None), dict(one.within)
            return asked_query(
                one.metric.id, one.unit, found.start, found.end, by=by[0], key=by[1], within=within
            )
        if key is None:
            return cell_query(Address(one.metric.id, one.unit, "now"))
        return group_query(one.metric.id, one.unit, one.by, key)

    def questions(self) -> Iterator[Query]:
        """All whose ids the page shows."""
        yield self.asked()
        yield from (self.asked(one.key) for one in self.value.groups)

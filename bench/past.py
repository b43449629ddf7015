"""Asked `at=` a change number against the same asked live, 10 minutes, an hour and a day back.

Every pair is asked on one connection each, by the same function with the same clock and sources,
so that nothing is kept from the run before: live reads the cubes and records as they stand, `at=`
as they stood. The limit of the ratio of medians is 3.

BENCH_CASES=50000 python -m bench past    smaller than the million of the promise
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bench.city import NOW, Bench, load
from bench.line import Line, seconds
from bench.lived import Lived, fill, sizes
from centre.collector.health import source_states
from centre.domain.periods import day_start, local_day
from centre.domain.scope import EVERYTHING
from centre.metrics import forecast
from centre.metrics.board import board
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS
from centre.snapshots.cells import SourceState
from centre.store import queries, sources
from centre.store.engine import reading
from centre.store.queries import CaseQuery

LIMIT = 3
RUNS = 5
RECEIVED, ON_TIME = "appeal.received.count", "appeal.on_time_rate"

Ask = Callable[[Connection, int | None], object]
Span = tuple[int, int]
"""Days before today: from, to (exclusive); 0 is this morning, -1 is now."""

TODAY, A_DAY, ALL_DAYS = (0, -1), (7, 6), (35, 0)


def lines() -> Iterator[Line]:
    """Ratios for each question and each age, then the worst of them, then sizes."""
    with tempfile.TemporaryDirectory() as folder:
        lived = fill(load(), Path(folder))
        yield from ratios(lived)
        yield from sizes(lived)
        lived.engine.dispose()


def ratios(lived: Lived) -> Iterator[Line]:
    """One line for each question and age; the last is the worst of all."""
    found = []
    for name, ask in questions(lived.bench).items():
        for ago, at in lived.ago.items():
            found.append(_ratio(lived, f"{name}, {ago} ago", ask, at))
            yield found[-1]
    worst = max(found, key=lambda one: one.ratio)
    yield Line(
        name="the worst ratio of all",
        unit="times",
        ours=[worst.ratio],
        peer_name=f"limit ({worst.name})",
        peer=[LIMIT],
    )


def _ratio(lived: Lived, name: str, ask: Ask, at: int) -> Line:
    pairs = [(_took(lived, ask, at), _took(lived, ask, None)) for _ in range(RUNS + 1)][1:]
    return Line(
        name=name,
        unit="ms",
        ours=[then for then, _ in pairs],
        peer_name=f"live (limit {LIMIT})",
        peer=[live for _, live in pairs],
    )


def _took(lived: Lived, ask: Ask, at: int | None) -> float:
    with reading(lived.engine) as conn:
        return seconds(lambda: ask(conn, at)) * 1000


def questions(bench: Bench) -> Mapping[str, Ask]:
    """Every kind of question that takes `at=`."""
    return {**_figures(bench), **_breakdowns(bench), **_cases(bench), **_wholes(bench)}


def _figures(bench: Bench) -> dict[str, Ask]:
    return {
        "a count of today": _figure(bench, RECEIVED, TODAY),
        "a count of 35 days": _figure(bench, RECEIVED, ALL_DAYS),
        "a rate of 35 days": _figure(bench, "appeal.satisfaction_rate", ALL_DAYS),
        "a stock": _figure(bench, "appeal.backlog.count", TODAY),
        "a rate of 35 days, a district": _figure(bench, ON_TIME, ALL_DAYS, unit=_unit(bench)),
        "a rate within a category": _figure(bench, ON_TIME, ALL_DAYS, within=_CATEGORY),
    }


_CATEGORY = (("category", "城市管理"),)


def _breakdowns(bench: Bench) -> dict[str, Ask]:
    return {
        f"{metric} by {by}, {name}": _figure(bench, id_, span, by=by)
        for metric, id_ in (("a count", RECEIVED), ("a rate", ON_TIME))
        for by in ("unit", "category", "street", "hour", "day")
        for name, span in (("a day", A_DAY), ("35 days", ALL_DAYS))
    }


def _cases(bench: Bench) -> dict[str, Ask]:
    unit, config = _unit(bench), bench.sources[1]
    now, day_end = NOW, _midnight(bench, -1)

    def page(**words: object) -> Ask:
        query = CaseQuery(**words)  # type: ignore[arg-type]
        return lambda conn, at: queries.slice(conn, query, EVERYTHING, at=at)

    def one(conn: Connection, at: int | None) -> object:
        key = queries.slice(conn, CaseQuery(source=config.id, limit=1), EVERYTHING).rows[0].key
        return queries.versions(conn, config.id, key, EVERYTHING, at=at)

    return {
        "the first page of all cases": page(),
        "the first page of a unit's open": page(unit=unit, status="open"),
        "the first page of what is overdue": page(status="overdue", now=now, order="due_at"),
        "one case and its versions": one,
        "open cases by clock": lambda conn, at: queries.dues(conn, now, day_end, EVERYTHING, at=at),
        "the forecast of a unit": lambda conn, at: forecast.of_unit(
            conn, bench.city, unit, now, EVERYTHING, at=at
        ),
        "a unit's cases by handler": lambda conn, at: queries.slice_groups(
            conn, CaseQuery(unit=unit), "handler", EVERYTHING, at=at
        ),
    }


def _wholes(bench: Bench) -> dict[str, Ask]:
    def whole(conn: Connection, at: int | None) -> object:
        states = _states(conn, bench)
        return board(conn, bench.city, METRICS, NOW, scope=EVERYTHING, sources=states, at=at)

    return {"the whole board": whole}


def _figure(
    bench: Bench,
    metric: str,
    span: Span,
    *,
    by: str | None = None,
    unit: str = "city",
    within: tuple[tuple[str, str], ...] = (),
) -> Ask:
    start, end = (NOW if back < 0 else _midnight(bench, back) for back in span)
    question = Question(metric=metric, unit=unit, start=start, end=end, by=by, within=within)
    return lambda conn, at: value(
        conn, bench.city, question, EVERYTHING, NOW, sources=_states(conn, bench), at=at
    )


def _midnight(bench: Bench, days_back: int) -> datetime:
    day = local_day(NOW, bench.city.tz) - timedelta(days=days_back)
    return day_start(day, bench.city.tz)


def _unit(bench: Bench) -> str:
    return bench.sources[1].unit or bench.city.units[0].code


def _states(conn: Connection, bench: Bench) -> Sequence[SourceState]:
    return source_states(bench.sources, sources.states(conn), NOW, {})

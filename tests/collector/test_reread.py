"""Cases that a wrong map put into a wrong unit come right after it is mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from centre.collector.ground import ground, opened
from centre.collector.ingest import ingest
from centre.collector.replay import NeverCollected
from centre.collector.reread import Left, Reread, Rereading
from centre.domain.periods import Days
from centre.domain.scope import EVERYTHING
from centre.domain.sources import FieldMap, SourceConfig
from centre.metrics.registry import PARTS
from centre.store import changes, cubes, queries, tables
from centre.store.engine import reading
from centre.store.past import Past
from centre.store.sources import SourceRow, states
from datasources.registry import build
from datasources.source import Surroundings
from tests.collector.pack import pack
from tests.collector.scripted import Clock, Row, Script, Scripted, config, row, settings
from tests.tiny import CITY

RECEIVED = next(part for part in PARTS if part.id == "appeal.received")
DAYS = Days(first=date(2026, 6, 15), last=date(2026, 6, 17))
MONDAY = "2026-06-15T09:00"

FIRST = [
    row("A1", unit="N."),
    row("A2", unit="N.", received=MONDAY),
    row("A3", unit="S."),
    row("A4", unit="N."),  # closed later: two versions, both of a wrong unit
    row("A5", unit="S."),  # handed on later: it stays with the south that accepted it
]
LATER = [
    row("A4", unit="N.", source_version="2", closed="2026-06-17T08:30"),
    row("A5", unit="X.", source_version="2"),
]


def mapped(**codes: str) -> SourceConfig:
    """The source with a code table for its units."""
    one = config(unit=None)
    changed = {f"{word}.": unit for word, unit in codes.items()}
    table = {"N.": "north", "S.": "south", "X.": "north", **changed}
    fields = {
        **one.fields,
        "unit": FieldMap(column="unit", codes=table),
        "closed_at": FieldMap(column="closed", format="iso", on_bad="blank"),
    }
    return replace(one, fields=fields)


WRONG, RIGHT = mapped(N="south"), mapped()


@contextmanager
def collected(folder: Path, one: SourceConfig, *pages: Sequence[Row]) -> Iterator[Engine]:
    """The tiny city's store after a source has delivered pages, read with this map."""
    folder.mkdir()
    with opened(settings(folder)) as engine:
        with ground(engine, CITY, [one], Clock()) as base:
            script = Script(pages=[list(page) for page in pages])
            ingest(Scripted(script), base.claim(one), lambda _done, _total: None)
        yield engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with collected(tmp_path / "wrong", WRONG, FIRST, LATER) as engine:
        yield engine


def rereading(engine: Engine, one: SourceConfig = RIGHT, **rest) -> Rereading:
    words = {"engine": engine, "config": one, "city": CITY, "parts": PARTS, "clock": Clock()}
    return Rereading(**{**words, **rest})


def figures(engine: Engine) -> cubes.Cells:
    with reading(engine) as conn:
        return cubes.stored(conn)


def received(engine: Engine, at: int | None = None) -> dict:
    with reading(engine) as conn:
        past = Past(at=at, zone=CITY.tz) if at is not None else None
        return queries.by_day(conn, [RECEIVED], DAYS, EVERYTHING, past=past)


def known(engine: Engine) -> int:
    with reading(engine) as conn:
        return changes.latest(conn)


def state(engine: Engine) -> SourceRow:
    with reading(engine) as conn:
        (found,) = states(conn)
    return found


def test_figures_become_those_of_a_city_collected_with_the_right_map(
    engine: Engine, tmp_path: Path
) -> None:
    with collected(tmp_path / "right", RIGHT, FIRST, LATER) as right:
        wanted, days = figures(right), received(right)
    assert figures(engine) != wanted
    assert rereading(engine).run() == Reread(read=5, rebuilt=3, unchanged=2)
    assert (figures(engine), received(engine)) == (wanted, days)


def test_the_past_still_shows_what_was_known_then(engine: Engine) -> None:
    before, seq = received(engine), known(engine)
    rereading(engine).run()
    assert received(engine, at=seq) == before != received(engine)
    with reading(engine) as conn:
        kinds = conn.scalars(sa.select(tables.change.c.kind).where(tables.change.c.change > seq))
        assert set(kinds) == {"reread"}


def test_rereading_twice_is_rereading_once(engine: Engine) -> None:
    rereading(engine).run()
    once, seq = figures(engine), known(engine)
    assert rereading(engine).run() == Reread(read=5, unchanged=5)
    assert (figures(engine), known(engine)) == (once, seq)


def test_a_run_that_was_stopped_is_ended_by_the_next(engine: Engine, tmp_path: Path) -> None:
    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rereading(engine, progress=stop).run()
    assert rereading(engine).run() == Reread(read=5, rebuilt=2, unchanged=3)
    with collected(tmp_path / "right", RIGHT, FIRST, LATER) as right:
        assert figures(engine) == figures(right)


def test_clocks_and_counters_of_the_source_stand_still(engine: Engine) -> None:
    before = state(engine)
    rereading(engine).run()
    assert state(engine) == before


def test_only_the_days_asked_for_are_read_anew(engine: Engine) -> None:
    monday = Days(first=DAYS.first, last=DAYS.first)
    assert rereading(engine, days=monday).run() == Reread(read=1, rebuilt=1)


def test_rows_that_the_present_map_would_refuse_are_left_and_named(engine: Engine) -> None:
    before, left = figures(engine), []
    done = rereading(engine, mapped(N="nowhere", S="nowhere"), leaves=left.append).run()
    assert done == Reread(read=5, unchanged=1, left=4)
    said = {"field": "unit", "reason": "unknown_unit"}
    assert left == [Left(key=key, **said) for key in ("A4", "A1", "A2", "A3")]
    assert figures(engine) == before


def test_a_newer_version_comes_in_after_rereading_as_before_it(engine: Engine) -> None:
    rereading(engine).run()
    with ground(engine, CITY, [RIGHT], Clock()) as base:
        news = [row("A1", unit="N.", source_version="2", closed="2026-06-17T09:00")]
        script = Script(pages=[[], [], news])
        ingest(Scripted(script), base.claim(RIGHT), lambda _done, _total: None)
    with reading(engine) as conn:
        units = [one.case.unit for one in queries.versions(conn, "north-desk", "A1", EVERYTHING)]
    assert units == ["south", "north", "north"]


def test_cubes_are_what_counting_anew_gives_after_rereading(engine: Engine) -> None:
    rereading(engine).run()
    with reading(engine) as conn:
        assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, CITY.tz))


def test_a_right_map_changes_nothing_of_a_whole_centre(tmp_path: Path) -> None:
    clock = Clock()
    city, (one, *_) = pack(clock().date())
    with opened(settings(tmp_path)) as engine:
        with ground(engine, city, [one], clock) as base:
            around = Surroundings(city=city, data_dir=None, secrets={})
            ingest(build(one, around), base.claim(one), lambda _done, _total: None)
        done = rereading(engine, one, city=city, clock=clock).run()
    assert done.read > 0
    assert done == Reread(read=done.read, unchanged=done.read)


def test_a_source_that_was_never_collected_is_said_plainly(engine: Engine) -> None:
    with pytest.raises(NeverCollected, match="south-desk: never collected"):
        rereading(engine, config("south-desk", "south")).run()

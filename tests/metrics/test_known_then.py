"""What was answered at a change is answered the same when it is asked for by that number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from centre.domain.scope import EVERYTHING
from centre.metrics.board import board
from centre.metrics.breakdown import offered
from centre.metrics.evaluate import value
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS, PARTS
from centre.store import changes, cubes, journal
from centre.store.engine import reading, writing
from tests import tiny
from tests.metrics.boards import LIVE
from tests.metrics.conftest import empty, fill, upgraded
from tests.metrics.test_kept import anything, deliver
from tests.servers import fresh_database

SOURCES = ("north-desk", "south-desk", "river-desk", "hotline")
SPANS = (("06-15 00:00", "06-17 00:00"), ("06-15 08:15", "06-17 10:30"), ("06-17 00:00",) * 2)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A store of its own with the tiny city."""
    engine = empty(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    """The same on PostgreSQL."""
    engine = upgraded(fresh_database(postgres_url))
    yield engine
    engine.dispose()


def answers(conn: Connection, chance: Random, at: int | None) -> dict[Any, Any]:
    """The board, and answers to some questions."""
    asked = {"sources": LIVE, "at": at}
    made = board(conn, tiny.CITY, METRICS, tiny.NOW, scope=EVERYTHING, **asked)
    found: dict[Any, Any] = {
        name: getattr(made, name) for name in ("cells", "series", "hours", "shares", "dues")
    }
    for name in chance.sample(sorted(METRICS), 12):
        by = chance.choice((None, *offered(METRICS[name])))
        first, last = chance.choice(SPANS)
        end = tiny.NOW if first == last else tiny.at(last)
        question = Question(metric=name, start=tiny.at(first), end=end, by=by)
        found[question] = value(conn, tiny.CITY, question, EVERYTHING, tiny.NOW, **asked)
    return found


def assert_then_is_then(engine: Engine, seed: int, steps: int) -> None:
    """Write anything; note what is shown after each write; ask again for each of them."""
    chance, then = Random(seed), {}
    fill(engine)
    for version in range(100, 100 + steps):
        some = [anything(chance, version) for _ in range(chance.choice((1, 1, 5)))]
        deliver(engine, chance.choice(SOURCES), *some)
        with writing(engine) as conn:
            seq = changes.next_change(conn, "publish", None, tiny.NOW)
        with reading(engine) as conn:
            then[seq] = answers(conn, Random(seq), None)
    with reading(engine) as conn:
        for seq, shown in then.items():
            again = answers(conn, Random(seq), seq)
            for name, one in shown.items():
                assert again[name] == one, (seq, name)


@pytest.mark.slow
@pytest.mark.parametrize("rows", (1, 4, 500))
def test_every_answer_is_the_same_when_asked_by_its_number(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(journal, "ROWS", rows)  # of a block: every write, some, all in one
    assert_then_is_then(engine, rows, steps=8)


@pytest.mark.servers
def test_every_answer_is_the_same_on_postgresql(
    postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "ROWS", 4)
    assert_then_is_then(postgres, 7, steps=4)


def test_cubes_that_were_counted_anew_do_not_change_the_past(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as conn:
        seq = changes.latest(conn)
        before = answers(conn, Random(1), None)
    deliver(engine, "hotline", replace(tiny.CASES[0], key="new", source_version=9))
    cubes.refill(engine, PARTS[1:], tiny.ZONE)
    cubes.refill(engine, PARTS, tiny.ZONE)
    with reading(engine) as conn:
        assert answers(conn, Random(1), seq) == before

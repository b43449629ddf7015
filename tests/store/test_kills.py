"""A writer that is killed at any moment leaves every delivery whole or absent."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import Engine, select

from centre.store import cubes, sources, tables
from centre.store.engine import connect, reading
from centre.store.migrations import upgrade
from tests.store.make import PARTS, T0, ZONE, Feed, case, hours, refused

CONTEXT = get_context("fork")  # from a warm parent: four times as fast as a new interpreter
KILLS = 15
SIZE = 20


def records(number: int):
    """Delivery `number`, the same at every try: new cases, a revision, a row without zone."""
    first = number * SIZE
    fresh = [
        case(str(one), received_at=T0 + timedelta(minutes=one), handler=f"h{one % 5}")
        for one in range(first, first + SIZE)
    ]
    revised = case(str(first - SIZE), 2, closed_at=T0 + hours(900), received_at=T0)
    return [*fresh, *([revised] if number else []), refused(f"bad{number}")]


def write_on(engine: Engine, told: Connection) -> None:
    """In the child: claim, then deliver from the committed cursor on, telling of each commit."""
    feed = Feed(engine)
    with reading(engine) as conn:
        cursor = sources.cursor(conn, "s")
    for number in count(cursor["next"]):
        feed.send(*records(number), cursor={"next": number + 1})
        told.send(number + 1)


def expected(upto: int) -> dict[str, int]:
    """Version of each case after so many deliveries."""
    versions = {str(one): 1 for one in range(upto * SIZE)}
    return versions | {str(number * SIZE): 2 for number in range(max(upto - 1, 0))}


def check(engine: Engine) -> int:
    """Compare what is stored with what the committed cursor implies; returns the cursor."""
    with reading(engine) as conn:
        cursor = sources.cursor(conn, "s")
        upto = cursor["next"] if cursor else 0
        cases = conn.execute(select(tables.case.c.key, tables.case.c.source_version)).all()
        bad = conn.scalars(select(tables.rejected.c.key)).all()
        (state,) = sources.states(conn)
        assert dict(cases) == expected(upto)
        assert sorted(bad) == sorted(f"bad{number}" for number in range(upto))
        assert state.stored == upto * SIZE + max(upto - 1, 0)
        assert state.sent == state.stored + state.duplicate + state.rejected
        assert cubes.stored(conn) == pytest.approx(cubes.recompute(conn, PARTS, ZONE))
    return upto


def kill_one(engine: Engine, commits: int, then_seconds: float) -> int:
    """Start a writer, kill it in the midst of what follows some commits; the last it told of."""
    engine.dispose()  # a connection must not be shared with a child
    told, theirs = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=write_on, args=(engine, theirs), daemon=True)
    child.start()
    for _ in range(commits):
        assert told.poll(60), "the writer never wrote"
        last = told.recv()
    time.sleep(then_seconds)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert child.exitcode == -signal.SIGKILL, "it ended before it was killed"
    return last


@pytest.mark.slow
def test_killed_writers_lose_nothing_and_double_nothing(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/store.db")
    upgrade(engine)
    Feed(engine).send(*records(0), cursor={"next": 1})  # warm: a child forks with all compiled
    randomly, reached = random.Random(7), [check(engine)]
    for _ in range(KILLS):
        told = kill_one(engine, randomly.randint(1, 3), randomly.uniform(0, 0.02))
        reached.append(check(engine))
        assert reached[-1] >= told > reached[-2], "what was acknowledged is there"
    engine.dispose()

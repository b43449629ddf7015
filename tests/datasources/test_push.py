"""The adapter push: what waits in the inbox, as any other source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.collector.inbox import StoreInbox
from centre.store import inbox
from centre.store.engine import connect
from centre.store.inbox import Parcel
from datasources.contract import DataSourceContract, Make, Outside
from datasources.push import Push
from datasources.source import Denied, Malformed, Surroundings
from tests.datasources.make import NOW, around, source
from tests.stores import laid

FIELDS = {"key": "编号", "received_at": "时间", "title": "内容"}
KEY = "a-key-of-some-length"
SECRETS = {"PUSH_KEY": KEY}


def config_of(**more: Any) -> Any:
    return source("push", {"key": {"env": "PUSH_KEY"}, **more}, fields=FIELDS)


def row(number: int) -> Mapping[str, Any]:
    return {
        "编号": f"A-{number}",
        "时间": f"2026-06-01 08:{number % 60:02d}:00",
        "内容": f"路灯不亮，第{number}盏",
    }


def put(engine: Any, number: int, rows: Sequence[Any], bad: int = 0, of: str = "wuhou") -> None:
    """One request that came a second after the one before."""
    parcel = Parcel(
        source=of,
        key=f"{number}",
        digest="",
        at=NOW - timedelta(seconds=100 - number),
        rows=rows,
        bad=bad,
        status=202,
        answer={},
    )
    inbox.put(engine, parcel)


class TestInbox(DataSourceContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Iterator[Make]:
        engines = []

        def make(name: str) -> Outside:
            engine = connect(laid(tmp_path / f"{name}.db"))
            engines.append(engine)
            for number in range(9):
                rows = [row(10 * number + place) for place in range(10)]
                put(engine, number, rows, bad=number % 2)
                put(engine, number, [row(0)], of="another")
            near = surroundings(engine)
            return Outside(
                source=Push(config_of(), near),
                now=NOW,
                unreachable=lambda: _drop(engine),
                restart=lambda: Push(config_of(), near),
            )

        yield make
        for engine in engines:
            engine.dispose()


def surroundings(engine: Any) -> Surroundings:
    return replace(around(), secrets=SECRETS, inbox=StoreInbox(engine))


def _drop(engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("DROP TABLE inbox")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    found = connect(laid(tmp_path / "one.db"))
    yield found
    found.dispose()


@pytest.fixture
def sizes(engine: Any) -> Callable[[], list[int]]:
    def found() -> list[int]:
        return [len(one.rows) for one in Push(config_of(), surroundings(engine)).fetch(None, NOW)]

    return found


def test_small_requests_come_together_and_those_with_bad_rows_alone(
    engine: Any, sizes: Callable[[], list[int]]
) -> None:
    for number, bad in enumerate([0, 0, 1, 1, 0, 0, 0]):
        put(engine, number, [row(number)], bad)
    assert sizes() == [2, 1, 1, 3]


def test_a_batch_is_no_larger_than_a_thousand_rows_unless_one_request_is(
    engine: Any, sizes: Callable[[], list[int]]
) -> None:
    for number, size in enumerate([600, 400, 1, 1500, 2]):
        put(engine, number, [row(one) for one in range(size)])
    assert sizes() == [1000, 1, 1500, 2]


def test_what_is_stored_leaves_nothing_behind_but_its_number(engine: Any) -> None:
    adapter = Push(config_of(), surroundings(engine))
    for number in range(3):
        put(engine, number, [row(number)])
    (batch,) = adapter.fetch(None, NOW)
    adapter.settle(batch.cursor)
    with engine.connect() as conn:
        left = conn.execute(inbox.inbox.select()).all()
    assert [(one.id, one.rows, one.taken) for one in left] == [(3, [], True)]
    put(engine, 3, [row(3)])
    (later,) = adapter.fetch(batch.cursor, NOW)
    assert (later.cursor, len(later.rows)) == ({"entry": 4}, 1)


def test_what_is_stored_does_not_come_again_when_it_could_not_be_let_go(engine: Any) -> None:
    adapter = Push(config_of(), surroundings(engine))
    put(engine, 0, [row(0)])
    (batch,) = adapter.fetch(None, NOW)  # committed, and then the collector was killed
    put(engine, 1, [row(1)])
    (later,) = adapter.fetch(batch.cursor, NOW)
    assert list(later.rows) == [row(1)]
    adapter.settle(later.cursor)
    assert StoreInbox(engine).after("wuhou", 0, 9) == []


def test_an_empty_request_says_that_its_sender_lives(engine: Any) -> None:
    adapter = Push(config_of(), surroundings(engine))
    put(engine, 50, [])
    (batch,) = adapter.fetch(None, NOW)
    assert (batch.rows, batch.watermark) == ([], NOW - timedelta(seconds=50))
    assert adapter.stands_still_when_quiet


def test_a_key_that_is_not_set_or_too_short_is_said_at_once(engine: Any) -> None:
    near = replace(surroundings(engine), secrets={})
    with pytest.raises(Denied, match=r"connection\.key: PUSH_KEY is not set"):
        Push(config_of(), near)
    with pytest.raises(Malformed, match="16 characters or more"):
        Push(config_of(), replace(near, secrets={"PUSH_KEY": "short"}))


def test_without_a_database_there_is_no_inbox() -> None:
    with pytest.raises(
        Denied, match=r"waits in the database of a running centre.*/push/wuhou\?dry_run=true"
    ):
        list(Push(config_of(), replace(around(), secrets=SECRETS)).fetch(None, NOW))

"""The inbox on both databases: admitted once, kept once, in order, never too much."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from centre.store import inbox
from centre.store.engine import connect, reading
from centre.store.inbox import Parcel
from centre.store.migrations import upgrade
from tests.servers import fresh_database
from tests.stores import laid

T0 = datetime(2026, 6, 16, 7, tzinfo=UTC)
PARCEL = Parcel(
    source="s",
    key="k",
    digest="d",
    at=T0,
    rows=[{"编号": "A-1"}],
    bad=0,
    status=202,
    answer={"rows": 1},
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        found = connect(laid(tmp_path / "one.db"))
    else:
        found = connect(fresh_database(request.getfixturevalue("postgres_url")))
        upgrade(found)
    yield found
    found.dispose()


def test_a_word_is_admitted_once_and_forgotten_in_time(engine: Engine) -> None:
    inbox.admit(engine, "s", "word", T0, 9)
    inbox.admit(engine, "t", "word", T0, 9)
    with pytest.raises(inbox.Replayed):
        inbox.admit(engine, "s", "word", T0 + inbox.ONCE, 9)
    inbox.admit(engine, "s", "word", T0 + inbox.ONCE + timedelta(seconds=1), 9)


def test_more_than_agreed_in_a_minute_are_told_how_long_to_wait(engine: Engine) -> None:
    for number in range(3):
        inbox.admit(engine, "s", f"w{number}", T0 + timedelta(seconds=10 * number), 3)
    with pytest.raises(inbox.TooMany) as told:
        inbox.admit(engine, "s", "w3", T0 + timedelta(seconds=25), 3)
    assert told.value.retry_after_seconds == 35
    inbox.admit(engine, "t", "w3", T0 + timedelta(seconds=25), 3)
    inbox.admit(engine, "s", "w3", T0 + timedelta(seconds=61), 3)


def test_a_parcel_is_kept_once_and_answered_alike(engine: Engine) -> None:
    first, again = inbox.put(engine, PARCEL), inbox.put(engine, PARCEL)
    assert (first.is_repeated, again.is_repeated) == (False, True)
    assert again.answer == first.answer == {"rows": 1, "entry": first.answer["entry"]}
    assert inbox.known(engine, "s", "k", "d") == again
    with pytest.raises(inbox.OtherBody):
        inbox.known(engine, "s", "k", "e")
    with reading(engine) as conn:
        assert len(inbox.after(conn, "s", 0, 9)) == 1


def test_odd_words_come_back_as_they_were_sent(engine: Engine) -> None:
    rows = [{"a": "a\x00b", "🚧": [None, {"b": 1.5}], "": True, "c": -(2**63)}]
    inbox.put(engine, replace(PARCEL, rows=rows))
    with reading(engine) as conn:
        assert inbox.rows(conn, "s", 0, 2**31 - 1) == rows


def test_a_key_is_free_again_after_a_week(engine: Engine) -> None:
    inbox.put(engine, PARCEL)
    later = T0 + inbox.REMEMBERED + timedelta(seconds=1)
    inbox.put(engine, replace(PARCEL, key="other", at=later))
    assert inbox.known(engine, "s", "k", "d") is None


def test_what_waits_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_ROWS", 2)
    inbox.put(engine, PARCEL)
    inbox.put(engine, replace(PARCEL, key="k2"))
    with pytest.raises(inbox.Full):
        inbox.put(engine, replace(PARCEL, key="k3"))
    inbox.put(engine, replace(PARCEL, key="k3", source="t"))
    inbox.taken(engine, "s", 99)
    inbox.put(engine, replace(PARCEL, key="k3"))


def test_entries_of_rivals_are_read_in_order_and_none_is_passed_over(engine: Engine) -> None:
    """Whoever has read up to a number has read all below it."""
    seen: list[int] = []

    def put(number: int) -> None:
        inbox.put(engine, replace(PARCEL, key=f"k{number}", rows=[{"n": number}]))

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(put, number) for number in range(24)]
        while len(seen) < 24:
            is_over = all(one.done() for one in done)
            with reading(engine) as conn:
                last = seen[-1] if seen else 0
                seen += [one.id for one in inbox.after(conn, "s", last, 99)]
            assert not is_over or len(seen) == 24, "an entry was passed over"
    assert seen == sorted(seen)


def test_what_is_taken_is_gone_and_no_number_comes_again(engine: Engine) -> None:
    numbers = [inbox.put(engine, replace(PARCEL, key=f"k{n}")).answer["entry"] for n in range(3)]
    inbox.taken(engine, "s", numbers[1])
    with reading(engine) as conn:
        assert [one.id for one in inbox.after(conn, "s", 0, 9)] == numbers[2:]
        assert inbox.rows(conn, "s", 0, 99) == [{"编号": "A-1"}]
    inbox.taken(engine, "s", numbers[2])
    with reading(engine) as conn:
        left = conn.execute(select(inbox.inbox.c.id, inbox.inbox.c.rows)).all()
    assert left == [(numbers[2], [])]
    assert inbox.put(engine, replace(PARCEL, key="k9")).answer["entry"] > numbers[2]

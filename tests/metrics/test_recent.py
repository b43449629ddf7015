"""What was read lately is at hand, for any thread, and holds no store."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

from sqlalchemy import create_engine

from centre.metrics.recent import Recent


def test_the_last_used_are_kept_and_no_more() -> None:
    engine, recent = create_engine("sqlite://"), Recent[str](2)
    for key in "ab":
        recent.put(engine, key, key.upper())
    assert recent.get(engine, "a") == "A"
    recent.put(engine, "c", "C")
    assert [recent.get(engine, key) for key in "abc"] == ["A", None, "C"]


def test_a_store_that_nobody_uses_is_let_go_with_all_that_was_read_of_it() -> None:
    recent, engine = Recent[str](2), create_engine("sqlite://")
    recent.put(engine, "a", "A")
    known = ref(engine)
    del engine
    gc.collect()
    assert known() is None


def test_many_threads_at_once_read_what_was_put_there() -> None:
    engine, recent = create_engine("sqlite://"), Recent[int](3)

    def look(number: int) -> bool:
        key = number % 7
        recent.put(engine, key, key)
        return recent.get(engine, (number * 3) % 7) in (None, (number * 3) % 7)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look, range(4_000)))

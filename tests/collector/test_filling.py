"""Days of history complete for all sources together."""

from __future__ import annotations

from collections.abc import Callable

from centre.collector.filling import Filling


def test_the_source_furthest_behind_goes_first() -> None:
    filling, filled = Filling(at_once=1), {"a": 0, "b": 0, "c": 2}
    order: list[str] = []

    def step(source: str) -> Callable[[], None]:
        return lambda: order.append(source)

    for source, days in filled.items():
        filling.offer(source, days, step(source))
    for _ in range(7):
        source = order[-1]
        filled[source] += 1
        filling.offer(source, 0, step(source))  # has a grant: nothing happens
        filling.again(source, filled[source], step(source))
    assert "".join(order) == "ababcabc"


def test_no_more_than_agreed_go_at_once() -> None:
    filling, running = Filling(at_once=2), []
    for source in "abcd":
        filling.offer(source, 0, lambda source=source: running.append(source))
    assert running == ["a", "b"]
    filling.leave("a")
    assert running == ["a", "b", "c"]


def test_a_source_that_leaves_frees_its_place() -> None:
    filling, running = Filling(at_once=1), []
    for source in "abc":
        filling.offer(source, 0, lambda source=source: running.append(source))
    filling.leave("b")
    assert running == ["a"]
    filling.leave("a")
    assert running == ["a", "c"]


def test_giving_back_twice_does_not_make_room_for_two() -> None:
    filling, running = Filling(at_once=1), []
    for source in "abc":
        filling.offer(source, 0, lambda source=source: running.append(source))
    filling.leave("a")
    filling.leave("a")
    assert running == ["a", "b"]


def test_nothing_is_granted_while_a_snapshot_is_made() -> None:
    filling, running = Filling(), []
    with filling.held():
        filling.offer("a", 0, lambda: running.append("a"))
        assert running == []
    assert running == ["a"]

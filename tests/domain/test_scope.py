"""What a scope lets through."""

from __future__ import annotations

import pytest

from centre.domain.scope import EVERYTHING, Scope

ONLY_NORTH = Scope(units=frozenset({"north"}))


@pytest.mark.parametrize(("unit", "is_seen"), [("north", True), ("south", False), (None, False)])
def test_a_source_is_seen_with_its_unit_and_one_of_many_by_those_who_see_all(
    unit: str | None, is_seen: bool
) -> None:
    assert ONLY_NORTH.allows_source(unit) is is_seen
    assert EVERYTHING.allows_source(unit)

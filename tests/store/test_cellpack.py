"""What is packed is found again, whole or in part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from centre.store.cellpack import pack, unpack

_PLACES = st.tuples(st.integers(0, 800_000), st.text(max_size=4), st.text(max_size=8))
_AMOUNTS = st.one_of(
    st.integers(-9, 9).map(float), st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False)
)
_MOVES = st.dictionaries(st.sampled_from("abc"), st.dictionaries(_PLACES, _AMOUNTS, max_size=9))


@given(moves=_MOVES)
def test_what_is_packed_is_found_again(moves):
    found = {}
    for part, place, amount in unpack(pack(moves)):
        found.setdefault(part, {})[place] = amount
    assert found == {part: cells for part, cells in moves.items() if cells}


@given(moves=_MOVES, first=st.integers(0, 800_000), days=st.integers(0, 400_000))
def test_some_parts_and_days_are_found_alone(moves, first, days):
    span = (first, first + days)
    found = {(part, place): amount for part, place, amount in unpack(pack(moves), {"b"}, span)}
    assert found == {
        ("b", place): amount
        for place, amount in moves.get("b", {}).items()
        if first <= place[0] <= first + days
    }

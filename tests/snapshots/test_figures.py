"""A figure id can be typed from a wall and means one number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.snapshots.cells import Address
from centre.snapshots.figures import (
    BadFigure,
    FigureCode,
    cell_query,
    digest,
    figure_code,
    figure_id,
)

QUERY = cell_query(Address("appeal.received.count", "510104"))


@given(st.integers(0, 2**53))
def test_a_figure_id_gives_back_its_seq_and_question(seq: int) -> None:
    code = figure_code(figure_id(QUERY, 1, seq))
    assert code == FigureCode(seq=seq, digest=digest(QUERY, 1))


def test_letters_that_look_alike_are_read_as_the_one_that_exists() -> None:
    assert figure_code(" 1O0-aBcdLI2h ") == figure_code("100-abcd112h")


def test_the_order_of_a_querys_keys_does_not_matter() -> None:
    assert figure_id(dict(reversed(QUERY.items())), 1, 5) == figure_id(QUERY, 1, 5)


def test_another_version_of_a_metric_is_another_figure() -> None:
    assert figure_id(QUERY, 2, 5) != figure_id(QUERY, 1, 5)


def test_no_two_questions_of_a_city_share_a_digest() -> None:
    addresses = [
        Address(f"appeal.m{m}.count", f"5101{u:02}", window)
        for m in range(22)
        for u in range(24)
        for window in ("now", "week", "usual")
    ]
    assert len({digest(cell_query(one), 1) for one in addresses}) == len(addresses)


@pytest.mark.parametrize(
    "text", ["", "abc", "1-", "-abcdefgh", "1-abcdefg", "1-abcdefg!", "9" * 13 + "-abcdefgh"]
)
def test_what_is_no_figure_id_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadFigure, match="3k7-x4m9qt2h"):
        figure_code(text)

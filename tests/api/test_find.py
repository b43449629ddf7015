"""The field in the head of the desk leads from what is typed to what it means."""

from __future__ import annotations

import pytest

from tests.api.conftest import Ask


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("JJ-4", "/case/510104:JJ-4"),
        ("锦江区", "/district/510104"),
        ("锦江", "/district/510104"),
        ("qingyang", "/district/510105"),
        ("510105", "/district/510105"),
        (" 3K7-X4M9QT2H ", "/figure/3k7-x4m9qt2h"),
        ("路灯", "/cases?text=%E8%B7%AF%E7%81%AF"),
        ("", "/cases"),
    ],
)
def test_what_is_typed_leads_to_what_it_names(ask: Ask, typed: str, where: str) -> None:
    answer = ask("/find", params={"q": typed}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, where)

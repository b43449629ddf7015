"""The filters of /cases: URL to data and back, and what is said of words that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.store.queries import ANCHORS, STATUSES
from components.desk.filters import Filters, query, read
from components.text import LANGS, has
from tests.samples import chengdu

NOW = datetime(2026, 6, 16, 6, 0, tzinfo=UTC)
CITY = chengdu()

days = st.dates(date(2019, 1, 1), date(2199, 12, 31)).map(str)
visible = st.characters(exclude_categories=("Cc", "Cs"))
good = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.sampled_from([*CITY.by_code, "unassigned"]),
        "status": st.sampled_from(STATUSES),
        "anchor": st.sampled_from(ANCHORS),
        "channel": st.sampled_from([*CITY.codes["channel"], "unassigned"]),
        "nature": st.sampled_from([*CITY.codes["nature"]]),
        "street": st.text(visible, min_size=1, max_size=20),
        "text": st.text(visible, min_size=1, max_size=40),
        "start": days,
        "end": days,
        "order": st.sampled_from(["received_at", "-due_at"]),
        "limit": st.integers(1, 1000).map(str),
    },
)


def said(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@settings(max_examples=60, deadline=None)
@given(good)
def test_filters_come_back_from_their_own_url(words: dict[str, str]) -> None:
    filters = Filters(**words)
    assert read(said(filters.url()), CITY, "zh") == (filters, ())
    assert query(filters, CITY, NOW).limit == int(words.get("limit", 50))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=12), st.text(max_size=60), max_size=6))
def test_whatever_a_url_says_the_query_can_be_made(words: dict[str, str]) -> None:
    filters, _ = read(words, CITY, "en")
    assert query(filters, CITY, NOW).order in (
        "-received_at",
        "received_at",
        "due_at",
        "-due_at",
        "closed_at",
        "-closed_at",
    )


@pytest.mark.parametrize(
    ("name", "word", "remedy"),
    [
        ("unit", "510199", "510129"),
        ("status", "overdew", "overdue"),
        ("channel", "phon", "phone"),
        ("from", "yesterday", "2026-06-16"),
        ("from", "2026-06-16T10:00", "ISO 8601"),
        ("limit", "0", "1"),
        ("limit", "²", "1000"),
        ("order", "title", "received_at"),
        ("rubbish", "1", "no such filter"),
        ("text", "x" * 201, "200"),
    ],
)
def test_a_word_that_cannot_be_read_is_named_with_what_it_may_be(
    name: str, word: str, remedy: str
) -> None:
    filters, (slip,) = read(
        {
            name: word,
            "channel" if name != "channel" else "unit": "phone" if name != "channel" else "510104",
        },
        CITY,
        "en",
    )
    assert name in slip.tell("en")
    assert remedy in slip.tell("en")
    assert len(filters.words) == 1


def test_a_blank_is_no_filter_and_the_whole_city_neither() -> None:
    assert read({"unit": "city", "status": "", "lang": "en"}, CITY, "zh") == (Filters(), ())


def test_what_is_not_said_is_asked_for_as_a_blank_but_an_unassigned_unit_is_a_unit() -> None:
    asked = query(Filters(unit="unassigned", channel="unassigned"), CITY, NOW)
    assert (asked.unit, asked.channel) == ("unassigned", "")


def test_a_district_that_handles_its_own_cases_can_be_filtered_by() -> None:
    filters, slips = read({"handler": "510104"}, CITY, "zh")
    assert (filters.handler, slips) == ("510104", ())


@pytest.mark.parametrize("lang", LANGS)
def test_every_status_and_time_has_a_word(lang: str) -> None:
    assert all(has(lang, f"status.{one}") for one in STATUSES)
    assert all(has(lang, f"anchor.{one}") and has(lang, f"step.{one}") for one in ANCHORS)


@pytest.mark.parametrize("name", ["text", "street", "cursor", "before", "unit", "from"])
@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f"])
def test_a_control_character_is_told_and_left_out(name: str, letter: str) -> None:
    filters, (slip,) = read({name: f"a{letter}b"}, CITY, "en")
    assert (filters, slip.name) == (Filters(), name)
    assert "control characters" in slip.tell("en")

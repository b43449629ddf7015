"""Which figures a note stands beside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from centre.domain.notes import Note, touching

NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
UNITS_OF = {"shuangliu": "510116", "12345": None}


def note(**words):
    plain = {"id": "7", "start": NOON, "end": NOON + 2 * HOUR, "zh": "重复上报", "en": ""}
    return Note(**{**plain, "by": "", "at": NOON, **words})


def touched(one, units, start=NOON, end=NOON + HOUR):
    return touching([one], units, start, end, units_of=UNITS_OF) == (one,)


def test_a_note_on_a_unit_stands_at_figures_of_this_unit_only():
    assert touched(note(unit="510116"), ["510116", "510117"])
    assert not touched(note(unit="510116"), ["510117"])


def test_a_note_on_a_source_stands_at_figures_of_the_unit_it_answers_for():
    assert touched(note(source="shuangliu"), ["510116"])
    assert not touched(note(source="shuangliu"), ["510117"])
    assert touched(note(source="12345"), ["510117"])  # it answers for any


def test_a_note_on_the_city_stands_at_every_figure():
    assert touched(note(), ["510117"])


def test_a_note_stands_at_figures_whose_time_it_shares():
    assert touched(note(), ["510117"], NOON + HOUR, NOON + 3 * HOUR)
    assert not touched(note(), ["510117"], NOON + 2 * HOUR, NOON + 3 * HOUR)  # its end is exclusive
    assert not touched(note(), ["510117"], NOON - HOUR, NOON)
    assert touched(note(end=None), ["510117"], NOON + 99 * HOUR, NOON + 100 * HOUR)


def test_words_are_shown_as_people_wrote_them():
    assert note().words("en") == "重复上报"
    assert note(en="sent twice").words("en") == "sent twice"

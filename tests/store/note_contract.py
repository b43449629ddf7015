"""What is promised of notes on the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from centre.domain.notes import Note
from centre.store import changes, notes
from centre.store.engine import reading as reading_of
from tests.store.make import T0, hours

REPEATED = Note(
    id="",
    unit="a",
    start=T0,
    end=T0 + hours(2),
    zh="甲区 10–12 时重复上报",
    en="",
    by="值班员",
    at=T0 + hours(3),
)


def known(engine, at=None):
    with reading_of(engine) as conn:
        return notes.read(conn, at=at), changes.latest(conn)


class NoteContract:
    """Inherited with a fixture `engine` (migrated and empty)."""

    def test_a_note_is_found_as_it_was_written(self, engine):
        kept = notes.add(engine, REPEATED)

        assert known(engine)[0] == (kept,)
        assert kept.zh == "甲区 10–12 时重复上报"

    def test_what_was_known_before_and_after_a_note_was_taken_back_stays(self, engine):
        _, before = known(engine)
        kept = notes.add(engine, REPEATED)
        _, between = known(engine)

        assert notes.remove(engine, kept.id, T0 + timedelta(days=1))
        assert known(engine)[0] == ()
        assert known(engine, before)[0] == ()
        assert known(engine, between)[0] == (kept,)

    def test_a_note_is_taken_back_once(self, engine):
        kept = notes.add(engine, REPEATED)

        assert notes.remove(engine, kept.id, T0)
        assert not notes.remove(engine, kept.id, T0)
        assert not notes.remove(engine, "no number", T0)

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"zh": " "}, "says nothing"),
            ({"zh": "长" * 301}, "300 characters"),
            ({"end": T0}, "must lie after"),
        ],
    )
    def test_a_note_that_helps_nobody_is_refused(self, engine, wrong, reason):
        with pytest.raises(notes.BadNote, match=reason):
            notes.add(engine, replace(REPEATED, **wrong))
        assert known(engine)[0] == ()

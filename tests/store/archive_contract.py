"""What the archive of snapshots promises on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from centre.store import archive
from centre.store.archive import Entry
from centre.store.engine import reading, writing

NOON = datetime(2026, 6, 16, 4, tzinfo=UTC)


def entry(change: int, base: int | None = None, chain: str = "each") -> Entry:
    """Published so many seconds after noon; its data says which it is."""
    at = NOON + timedelta(seconds=change)
    return Entry(chain=chain, change=change, at=at, base=base, data=f"{chain} {change}".encode())


def keep(engine, *entries: Entry) -> None:
    with writing(engine) as conn:
        archive.append(conn, entries)


class ArchiveContract:
    """Inherited with a fixture `engine` (migrated and empty)."""

    def test_an_empty_archive_knows_nothing(self, engine):
        with reading(engine) as conn:
            assert archive.newest(conn, 9) is None
            assert archive.until(conn, NOON) is None
            assert archive.oldest(conn) is None
            assert archive.between(conn, 0, 9, 9) == ()

    def test_a_snapshot_is_found_with_all_that_it_is_made_of(self, engine):
        keep(engine, entry(3), entry(5, 3), entry(8, 3), entry(9), entry(12, 9))
        with reading(engine) as conn:
            found = archive.newest(conn, 8)
            assert found == entry(8, 3)
            assert archive.group(conn, found) == (entry(3), entry(5, 3), entry(8, 3))
            assert archive.group(conn, entry(9)) == (entry(9),)

    def test_between_two_snapshots_the_earlier_one_is_what_was_known(self, engine):
        keep(engine, entry(3), entry(5, 3))
        with reading(engine) as conn:
            assert archive.newest(conn, 4) == entry(3)
            assert archive.newest(conn, 700) == entry(5, 3)
            assert archive.newest(conn, 2) is None
            assert archive.until(conn, NOON + timedelta(seconds=4)).seq == 3
            assert archive.until(conn, NOON + timedelta(seconds=2)) is None
            assert archive.oldest(conn).seq == 3

    def test_the_finest_chain_answers_and_the_coarse_where_the_fine_is_gone(self, engine):
        keep(engine, entry(3, chain="minute"), entry(63, 3, chain="minute"))
        keep(engine, entry(3), entry(63, 3), entry(64, 3))
        with reading(engine) as conn:
            assert archive.newest(conn, 63).chain == "each"
            assert [one.seq for one in archive.between(conn, 1, 99, 9)] == [3, 63, 64]
        with writing(engine) as conn:
            keep_from = entry(99)
            archive.append(conn, [keep_from])
            assert archive.drop(conn, "each", NOON + timedelta(seconds=100)) == 3
        with reading(engine) as conn:
            assert archive.newest(conn, 70) == entry(63, 3, chain="minute")
            assert archive.newest(conn, 100) == keep_from

    def test_only_whole_groups_are_dropped(self, engine):
        keep(engine, entry(3), entry(5, 3), entry(8), entry(9, 8), entry(10, 8), entry(20))
        with writing(engine) as conn:
            assert archive.drop(conn, "each", NOON + timedelta(seconds=9)) == 2
            assert archive.drop(conn, "each", NOON + timedelta(seconds=9)) == 0
            assert archive.drop(conn, "minute", NOON + timedelta(seconds=900)) == 0
        with reading(engine) as conn:
            assert [one.seq for one in archive.between(conn, 0, 99, 9)] == [8, 9, 10, 20]
            assert [one.seq for one in archive.between(conn, 9, 99, 2)] == [9, 10]

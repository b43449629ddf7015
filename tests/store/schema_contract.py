"""What engines, types and migrations promise on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from centre.store import changes, sources, tables
from centre.store.engine import connect, writing
from centre.store.engine import reading as reading_of
from centre.store.migrations import upgrade
from centre.store.types import micros

TIMES = (
    datetime(2026, 6, 15, 0, 30, 0, 1, tzinfo=UTC),
    datetime(1990, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")),  # summer time: UTC+9
    datetime(1890, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
)


class SchemaContract:
    """Inherited with fixtures `url` (empty) and `engine` (migrated)."""

    def test_migrations_and_tables_agree(self, engine):
        with engine.connect() as conn:
            context = MigrationContext.configure(conn, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []

    def test_two_processes_may_migrate_at_once(self, url):
        engines = [connect(url) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))
        assert sa.inspect(engines[0]).has_table("case")
        for engine in engines:
            engine.dispose()

    @pytest.mark.parametrize("time", TIMES)
    def test_a_time_comes_back_as_the_same_instant_in_utc(self, engine, time):
        with writing(engine) as conn:
            changes.next_change(conn, "publish", None, time)
        with reading_of(engine) as conn:
            kept, number = conn.execute(
                sa.select(tables.change.c.at, micros(tables.change.c.at))
            ).one()
        assert (kept, kept.utcoffset()) == (time, timedelta(0))
        assert timedelta(microseconds=number) == time - datetime(1970, 1, 1, tzinfo=UTC)

    def test_a_time_without_zone_is_refused(self, engine):
        with pytest.raises(sa.exc.StatementError, match="naive"), writing(engine) as conn:
            changes.next_change(conn, "publish", None, datetime(2026, 6, 15))  # noqa: DTZ001

    def test_change_numbers_of_rivals_have_no_gap_and_no_twin(self, engine):
        now = datetime(2026, 6, 15, tzinfo=UTC)

        def take(_: int) -> int:
            with writing(engine) as conn:
                return changes.next_change(conn, "publish", None, now)

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(take, range(20))) == list(range(1, 21))

    def test_of_rivals_for_a_source_each_gets_an_epoch_of_its_own(self, engine):
        with ThreadPoolExecutor(4) as pool:
            epochs = list(pool.map(lambda _: sources.claim(engine, "s"), range(8)))
        assert sorted(epochs) == list(range(1, 9))

    def test_a_reading_transaction_sees_one_moment(self, engine):
        with reading_of(engine) as conn:
            assert sources.states(conn) == ()
            sources.claim(engine, "s")
            assert sources.states(conn) == ()

    def test_the_count_of_conservation_is_held_by_the_database(self, engine):
        lie = {"change": 1, "source": "s", "at": datetime.now(UTC)}
        lie |= {"sent": 3, "stored": 1, "duplicate": 1, "rejected": 0}
        with pytest.raises(DBAPIError, match="conserved"), writing(engine) as conn:
            conn.execute(sa.insert(tables.delivery).values(lie))

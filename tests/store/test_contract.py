"""The contracts of the store on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings

from centre.store.engine import connect
from centre.store.migrations import upgrade
from tests.servers import fresh_database
from tests.store.archive_contract import ArchiveContract
from tests.store.cube_contract import DELIVERIES, CubeContract, assert_differences_add_up
from tests.store.history_contract import HistoryContract, assert_the_past_stays
from tests.store.late_contract import LateContract
from tests.store.ledger_contract import STEPS, LedgerContract, assert_conserved
from tests.store.note_contract import NoteContract
from tests.store.pause_contract import PauseContract
from tests.store.query_contract import QueryContract
from tests.store.reread_contract import RereadContract
from tests.store.schema_contract import SchemaContract
from tests.store.slice_contract import SliceContract
from tests.store.sweep_contract import SweepContract
from tests.store.write_contract import WriteContract


def often(times: int):
    """So many examples, all on the database of one test."""
    return settings(
        max_examples=times,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


def migrate(url: str) -> str:
    """Bring a database to the present schema and let go of it."""
    engine = connect(url)
    upgrade(engine)
    engine.dispose()
    return url


class StoreContract(
    WriteContract,
    CubeContract,
    QueryContract,
    SliceContract,
    HistoryContract,
    SchemaContract,
    ArchiveContract,
    LateContract,
    NoteContract,
    PauseContract,
    RereadContract,
    LedgerContract,
    SweepContract,
):
    """All that a database has to do; a new one is a subclass with fixtures `url` and `copied`."""

    @pytest.fixture
    def engine(self, copied):
        """Migrated and empty."""
        engine = connect(copied)
        yield engine
        engine.dispose()


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/deep/store.db"

    @pytest.fixture(scope="class")
    @classmethod
    def template(cls, tmp_path_factory):
        return migrate(f"sqlite:///{tmp_path_factory.mktemp('store')}/template.db")

    @pytest.fixture
    def copied(self, template, tmp_path):
        shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "copy.db")
        return f"sqlite:///{tmp_path}/copy.db"

    @pytest.mark.slow
    @often(200)
    @given(deliveries=DELIVERIES)
    def test_cubes_are_what_counting_anew_gives(self, engine, deliveries):
        assert_differences_add_up(engine, deliveries)

    @pytest.mark.slow
    @often(6)
    @given(deliveries=DELIVERIES)
    def test_the_past_is_what_was_known_then(self, engine, deliveries):
        assert_the_past_stays(engine, deliveries)

    @pytest.mark.slow
    @often(40)
    @given(steps=STEPS)
    def test_the_days_of_the_ledger_add_up_to_the_counters(self, engine, steps):
        assert_conserved(engine, steps)


@pytest.mark.servers
class TestPostgresql(StoreContract):
    @pytest.fixture
    def url(self, postgres_url):
        return fresh_database(postgres_url)

    @pytest.fixture(scope="class")
    @classmethod
    def template(cls, postgres_url):
        return migrate(fresh_database(postgres_url))

    @pytest.fixture
    def copied(self, postgres_url, template):
        return fresh_database(postgres_url, template.rsplit("/", 1)[1])

    @pytest.mark.slow
    @often(25)  # four times as slow as SQLite, which has the 200
    @given(deliveries=DELIVERIES)
    def test_cubes_are_what_counting_anew_gives(self, engine, deliveries):
        assert_differences_add_up(engine, deliveries)

    @pytest.mark.slow
    @often(2)
    @given(deliveries=DELIVERIES)
    def test_the_past_is_what_was_known_then(self, engine, deliveries):
        assert_the_past_stays(engine, deliveries)

    @pytest.mark.slow
    @often(5)
    @given(steps=STEPS)
    def test_the_days_of_the_ledger_add_up_to_the_counters(self, engine, steps):
        assert_conserved(engine, steps)

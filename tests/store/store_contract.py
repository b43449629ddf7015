"""All that a database has to do, on whichever it is: test_sqlite.py, test_postgresql.py."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from centre.store.engine import connect
from centre.store.migrations import upgrade
from tests.store.archive_contract import ArchiveContract
from tests.store.cube_contract import CubeContract
from tests.store.history_contract import HistoryContract
from tests.store.late_contract import LateContract
from tests.store.ledger_contract import LedgerContract
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

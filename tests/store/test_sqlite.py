"""The contracts of the store on SQLite."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.store.cube_contract import DELIVERIES, assert_differences_add_up
from tests.store.history_contract import assert_the_past_stays
from tests.store.ledger_contract import STEPS, assert_conserved
from tests.store.store_contract import StoreContract, often
from tests.stores import laid


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/deep/store.db"

    @pytest.fixture
    def copied(self, tmp_path):
        return laid(tmp_path / "copy.db")

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

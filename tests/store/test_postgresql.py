"""The contracts of the store on PostgreSQL."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.servers import fresh_database
from tests.store.cube_contract import DELIVERIES, assert_differences_add_up
from tests.store.history_contract import assert_the_past_stays
from tests.store.ledger_contract import STEPS, assert_conserved
from tests.store.store_contract import StoreContract, migrate, often


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

"""sql_view on a real PostgreSQL."""

from __future__ import annotations

from tests.faults.sql import world
from tests.servers import running_postgres

WORLD = world("sql_view_postgresql", running_postgres)

"""What Alembic runs: the migrations of versions/ on the connection that migrations.py hands it."""

from __future__ import annotations

from alembic import context

from centre.store import (  # noqa: F401 - they define tables
    health,
    history,
    inbox,
    journal,
    ledger,
    notes,
    pauses,
    reconciled,
    revised,
)
from centre.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

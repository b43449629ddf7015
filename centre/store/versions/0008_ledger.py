"""The ledger of the sources by day; what came before it is the opening entry (day 0).

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_COUNTS = ("sent", "stored", "duplicate", "rejected")


def upgrade() -> None:
    """Create the ledger, and enter what the sources have counted until now."""
    made = op.create_table(
        "ledger",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*_COUNTS, "corrected")),
        sa.Column("missed_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day"),
        sqlite_with_rowid=False,
    )
    known = sa.table("source", sa.column("id"), *(sa.column(name) for name in _COUNTS))
    zero = sa.literal(0)
    counted = [known.c[name] for name in _COUNTS]
    entry = sa.select(known.c.id, zero, *counted, zero, zero).where(known.c.sent != 0)
    names = ["source", "day", *_COUNTS, "corrected", "missed_seconds"]
    op.execute(sa.insert(made).from_select(names, entry))


def downgrade() -> None:
    """Forget the ledger."""
    op.drop_table("ledger")

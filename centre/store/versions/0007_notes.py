"""Notes on the data.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table of notes."""
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("unit", sa.String(32)),
        sa.Column("source", sa.String(64)),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("end", UtcDateTime()),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("removed", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Forget the notes."""
    op.drop_table("note")

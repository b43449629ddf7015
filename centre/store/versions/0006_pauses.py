"""Pauses of cases, by the version to which they belong.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table; cases that are stored already have none until their source says so."""
    op.create_table(
        "case_pause",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("change", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("source", "key", "change", "number"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("case_pause")

"""How the outages and the form of every source stand is kept.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; a source without a row has had no trouble."""
    op.create_table(
        "health",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("breaker", sa.String(8), nullable=False),
        sa.Column("recent", sa.String(20), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("condition", sa.String(16), nullable=False),
        sa.Column("map", sa.String(16), nullable=False),
        sa.Column("base", sa.JSON()),
        sa.Column("form", sa.JSON()),
        sa.Column("changed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("source"),
    )

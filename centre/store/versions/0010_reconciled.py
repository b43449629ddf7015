"""What nightly comparisons with the sources found, day by day.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0010"
down_revision = "0009"

_COUNTS = ("theirs", "stored", "refused")


def upgrade() -> None:
    """Create the table; nothing was compared before it."""
    op.create_table(
        "reconciled",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("compared_at", UtcDateTime(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("swept_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("source", "day"),
    )


def downgrade() -> None:
    """Forget what was found."""
    op.drop_table("reconciled")

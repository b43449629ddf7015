"""What the totals of the cubes move is noted in blocks of changes.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the journal; of changes before it, the records themselves tell."""
    op.create_table(
        "moved",
        sa.Column("part", sa.String(64), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("part", "block", "day", "unit"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block",
        sa.Column("block", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("block"),
    )
    since = sa.Column("since", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("cube_part", since)


def downgrade() -> None:
    """Forget it: the records tell the same, more slowly."""
    op.drop_column("cube_part", "since")
    op.drop_table("block")
    op.drop_table("moved")

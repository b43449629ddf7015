"""What all dimensions of the cubes move is noted in blocks; the past is counted by indexes.

Revision ID: 0013
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"

_COUNTED = ("unit", "received_at", "due_at", "closed_at", "kind")


def upgrade() -> None:
    """Begin the journal anew; of changes before it, the records themselves tell."""
    op.drop_table("moved")
    op.drop_table("block")
    op.create_table(
        "moved",
        sa.Column("dim", sa.String(16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("first", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("dim", "level", "first"),
    )
    op.create_table(
        "block",
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("first", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("within", sa.BigInteger()),
        sa.PrimaryKeyConstraint("level", "first"),
    )
    op.create_index("block_first", "block", ["first", "within"])
    _index("case", "change", *_COUNTED)
    _index("case_version", "ended", *_COUNTED)


def downgrade() -> None:
    """Begin the journal of totals anew."""
    op.drop_table("moved")
    op.drop_table("block")
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
    _index("case", "change")
    _index("case_version", "ended")


def _index(table: str, *columns: str) -> None:
    """Make the index of a table's changes anew, of these columns."""
    name = f"{table}_{columns[0]}"
    op.drop_index(name, table)
    op.create_index(name, table, list(columns))

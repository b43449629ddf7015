"""What the ledger and the comparisons with the sources said earlier is kept.

What the ledger has until now is entered under the newest change: nothing is known of it before.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0015"
down_revision = "0014"

_COUNTS = ("sent", "stored", "duplicate", "rejected", "corrected")


def upgrade() -> None:
    """Create what keeps the past of both."""
    _ledger()
    op.add_column(
        "reconciled", sa.Column("change", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_table(
        "reconciled_version",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("theirs", "stored")),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("compared_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("came", "removed")),
        sa.Column("swept_at", UtcDateTime()),
        sa.Column("change", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", "change"),
        sqlite_with_rowid=False,
    )
    op.create_index("reconciled_version_ended", "reconciled_version", ["ended"])


def _ledger() -> None:
    move = op.create_table(
        "ledger_move",
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.PrimaryKeyConstraint("day", "source", "change"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "late_time",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "start"),
        sqlite_with_rowid=False,
    )
    known = sa.table("ledger", *map(sa.column, ("day", "source", *_COUNTS)))
    change = sa.table("change", sa.column("change"))
    newest = sa.select(sa.func.coalesce(sa.func.max(change.c.change), 0)).scalar_subquery()
    entry = sa.select(known.c.day, known.c.source, newest, *(known.c[name] for name in _COUNTS))
    op.execute(sa.insert(move).from_select(["day", "source", "change", *_COUNTS], entry))


def downgrade() -> None:
    """Forget what was said earlier."""
    op.drop_table("reconciled_version")
    op.drop_column("reconciled", "change")
    op.drop_table("late_time")
    op.drop_table("ledger_move")

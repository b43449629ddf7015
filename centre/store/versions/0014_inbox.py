"""What is pushed: how much beside the rows, keys that came before, words used once.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing was pushed before."""
    for name in ("size", "bad"):
        zero = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("inbox", zero)
    op.create_index("inbox_source", "inbox", ["source", "id"])
    op.create_table(
        "pushed",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_table(
        "nonce",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "nonce"),
    )


def downgrade() -> None:
    """Forget who pushed what."""
    op.drop_table("nonce")
    op.drop_table("pushed")
    op.drop_index("inbox_source", "inbox")
    for name in ("bad", "size"):
        op.drop_column("inbox", name)

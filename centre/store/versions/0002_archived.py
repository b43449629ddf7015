"""Published snapshots are kept, so that the city can be shown as it was known.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the archive."""
    op.create_table(
        "archived",
        sa.Column("chain", sa.String(8), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("base", sa.BigInteger()),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "change"),
    )
    op.create_index("archived_at", "archived", ["at", "change"])
    op.create_index("archived_change", "archived", ["change"])


def downgrade() -> None:
    """Forget how it looked."""
    op.drop_table("archived")

"""Days that late data changed after they were complete are noted.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of revised days; of what was changed before nothing is known."""
    op.create_table(
        "revised",
        sa.Column("part", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", "unit", "day"),
    )
    op.create_index("revised_day", "revised", ["day"])


def downgrade() -> None:
    """Forget which days were revised."""
    op.drop_table("revised")

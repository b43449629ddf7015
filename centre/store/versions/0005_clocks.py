"""A source remembers when the newest thing in its rows happened, and when its newest row came.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add both clocks; not known before the next delivery."""
    for name in ("event_at", "received_at"):
        op.add_column("source", sa.Column(name, UtcDateTime()))


def downgrade() -> None:
    """Forget them."""
    for name in ("event_at", "received_at"):
        op.drop_column("source", name)

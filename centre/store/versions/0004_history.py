"""What was known earlier: rows of all records that are no longer current, by change number.

The current version of a case is the row of `case` itself and is no longer kept twice.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from centre.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"

_NAMES = (
    "source", "key", "change", "source_version", "kind", "nature", "applicant", "channel",
    "category", "category_path", "title", "unit", "handler", "handler_kind", "street", "lon",
    "lat", "received_at", "dispatched_at", "signed_at", "due_at", "replied_at", "followed_up_at",
    "closed_at", "contacted", "resolved", "satisfied", "dissatisfied_reason", "returns",
    "reopens", "linked_key", "url", "reply_workdays",
)  # fmt: skip


def upgrade() -> None:
    """Create the histories, end the versions of cases that there are, note new indexes."""
    for name, columns in (
        ("case_ended", _case()),
        ("reading_version", _reading()),
        ("asset_version", _asset()),
        ("presence_version", _presence()),
    ):
        _create(name, columns)
    _take_over()
    op.drop_table("case_version")
    op.rename_table("case_ended", "case_version")
    for name in ("case", "reading", "asset"):
        op.create_index(f"{name}_change", name, ["change"])
    for name in ("case", "reading", "asset", "presence"):
        op.create_index(f"{name}_version_ended", f"{name}_version", ["ended"])
    op.create_index("case_version_change", "case_version", ["change"])
    known = sa.Column("change", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("presence", known)


def downgrade() -> None:
    """Refuse: what was overwritten is nowhere else."""
    raise NotImplementedError("the histories cannot be folded back into one table of versions")


def _create(name: str, columns: Sequence[sa.Column[Any]]) -> None:
    op.create_table(
        name,
        *columns,
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )


def _take_over() -> None:
    """Each version ends with the next one; the last is the row of `case`."""
    old = sa.table("case_version", *map(sa.column, _NAMES))
    after = sa.func.lead(old.c.change).over(
        partition_by=(old.c.source, old.c.key), order_by=old.c.change
    )
    ended = sa.select(*old.c, after.label("ended")).subquery()
    rows = sa.select(*ended.c, sa.false()).where(ended.c.ended.is_not(None))
    new = sa.table("case_ended", *map(sa.column, (*_NAMES, "ended", "gone")))
    op.execute(sa.insert(new).from_select([*_NAMES, "ended", "gone"], rows))


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _case() -> tuple[sa.Column[Any], ...]:
    return (
        _key("source", sa.String(64)),
        _key("key", sa.String(128)),
        _key("change", sa.BigInteger()),
        sa.Column("source_version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("nature", sa.String(32)),
        sa.Column("applicant", sa.String(16)),
        sa.Column("channel", sa.String(64)),
        sa.Column("category", sa.String(128)),
        sa.Column("category_path", sa.String(256)),
        sa.Column("title", sa.Text()),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("handler", sa.String(128)),
        sa.Column("handler_kind", sa.String(16)),
        sa.Column("street", sa.String(128)),
        sa.Column("lon", sa.Float()),
        sa.Column("lat", sa.Float()),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("dispatched_at", UtcDateTime()),
        sa.Column("signed_at", UtcDateTime()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("replied_at", UtcDateTime()),
        sa.Column("followed_up_at", UtcDateTime()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("contacted", sa.Boolean()),
        sa.Column("resolved", sa.Boolean()),
        sa.Column("satisfied", sa.Boolean()),
        sa.Column("dissatisfied_reason", sa.String(128)),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("linked_key", sa.String(128)),
        sa.Column("url", sa.Text()),
        sa.Column("reply_workdays", sa.Float()),
    )


def _reading() -> tuple[sa.Column[Any], ...]:
    return (
        _key("source", sa.String(64)),
        _key("series", sa.String(64)),
        _key("unit", sa.String(32)),
        _key("key", sa.String(128)),
        _key("at", UtcDateTime()),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source_version", sa.BigInteger(), nullable=False),
        _key("change", sa.BigInteger()),
    )


def _asset() -> tuple[sa.Column[Any], ...]:
    return (
        _key("source", sa.String(64)),
        _key("key", sa.String(128)),
        sa.Column("source_version", sa.BigInteger(), nullable=False),
        _key("change", sa.BigInteger()),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("category", sa.String(128)),
        sa.Column("title", sa.Text()),
        sa.Column("street", sa.String(128)),
        sa.Column("lon", sa.Float()),
        sa.Column("lat", sa.Float()),
    )


def _presence() -> tuple[sa.Column[Any], ...]:
    return (
        _key("unit", sa.String(32)),
        _key("source", sa.String(64)),
        _key("day", sa.Integer()),
        sa.Column("until", UtcDateTime(), nullable=False),
        _key("change", sa.BigInteger()),
    )

"""Every table of the store. `change` is the number of the transaction that wrote a row.

A change number is given inside the writing transaction and only ever grows: it, never a wall
clock, says what was known when. A published snapshot takes a change number too: its seq.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from centre.store.types import UtcDateTime

metadata = MetaData()


def _case_columns() -> list[Column[object]]:
    return [
        Column("change", BigInteger, nullable=False),
        Column("source_version", BigInteger, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("nature", String(32)),
        Column("applicant", String(16)),
        Column("channel", String(64)),
        Column("category", String(128)),
        Column("category_path", String(256)),
        Column("title", Text),
        Column("unit", String(32), nullable=False),
        Column("handler", String(128)),
        Column("handler_kind", String(16)),
        Column("street", String(128)),
        Column("lon", Float),
        Column("lat", Float),
        Column("received_at", UtcDateTime, nullable=False),
        Column("dispatched_at", UtcDateTime),
        Column("signed_at", UtcDateTime),
        Column("due_at", UtcDateTime),
        Column("replied_at", UtcDateTime),
        Column("followed_up_at", UtcDateTime),
        Column("closed_at", UtcDateTime),
        Column("contacted", Boolean),
        Column("resolved", Boolean),
        Column("satisfied", Boolean),
        Column("dissatisfied_reason", String(128)),
        Column("returns", Integer, nullable=False),
        Column("reopens", Integer, nullable=False),
        Column("linked_key", String(128)),
        Column("url", Text),
        Column("reply_workdays", Float),
    ]


case = Table(
    "case",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    *_case_columns(),
    sqlite_with_rowid=False,
)
# What changed since is counted by this index alone, as it is now; its history has the same.
Index(
    "case_change",
    case.c.change,
    case.c.unit,
    case.c.received_at,
    case.c.due_at,
    case.c.closed_at,
    case.c.kind,
)
# With the kind, a count of part hours is answered by the index alone.
Index("case_received", case.c.received_at, case.c.unit, case.c.kind)
Index("case_unit_received", case.c.unit, case.c.received_at)
# Partial, or SQLite would read open cases by "closed_at IS NULL" instead of by their own index.
Index(
    "case_closed",
    case.c.closed_at,
    sqlite_where=case.c.closed_at.is_not(None),
    postgresql_where=case.c.closed_at.is_not(None),
)
Index("case_due", case.c.due_at)
Index("case_key", case.c.key)
# Time-driven figures (due today, open overdue) read open cases only, and of them the index alone:
# SQLite wants closed_at in it, though it is NULL in every row.
Index(
    "case_open",
    case.c.unit,
    case.c.due_at,
    case.c.kind,
    case.c.closed_at,
    sqlite_where=case.c.closed_at.is_(None),
    postgresql_where=case.c.closed_at.is_(None),
)

case_row = Table(
    "case_row",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("shape", BigInteger, nullable=False),
    Column(
        "row", JSON, nullable=False
    ),  # the words of the source's own row, masked, newest version
    sqlite_with_rowid=False,
)

# Sources send the same columns in every row: their names would be half of the database.
row_shape = Table(
    "row_shape",
    metadata,
    Column("shape", BigInteger, primary_key=True, autoincrement=False),  # hash of the columns
    Column("columns", JSON, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("series", String(64), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("value", Float, nullable=False),
    Column("source_version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("reading_latest", reading.c.series, reading.c.unit, reading.c.at)
Index("reading_change", reading.c.change)

asset = Table(
    "asset",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("source_version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("category", String(128)),
    Column("title", Text),
    Column("street", String(128)),
    Column("lon", Float),
    Column("lat", Float),
    sqlite_with_rowid=False,
)
Index("asset_change", asset.c.change)

cube = Table(
    "cube",
    metadata,
    Column("part", String(64), primary_key=True),
    Column("dim", String(16), primary_key=True),  # "" = total, or one of cubes.DIMS
    Column("day", Integer, primary_key=True),  # ordinal of the local day of the part's anchor
    Column("unit", String(32), primary_key=True),
    Column("key", String(128), primary_key=True),  # value of the dimension; "" = not said
    Column("amount", Float, nullable=False),
    sqlite_with_rowid=False,
)

# Whoever keeps cells in memory reads again only what a later change has moved.
touched = Table(
    "touched",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(32), primary_key=True),
    Column("change", BigInteger, nullable=False),  # the newest that moved a cell of that day
    sqlite_with_rowid=False,
)
Index("touched_change", touched.c.change)

cube_part = Table(
    "cube_part",
    metadata,
    Column("part", String(64), primary_key=True),
    Column("definition", Text, nullable=False),  # its SQL; a part whose SQL changed is refilled
    # The change that filled it: what happened before is not in the journal.
    Column("since", BigInteger, nullable=False, server_default="0"),
)

change = Table(
    "change",
    metadata,
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),  # write publish replay reread refill sweep
    Column("source", String(64)),
)

delivery = Table(
    "delivery",
    metadata,
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    CheckConstraint("sent = stored + duplicate + rejected", name="conserved"),
)
Index("delivery_source", delivery.c.source, delivery.c.change)

rejected = Table(
    "rejected",
    metadata,
    Column("id", String(40), primary_key=True),  # hash of source and row: a re-sent row is one
    Column("source", String(64), nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("key", String(128)),
    Column("field", String(64), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("row", JSON, nullable=False),
    Column("state", String(16), nullable=False),  # "kept" | "replayed" | "gone"
)
Index("rejected_source", rejected.c.source, rejected.c.state, rejected.c.reason)

source = Table(
    "source",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("epoch", BigInteger, nullable=False),  # the fence: a write with another epoch is refused
    Column("cursor", JSON),
    Column("paused", Boolean, nullable=False),
    Column("wanted", Boolean, nullable=False),  # "run now" was asked for
    Column("attempted_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("watermark", UtcDateTime),  # complete until
    Column("event_at", UtcDateTime),  # the newest thing that happened among its rows
    Column("received_at", UtcDateTime),  # when its newest stored row came
    Column("filled_days", Integer, nullable=False),
    Column("total_days", Integer, nullable=False),
    Column("fill_unit", String(8), nullable=False),  # what both count: "days" | "percent"
    Column("failures", Integer, nullable=False),  # in a row
    Column("error", Text),
    Column("sent", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("duplicate", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
)

presence = Table(
    "presence",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("day", Integer, primary_key=True),  # ordinal of the local day
    Column("until", UtcDateTime, nullable=False),  # complete from the day's start until here
    # Since which the day is heard of or, once it is complete, complete; 0: before this was kept.
    Column("change", BigInteger, nullable=False, server_default="0"),
)

figure = Table(
    "figure",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("change", BigInteger, nullable=False),
    Column("query", JSON, nullable=False),  # canonical: metric, version, scope, from, to, by
)

archived = Table(
    "archived",
    metadata,
    Column("chain", String(8), primary_key=True),  # "each" | "minute" | "quarter"
    Column("change", BigInteger, primary_key=True, autoincrement=False),  # the snapshot's seq
    Column("at", UtcDateTime, nullable=False),  # published
    Column("base", BigInteger),  # the full one that its group begins with; NULL: it is that one
    Column("data", LargeBinary, nullable=False),  # centre.snapshots.past
)
Index("archived_at", archived.c.at, archived.c.change)
Index("archived_change", archived.c.change)

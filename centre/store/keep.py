"""Upserts of cases, readings and assets, guarded by the source's version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    select,
    tuple_,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

from centre.domain.places import UNASSIGNED
from centre.domain.records import Asset, Case, Reading, Record
from centre.store import bulk, history, pauses, tables
from centre.store.corrections import COLUMNS as CORRECTABLE
from centre.store.corrections import is_correction
from centre.store.delivery import Delivery
from centre.store.encode import encode_json, shape_of
from centre.store.measure import Plan

_CHUNK = 2_000  # keys of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record, its table, and what identifies it within its source."""

    record: type[Case | Reading | Asset]
    table: Table
    identity: tuple[str, ...]

    def key(self, record: Record) -> tuple[Any, ...]:
        """The identity of a record."""
        return tuple(getattr(record, name) for name in self.identity)

    def among(
        self, source: str, keys: Sequence[tuple[Any, ...]], dialect: Dialect
    ) -> ColumnElement[bool]:
        """The rows of a source with these identities."""
        columns = [self.table.c[name] for name in self.identity]
        listed = bulk.listed(columns, keys, dialect)
        own = columns[0] if len(columns) == 1 else tuple_(*columns)
        return and_(self.table.c.source == source, own.in_(listed))


KINDS = (
    Kind(record=Case, table=tables.case, identity=("key",)),
    Kind(record=Reading, table=tables.reading, identity=("series", "unit", "key", "at")),
    Kind(record=Asset, table=tables.asset, identity=("key",)),
)


def of(record: type[Case | Reading | Asset]) -> Kind:
    """The kind of a record's class."""
    return next(kind for kind in KINDS if kind.record is record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The records of one kind that say something new, with their raw rows, and those before."""

    kind: Kind
    records: tuple[Record, ...]
    rows: tuple[Mapping[str, Any] | None, ...]
    known: frozenset[tuple[Any, ...]]  # identities that are stored already
    is_anew: bool = False  # the same versions, read otherwise: they are written all the same
    corrected: int = 0  # those that take back what their older version said

    @property
    def keys(self) -> tuple[tuple[Any, ...], ...]:
        """Identities in the order of the records."""
        return tuple(map(self.kind.key, self.records))


def sort(conn: Connection, delivery: Delivery) -> Iterator[Sorted]:
    """Keep of every record the newest version, if it is newer than the stored one."""
    rows: Sequence[Mapping[str, Any] | None] = delivery.rows or (None,) * len(delivery.records)
    for kind in KINDS:
        newest: dict[tuple[Any, ...], tuple[Record, Mapping[str, Any] | None]] = {}
        for record, row in zip(delivery.records, rows, strict=True):
            if isinstance(record, kind.record):
                key = kind.key(record)
                if key not in newest or record.source_version > newest[key][0].source_version:
                    newest[key] = (record, row)
        if newest:
            yield _newer(conn, kind, delivery.source, newest)


def _newer(
    conn: Connection,
    kind: Kind,
    source: str,
    newest: Mapping[tuple[Any, ...], tuple[Record, Mapping[str, Any] | None]],
) -> Sorted:
    known = _versions(conn, kind, source, list(newest))
    kept = [
        (_in_its_unit(record, known[key][1]) if key in known else record, row)
        for key, (record, row) in newest.items()
        if key not in known or record.source_version > known[key][0]
    ]
    return Sorted(
        kind=kind,
        records=tuple(record for record, _ in kept),
        rows=tuple(row for _, row in kept),
        known=frozenset(known),
        corrected=sum(
            isinstance(record, Case) and is_correction(known[key][2], record)
            for key, (record, _) in newest.items()
            if key in known and record.source_version > known[key][0]
        ),
    )


def _in_its_unit(record: Record, unit: str) -> Record:
    """A case stays with the unit that accepted it; only 未分配 may still be said."""
    if isinstance(record, Case) and unit not in (record.unit, UNASSIGNED):
        return replace(record, unit=unit)
    return record


def _versions(
    conn: Connection, kind: Kind, source: str, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], tuple[int, str, Any]]:
    """Identity -> version, unit and row of those that are stored."""
    columns = [kind.table.c[name] for name in kind.identity]
    said = CORRECTABLE if kind.record is Case else ()
    statement = select(*columns, kind.table.c.source_version, kind.table.c.unit, *said)
    found = among(conn, statement, kind, source, keys)
    return {tuple(row[: len(columns)]): (row.source_version, row.unit, row) for row in found}


def among(
    conn: Connection,
    statement: Select[Any],
    kind: Kind,
    source: str,
    keys: Sequence[tuple[Any, ...]],
) -> Iterator[Any]:
    """The rows of a statement that have one of these identities."""
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        yield from conn.execute(statement.where(kind.among(source, chunk, conn.dialect))).all()


def measured(
    conn: Connection, batch: Sorted, plan: Plan, keys: Sequence[tuple[Any, ...]]
) -> Iterator[Any]:
    """What some of a batch's rows amount to as they are stored now."""
    return among(conn, plan.statement, batch.kind, _source(batch), keys)


def _source(batch: Sorted) -> str:
    return batch.records[0].source if batch.records else ""


def upsert(conn: Connection, batch: Sorted, change: int) -> None:
    """Write the records of a batch, after the rows that they overwrite went into the history."""
    known = [key for key in batch.keys if key in batch.known]
    for start in range(0, len(known), _CHUNK):
        own = batch.kind.among(_source(batch), known[start : start + _CHUNK], conn.dialect)
        history.end(conn, batch.kind.table, own, change)
        if batch.is_anew:
            conn.execute(delete(batch.kind.table).where(own))
    writer = _writer(batch.kind.table, conn.dialect.name)
    encoders = bulk.encoders(batch.kind.table.columns, conn.dialect)
    values = [bulk.encode(writer.read(record, change), encoders) for record in batch.records]
    bulk.run(conn, writer.statement, values)
    if batch.kind.record is Case:
        pauses.keep(conn, batch.records, change)
        _keep_rows(conn, batch)


@dataclass(frozen=True, slots=True)
class Gone:
    """Cases that their source no longer has."""

    source: str
    keys: tuple[str, ...]

    def measured(self, conn: Connection, plan: Plan) -> Iterator[Any]:
        """What they amount to as they are stored now."""
        return among(conn, plan.statement, of(Case), self.source, [(key,) for key in self.keys])

    def remove(self, conn: Connection, change: int) -> None:
        """Take them out; the history keeps what they were."""
        for table in (tables.case, tables.case_row):
            kind = replace(of(Case), table=table)
            for start in range(0, len(self.keys), _CHUNK):
                some = [(key,) for key in self.keys[start : start + _CHUNK]]
                own = kind.among(self.source, some, conn.dialect)
                if table is tables.case:
                    history.end(conn, table, own, change, gone=True)
                conn.execute(delete(table).where(own))


def removable(conn: Connection, delivery: Delivery) -> tuple[str, ...]:
    """Those of a sweep's gone cases that are stored, and have not spoken since it was asked."""
    if delivery.sweep is None:
        return ()
    kind, keys = of(Case), [(key,) for key in dict.fromkeys(delivery.sweep.gone)]
    statement = select(tables.case.c.key).where(tables.case.c.change <= delivery.sweep.seen)
    return tuple(row.key for row in among(conn, statement, kind, delivery.source, keys))


@dataclass(frozen=True, slots=True)
class _Writer:
    statement: ClauseElement
    attributes: attrgetter[tuple[Any, ...]]
    change: int  # position of the one column that is not the record's own

    def read(self, record: Record, change: int) -> list[Any]:
        values = list(self.attributes(record))
        values.insert(self.change, change)
        return values


@lru_cache(maxsize=8)
def _writer(table: Table, dialect: str) -> _Writer:
    names = [column.name for column in table.columns]
    own = [name for name in names if name != "change"]
    return _Writer(_guarded(table, dialect), attrgetter(*own), names.index("change"))


def _guarded(table: Table, dialect: str) -> ClauseElement:
    """Insert, or update when the version is higher: the second wall behind `sort`."""
    statement = bulk.upsert(table, dialect)
    key = {column.name for column in table.primary_key.columns}
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: column for name, column in statement.excluded.items() if name not in key},
        where=statement.excluded.source_version > table.c.source_version,
    )


@lru_cache(maxsize=2)
def _replace_row(dialect: str) -> ClauseElement:
    statement = bulk.upsert(tables.case_row, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(tables.case_row.primary_key.columns),
        set_={"shape": statement.excluded.shape, "row": statement.excluded.row},
    )


@lru_cache(maxsize=2)
def _add_shape(dialect: str) -> ClauseElement:
    return bulk.upsert(tables.row_shape, dialect).on_conflict_do_nothing()


def _keep_rows(conn: Connection, batch: Sorted) -> None:
    pairs = zip(batch.records, batch.rows, strict=True)
    kept = [(record, row, *shape_of(row)) for record, row in pairs if row is not None]
    bulk.run(conn, _add_shape(conn.dialect.name), list({(shape, text) for *_, shape, text in kept}))
    values = [
        (one.source, one.key, shape, encode_json(tuple(row.values())))
        for one, row, shape, _ in kept
    ]
    bulk.run(conn, _replace_row(conn.dialect.name), values)

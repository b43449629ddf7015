"""Well-shaped tables -> the frozen values of the domain. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from centre.citypack.due_rules import due_rules
from centre.citypack.places_file import (
    NameTable,
    PlacesFile,
    PublishedTable,
    StreetTable,
    TargetsFile,
    TargetTable,
    UnitTable,
)
from centre.citypack.source_file import FieldTable, ReconcileTable, SourceFile
from centre.domain.places import City, CoverageRule, Name, Published, Street, Target, Unit
from centre.domain.sources import FieldMap, Limits, Reconcile, SourceConfig


def city(
    folder_name: str,
    places: PlacesFile,
    targets: TargetsFile,
    boundaries: Mapping[str, Any] | None,
) -> City:
    """The city; its id is the folder's name where places.toml gives none."""
    head = places.city
    return City(
        id=head.id or folder_name,
        name=_name(head),
        title=_name(head.title),
        zone=head.zone,
        clock=head.clock,
        calendar=head.calendar,
        units=tuple(map(_unit, places.units)),
        codes={
            field: {code: _name(name) for code, name in table.items()}
            for field, table in places.codes.items()
        },
        due_rules=due_rules(places.due),
        targets={metric: _target(metric, one) for metric, one in targets.target.items()},
        published={metric: _published(metric, one) for metric, one in targets.published.items()},
        coverage=CoverageRule(minimum=targets.coverage.minimum, watch=targets.coverage.watch),
        definitions=targets.definition,
        boundaries=boundaries,
        review_number=head.review_number,
    )


def source(file: Path, table: SourceFile) -> SourceConfig:
    """One source; its id is the file's stem."""
    return SourceConfig(
        id=file.stem,
        path=file,
        name=_name(table.name),
        adapter=table.adapter,
        record=table.record,
        unit=table.unit,
        connection=table.connection,
        every_seconds=table.schedule.every,
        interval_seconds=table.promise.interval,
        zone=table.zone,
        crs=table.crs,
        contact=table.contact,
        synthetic=table.synthetic,
        fields={name: _field(one) for name, one in table.fields.items()},
        limits=Limits(deadline_seconds=table.limits.deadline, most_bytes=table.limits.bytes),
        reconcile=_reconcile(table.reconcile),
    )


def _name(table: NameTable) -> Name:
    return Name(zh=table.zh, en=table.en)


def _unit(table: UnitTable) -> Unit:
    return Unit(
        code=table.code,
        name=_name(table),
        kind=table.kind,
        is_centre=table.centre,
        population=table.population,
        neighbours=tuple(table.neighbours),
        former_codes=(*table.former_codes, *table.aliases),
        streets=tuple(map(_street, table.streets)),
        label=None if table.label is None else (table.label[0], table.label[1]),
        inset=table.inset,
    )


def _street(table: StreetTable) -> Street:
    return Street(code=table.code, name=_name(table), lon=table.lon, lat=table.lat)


def _target(metric: str, table: TargetTable) -> Target:
    note = Name(zh=table.note_zh, en=table.note_en)
    return Target(metric=metric, value=table.value, note=note)


def _published(metric: str, table: PublishedTable) -> Published:
    return Published(
        metric=metric,
        value=table.value,
        period=table.period,
        bound=table.bound,
        phrase=table.phrase,
    )


def _reconcile(table: ReconcileTable | None) -> Reconcile | None:
    return Reconcile(nightly=table.nightly, days=table.days) if table else None


def _field(table: FieldTable) -> FieldMap:
    return FieldMap(
        column=table.column,
        default=table.default,
        format=table.format,
        codes=table.codes,
        on_bad=table.on_bad,
    )

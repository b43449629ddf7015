"""Real rows of three cities: what is kept, what is refused, and whether we judge as they did."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from centre.domain.masking import masked
from centre.domain.parse import parse
from centre.domain.places import City, Unit
from centre.domain.records import Case, Record, Rejected
from centre.domain.sources import FieldMap, SourceConfig
from centre.domain.status import Verdict, verdict
from datasources import mapping
from tests.domain.make import name, source

NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)
Rows = list[dict[str, str]]


def read(file: Path) -> Rows:
    """The rows of a CSV file."""
    assert file.is_file(), f"not there: {file}"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def city(rows: Rows, column: str, zone: str) -> City:
    """A city whose units are the words of a column."""
    words = sorted({row[column].strip() for row in rows} - {""})
    units = tuple(
        Unit(code=f"unit-{n}", name=name(word, word), kind="neighborhood")
        for n, word in enumerate(words)
    )
    return City(
        id="sample",
        name=name("样本", "Sample"),
        title=name("样本", "Sample"),
        zone=zone,
        clock="latest",
        calendar="US",
        units=units,
    )


def columns(format_: str | None, **names: str) -> dict[str, FieldMap]:
    """A field map; what is a time has this format."""
    return {
        field: FieldMap(column=column, format=format_ if field.endswith("_at") else None)
        for field, column in names.items()
    }


def judged(rows: Rows, config: SourceConfig, where: City) -> list[Record | Rejected]:
    """Every row, mapped and parsed."""
    return [parse(mapping.apply(r, config), config=config, city=where, now=NOW) for r in rows]


def refusals(found: list[Record | Rejected]) -> Counter[tuple[str, str]]:
    """(field, reason) -> count."""
    return Counter((one.field, one.reason) for one in found if isinstance(one, Rejected))


def test_san_francisco_keeps_9952_of_10000(shared_data: Path) -> None:
    rows = read(shared_data / "real" / "sf311_2019_sample10k.csv")
    where = city(rows, "neighborhood", "America/Los_Angeles")
    fields = columns(
        "%Y-%m-%d %H:%M:%S %Z",
        key="unique_key",
        received_at="created_date",
        closed_at="closed_date",
        unit="neighborhood",
        category="category",
        channel="source",
        lon="longitude",
        lat="latitude",
    )
    found = judged(rows, source(fields, zone=None), where)
    assert refusals(found) == {("closed_at", "closed_before_received"): 48}
    by_unit = Counter(one.unit for one in found if isinstance(one, Case))
    counted = Counter(
        row["neighborhood"]
        for row in rows
        if not (row["closed_date"] and row["closed_date"] < row["created_date"])
    )
    names = {unit.code: unit.name.en for unit in where.units}
    assert len(counted) == 66
    assert {names[code]: count for code, count in by_unit.items()} == counted


def test_los_angeles_keeps_9987_of_9999_and_reads_its_local_times(shared_data: Path) -> None:
    rows = read(shared_data / "real" / "la311_2017_subset10k.csv")
    where = city(rows, "NCName", "America/Los_Angeles")
    fields = columns(
        "%m/%d/%Y %I:%M:%S %p",
        key="SRNumber",
        received_at="CreatedDate",
        closed_at="ClosedDate",
        unit="NCName",
        lon="Longitude",
        lat="Latitude",
    )
    found = judged(rows, source(fields, zone="America/Los_Angeles"), where)
    assert refusals(found) == {("closed_at", "closed_before_received"): 12}
    cases = [one for one in found if isinstance(one, Case)]
    assert len(cases) == 9987
    assert sum(case.unit == "unassigned" for case in cases) == 99
    first = next(case for case in cases if case.key == "1-870704831")
    assert first.received_at == datetime(2018, 1, 1, 7, 59, 58, tzinfo=UTC)


def test_boston_judges_its_hundred_cases_as_we_do(shared_data: Path) -> None:
    rows = read(shared_data / "real" / "boston311_100.csv")
    where = city(rows, "neighborhood", "America/New_York")
    fields = columns(
        None,
        key="case_enquiry_id",
        received_at="open_dt",
        due_at="target_dt",
        closed_at="closed_dt",
        unit="neighborhood",
    )
    found = judged(rows, source(fields, zone="America/New_York"), where)
    at = datetime(2022, 6, 1, tzinfo=ZoneInfo("America/New_York"))
    words = {
        Verdict.NONE: "ONTIME",
        Verdict.ON_TIME: "ONTIME",
        Verdict.OPEN: "ONTIME",
        Verdict.LATE: "OVERDUE",
        Verdict.OVERDUE: "OVERDUE",
    }
    ours = [words[verdict(one.due_at, one.closed_at, at)] for one in found if isinstance(one, Case)]
    assert ours == [row["ontime"] for row in rows]
    assert Counter(ours) == {"ONTIME": 83, "OVERDUE": 17}


def test_masking_touches_only_the_free_text_of_real_rows(shared_data: Path) -> None:
    rows = read(shared_data / "real" / "la311_2017_subset10k.csv")
    assert [row for row in rows if masked(row) != row] == []
    rows = read(shared_data / "real" / "sf311_2019_sample10k.csv")
    touched = [row for row in rows if masked(row) != row]
    assert 0 < len(touched) <= len(rows) // 50
    free_text = {"status_notes", "descriptor", "incident_address"}
    assert {c for row in touched for c in row if masked(row)[c] != row[c]} <= free_text

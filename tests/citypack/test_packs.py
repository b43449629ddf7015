"""The packs that are shipped, and the one of the manual."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from centre.citypack.check import check
from centre.citypack.load import load_city, load_sources
from centre.domain.parse import parse
from centre.domain.places import UNASSIGNED, CoverageRule
from centre.domain.records import Case, Rejected
from centre.domain.sources import FieldMap
from centre.domain.status import Verdict, verdict
from centre.metrics.registry import of_city, versions
from datasources.mapping import apply
from datasources.registry import adapters
from tests.citypack.pack import write

ROOT = Path(__file__).parents[2]
CONF = ROOT / "conf"
CITIES = ("chengdu", "sanfrancisco", "losangeles", "boston")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@cache  # one reading of ten thousand rows serves every test
def parsed(city_id: str, real: Path) -> list[tuple[dict[str, str], Case | Rejected]]:
    """Each row of a city's real file beside what the pack makes of it."""
    city = load_city(CONF / city_id)
    ((source,), _) = load_sources(CONF / city_id, city)
    file = real / str(source.connection["path"])
    assert file.is_file(), f"not there: {file}"
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    records = (parse(apply(row, source), config=source, city=city, now=NOW) for row in rows)
    return list(zip(rows, records, strict=True))  # type: ignore[arg-type]


@pytest.fixture
def real() -> Path:
    folder = ROOT.parent / "shared" / "data" / "real"
    assert folder.is_dir(), f"not there: {folder}"
    return folder


@pytest.mark.parametrize("city", CITIES)
def test_a_shipped_pack_has_no_findings(city: str) -> None:
    keys = {name: one.connection_keys for name, one in adapters().items()}
    assert check(CONF / city, metrics=versions(), adapters=keys, env={}) == ()


def test_chengdu_has_22_centres_and_the_municipal_level() -> None:
    city = load_city(CONF / "chengdu")
    assert (len(city.centres), len(city.units)) == (22, 23)
    assert [unit.code for unit in city.units if not unit.is_centre] == ["510100"]
    features = city.boundaries["features"]  # type: ignore[index]
    tiles = set(city.by_code) - {one["id"] for one in features}  # type: ignore[attr-defined]
    assert tiles == {"510100", "5101gx", "5101tf"}
    # The published total of the census of 2020.
    assert sum(unit.population or 0 for unit in city.units) == 20_937_757


def test_chengdu_understands_what_its_districts_were_called() -> None:
    city = load_city(CONF / "chengdu")
    for text in ("510132", "新津县", "新津区", "xinjin", "510118"):
        assert city.resolve(text) == "510118"
    assert city.resolve("510124") == "510117"
    assert city.resolve("  ") == UNASSIGNED
    assert city.resolve("510999") is None


def test_a_city_declares_how_much_may_be_missing_from_a_figure(tmp_path: Path) -> None:
    assert load_city(CONF / "chengdu").coverage == CoverageRule(minimum=0.5, watch=0.05)
    assert load_city(CONF / "boston").coverage == CoverageRule()
    riverton = load_city(write(tmp_path / "riverton"))
    assert riverton.coverage == CoverageRule(minimum=0.6, watch=0.1)


def test_chengdu_counts_appeals_projects_and_disclosures_by_their_own_dated_rules() -> None:
    city = load_city(CONF / "chengdu")
    (appeal,), (project,) = city.due_rules["appeal"], city.due_rules["project"]
    assert (appeal.clock, appeal.length, appeal.extension) == ("working_days", 10, 0)
    assert (project.clock, project.length) == ("working_days", 90)
    for text, length in (("2019-05-14T23:59+08:00", 15), ("2019-05-15T00:00+08:00", 20)):
        rule = city.due_rule("disclosure", datetime.fromisoformat(text))
        assert rule is not None
        assert (rule.length, rule.extension, rule.stops) == (length, length, ("third_party",))


def test_chengdu_has_published_figures_and_no_target() -> None:
    city = load_city(CONF / "chengdu")
    assert dict(city.targets) == {}
    assert {metric: (one.value, one.bound) for metric, one in city.published.items()} == {
        "appeal.mailbox.count": (2732, "="),
        "appeal.received.daily_avg": (8700, ">"),
        "appeal.resolution_rate": (0.8394, "="),
        "appeal.satisfaction_rate": (0.8571, "="),
        "channel.weibo.services_total": (163_000, ">"),
    }


def test_chengdu_counts_content_citizens_as_in_2018_and_knows_the_later_reading() -> None:
    counted = of_city(load_city(CONF / "chengdu"))["appeal.satisfaction_rate"]
    assert counted.version == 1
    assert [one.version for one in counted.versions] == [1, 2]
    assert of_city(load_city(CONF / "boston"))["appeal.satisfaction_rate"].version == 2


def inside(lon: float, lat: float, ring: list[list[float]]) -> bool:
    """Even-odd rule."""
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (x2 - x1) * (lat - y1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def test_streets_and_labels_of_chengdu_lie_in_their_district() -> None:
    city = load_city(CONF / "chengdu")
    for feature in city.boundaries["features"]:  # type: ignore[index, attr-defined]
        unit = city.by_code[feature["id"]]
        points = [(one.code, one.lon, one.lat) for one in unit.streets]
        points.append(("label", *(unit.label or (0, 0))))
        ring = feature["geometry"]["coordinates"][0]
        assert [code for code, lon, lat in points if not inside(lon or 0, lat or 0, ring)] == []
        assert 8 <= len(unit.streets) <= 14


def test_neighbours_of_chengdu_share_a_border() -> None:
    city = load_city(CONF / "chengdu")
    corners = {
        one["id"]: {tuple(point) for point in one["geometry"]["coordinates"][0]}
        for one in city.boundaries["features"]  # type: ignore[index, attr-defined]
    }
    for code, points in corners.items():
        beside = {other for other in corners if other != code and len(points & corners[other]) > 1}
        assert set(city.by_code[code].neighbours) & set(corners) == beside


def test_san_francisco_refuses_only_what_was_closed_before_it_was_received(real: Path) -> None:
    records = [record for _, record in parsed("sanfrancisco", real)]
    refused = [one for one in records if isinstance(one, Rejected)]
    assert (len(records), len(refused)) == (10_000, 48)
    assert {(one.field, one.reason) for one in refused} == {("closed_at", "closed_before_received")}


def test_san_francisco_counts_by_unit_as_the_file_does(real: Path) -> None:
    city = load_city(CONF / "sanfrancisco")
    pairs = [(row, one) for row, one in parsed("sanfrancisco", real) if isinstance(one, Case)]
    ours = Counter(city.unit_name(one.unit, "en") for _, one in pairs)
    assert len(ours) == 66
    assert ours == Counter(row["neighborhood"] for row, _ in pairs)


def test_los_angeles_reads_its_local_times_and_names(real: Path) -> None:
    records = [record for _, record in parsed("losangeles", real)]
    cases = [one for one in records if isinstance(one, Case)]
    assert (len(records), len(cases)) == (9999, 9987)
    assert cases[0].received_at == datetime(2018, 1, 1, 7, 59, 58, tzinfo=UTC)
    units = Counter(one.unit for one in cases)
    assert (units[UNASSIGNED], len(units)) == (99, 98)


def test_boston_agrees_with_the_citys_own_verdict(real: Path) -> None:
    at = datetime(2022, 6, 1, tzinfo=UTC)
    late = {Verdict.LATE, Verdict.OVERDUE}
    pairs = parsed("boston", real)
    agreeing = [
        (verdict(one.due_at, one.closed_at, at) in late) == (row["ontime"] == "OVERDUE")
        for row, one in pairs
        if isinstance(one, Case)
    ]
    assert (len(agreeing), sum(agreeing)) == (100, 100)


EXAMPLE = re.compile(r"<!-- (\S+) -->\n```toml\n(.*?)```", re.S)


def test_the_example_of_the_manual_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "city-pack.md").read_text("utf-8")
    files = dict(EXAMPLE.findall(text))
    folder = write(
        tmp_path / "riverton",
        places=files["places.toml"],
        targets=files["targets.toml"],
        hotline=files["sources.d/hotline.toml"],
    )
    keys = {name: one.connection_keys for name, one in adapters().items()}
    assert check(folder, metrics=versions(), adapters=keys, env={}) == ()
    city = load_city(folder)
    ((source,), _) = load_sources(folder, city)
    assert (city.id, len(city.centres), city.resolve("旧城区")) == ("riverton", 2, "old-town")
    assert (source.every_seconds, source.interval_seconds) == (30, 300)
    assert source.fields["unit"] == FieldMap(column="district")


def test_the_manual_explains_every_key() -> None:
    from centre.citypack import places_file, source_file

    text = (ROOT / "docs" / "city-pack.md").read_text("utf-8")
    shapes = [
        one
        for module in (places_file, source_file)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, places_file.Table)
    ]
    keys = {key for shape in shapes for key in shape.model_fields}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", text)] == []

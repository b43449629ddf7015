"""Each kind of mistake in places, boundaries and targets names its file, its key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from centre.citypack.finding import BadPack
from centre.citypack.load import load_city
from tests.citypack.pack import (
    PLACES,
    SQUARE,
    TARGETS,
    boundaries,
    findings,
    the_only,
    write,
)


def test_a_good_pack_has_no_findings(tmp_path: Path) -> None:
    assert findings(write(tmp_path / "riverton")) == ()


NO_CENTRE = 'unknown key; did you mean "centre"?'

PLACE_MISTAKES = [
    # text of PLACES, what stands there instead, key, part of problem and remedy
    ('kind = "zone"', 'kind = "zone"\ncenter = true', "units[1].center", NO_CENTRE),
    ('zone = "Asia/Shanghai"', "", "city.zone", "is missing; add `zone = …`"),
    ("Asia/Shanghai", "Asia/Shangai", "city.zone", 'did you mean "Asia/Shanghai"?'),
    (
        'clock = "now"',
        'clock = "noon"',
        "city.clock",
        "\"noon\" is not known; write 'now' or 'latest'",
    ),
    ('calendar = "CN"', 'calendar = "china"', "city.calendar", '"china" cannot be used'),
    ('code = "harbour"', 'code = "city"', "units[1].code", '"city" is reserved; choose another'),
    ('code = "harbour"', 'code = "unassigned"', "units[1].code", "is reserved"),
    ('code = "harbour"', 'code = "Harbour 1"', "units[1].code", "use 2 to 32 of a-z, 0-9 and -"),
    ('code = "harbour"', 'code = "h"', "units[1].code", '"h" is no code'),
    ('code = "harbour"', 'code = "old-town"', "units[1].code", "is the code of units[0] too"),
    ('zh = "港区"', 'zh = "老城区"', "units[1].zh", '"老城区" already means old-town'),
    (
        'en = "Harbour"',
        'en = "HARBOUR"\naliases = ["100101"]',
        "units[1].aliases[0]",
        "already means",
    ),
    ('["harbour"]', '["harbuor"]', "units[0].neighbours[0]", 'did you mean "harbour"?'),
    (
        'neighbours = ["old-town"]',
        "",
        "units[0].neighbours[0]",
        "harbour does not name old-town back",
    ),
    ('["old-town"]', '["harbour"]', "units[1].neighbours[0]", "is its own neighbour"),
    ("[104.5, 30.5]", "[104.5, 130.5]", "units[0].label", "is no point"),
    ("[104.5, 30.5]", "[104.5]", "units[0].label", "at least 2 items"),
    ('code = "bridge"', 'code = "Bridge!"', "units[0].streets[0].code", "is no code"),
    (", lat = 30.6", "", "units[0].streets[0]", "give both or neither"),
    ("lat = 30.6", "lat = nan", "units[0].streets[0].lat", "cannot be used"),
    ("[codes.channel]", "[codes.chanel]", "codes.chanel", 'did you mean "channel"?'),
    ("phone = {", '"Phone 1" = {', 'codes.channel."Phone 1"', "is no code"),
    ("working_days = 5", "working_days = 5\ncalendar_days = 7", "due[0]", "write exactly one of"),
    ("working_days = 5", "", "due[0]", "has 0 lengths instead of one"),
    ('kind = "zone"', "kind = 7", "units[1].kind", "7 cannot be used; write text in quotes"),
    ('kind = "zone"', 'kind = "z"\ncentre = "no"', "units[1].centre", "write true or false"),
    ('["harbour"]', "true", "units[0].neighbours", "true cannot be used; write a list"),
    ('zone = "Asia/Shanghai"', 'zone = "Asia"', "city.zone", 'unknown zone "Asia"'),
    ('zone = "Asia/Shanghai"', 'zone = "../etc/passwd"', "city.zone", "unknown zone"),
    ("working_days = 5", "working_days = 0", "due[0].working_days", "0 cannot be used"),
    ('kind = "appeal"', 'kind = "apeal"', "due[0].kind", 'did you mean "appeal"?'),
    (
        "working_days = 5",
        "hours = 5",
        "due[0].hours",
        "unknown key; use one of: anchor, calendar_days",
    ),
    ("working_days = 5", "working_hours = 5", "due[0].office", "which hours are working hours?"),
    ("days = 5", 'days = 5\noffice = ["09:00-17:00"]', "due[0].office", "take it out"),
    (
        "working_days = 5",
        'working_hours = 8\noffice = ["9-17"]',
        "due[0].office[0]",
        '"9-17" is no span of a day; write the hours like office = ["09:00-12:00", "13:30-17:30"]',
    ),
    (
        "working_days = 5",
        'working_hours = 8\noffice = ["09:00-12:00", "11:00-17:00"]',
        "due[0].office",
        "spans overlap",
    ),
    ("days = 5", 'days = 5\nstops = ["suspend"]', "due[0].stops[0]", 'did you mean "suspended"?'),
    ("days = 5", "days = 5\nextension = 0", "due[0].extension", "0 cannot be used"),
    ("days = 5", 'days = 5\nvalid_from = "2019"', "due[0].valid_from", "a day without quotes"),
    (
        "working_days = 5",
        'working_days = 5\n[[due]]\nkind = "appeal"\nworking_days = 6',
        "due[1].kind",
        'a second rule for "appeal" without valid_from; give the later one',
    ),
    ("working_days", 'anchor = "sent_at"\nworking_days', "due[0].anchor", 'unknown time "sent_at"'),
]


@pytest.mark.parametrize(("text", "instead", "key", "words"), PLACE_MISTAKES)
def test_a_mistake_in_places_is_named(
    tmp_path: Path, text: str, instead: str, key: str, words: str
) -> None:
    assert text in PLACES
    folder = write(tmp_path / "riverton", places=PLACES.replace(text, instead, 1))
    found = [one for one in findings(folder) if one.key == key]
    assert len(found) == 1
    assert str(found[0]).startswith(f"{folder / 'places.toml'}: {key}: ")
    assert words in str(found[0])
    with pytest.raises(BadPack):
        load_city(folder)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    places = PLACES.replace('clock = "now"', 'clock = "noon"').replace(
        "working_days = 5", "weeks = 1"
    )
    folder = write(tmp_path / "riverton", places=places, shapes="{")
    with pytest.raises(BadPack) as bad:
        load_city(folder)
    assert {(one.file.name, one.key) for one in bad.value.findings} == {
        ("places.toml", "city.clock"),
        ("places.toml", "due[0].weeks"),
        ("boundaries.geojson", ""),
    }


def test_a_missing_pack_says_which_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"places\.toml: cannot be read .* put the TOML file there"):
        load_city(tmp_path)


def test_gbk_bytes_are_named_with_their_place(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton")
    (folder / "places.toml").write_bytes(PLACES.encode("gbk"))
    one = the_only(folder)
    assert (one.file.name, one.remedy) == ("places.toml", "save the file as UTF-8")
    assert "is not UTF-8" in one.problem


def test_a_line_that_is_no_toml_is_named(tmp_path: Path) -> None:
    one = the_only(write(tmp_path / "riverton", places=PLACES + "\nzone Asia\n"))
    assert one.problem.startswith("not TOML: ")
    assert "line" in one.problem


SHAPE_MISTAKES = [
    (boundaries(code="old-twon"), "features[0].id", 'no unit "old-twon"; did you mean "old-town"?'),
    (boundaries(ring=SQUARE[:-1]), "features[0].geometry.coordinates[0]", "is not closed"),
    (boundaries(ring=SQUARE[:2]), "features[0].geometry.coordinates[0]", "a ring of 2 points"),
    (boundaries(ring=[*SQUARE, [304, 0]]), "features[0].geometry.coordinates[0]", "no [lon, lat]"),
    (boundaries(ring="round"), "features[0].geometry.coordinates[0]", "no [lon, lat]"),
    ('{"type": "Feature"}', "", "not a FeatureCollection"),
    ('{"type": "FeatureCollection", "features": [7]}', "features[0]", "not a feature"),
    (
        boundaries().replace("Polygon", "Point"),
        "features[0].geometry",
        "cannot be drawn as an area",
    ),
]


@pytest.mark.parametrize(("shapes", "key", "words"), SHAPE_MISTAKES)
def test_a_mistake_in_boundaries_is_named(
    tmp_path: Path, shapes: str, key: str, words: str
) -> None:
    one = the_only(write(tmp_path / "riverton", shapes=shapes))
    assert (one.file.name, one.key) == ("boundaries.geojson", key)
    assert words in str(one)


def test_a_polygon_may_come_once_only(tmp_path: Path) -> None:
    square = boundaries()
    feature = square[square.index("[") + 1 : square.rindex("]")]
    twice = square.replace(feature, f"{feature}, {feature}")
    one = the_only(write(tmp_path / "riverton", shapes=twice))
    assert (one.key, one.problem) == ("features[1].id", '"old-town" stands twice')


TARGET_MISTAKES = [
    (
        "appeal.on_time_rate",
        "appeal.on_time",
        'target."appeal.on_time"',
        "unknown metric; did you mean",
    ),
    ("value = 0.95", "value = inf", 'target."appeal.on_time_rate".value', "finite"),
    ("note_en", "noteen", 'target."appeal.on_time_rate".noteen', 'did you mean "note_en"?'),
    ("minimum = 0.6", "minimum = 60", "coverage.minimum", "60 is no share; write a fraction"),
    ("watch = 0.1", "watch = 0", "coverage.watch", "0 is no share; write a fraction"),
    ("watch = 0.1", "watch = nan", "coverage.watch", "nan is no share"),
    ("watch = 0.1", "wtach = 0.1", "coverage.wtach", 'did you mean "watch"?'),
    (
        '"appeal.on_time_rate" = 1',
        '"appeal.on_time_rate" = 3',
        'definition."appeal.on_time_rate"',
        "there is no version 3; write one of 1, 2",
    ),
    (
        '"appeal.on_time_rate" = 1',
        '"appeal.on_time" = 1',
        'definition."appeal.on_time"',
        "unknown metric; did you mean",
    ),
    ("watch = 0.1", "watch = 0.5", "coverage", "withheld before its mark is watched"),
]


@pytest.mark.parametrize(("text", "instead", "key", "words"), TARGET_MISTAKES)
def test_a_mistake_in_targets_is_named(
    tmp_path: Path, text: str, instead: str, key: str, words: str
) -> None:
    folder = write(tmp_path / "riverton", targets=TARGETS.replace(text, instead))
    found = [one for one in findings(folder) if one.key == key]
    assert [one.file.name for one in found] == ["targets.toml"]
    assert words in str(found[0])

"""Each kind of mistake in a source's file names its file, its key and what to do."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from centre.citypack.load import load_city, load_sources
from centre.domain.sources import Limits, Reconcile
from tests.citypack.pack import PLACES, SOURCE, findings, the_only, write

SOURCE_MISTAKES = [
    ('contact = "extension 12"', "", "contact", "is missing; add `contact = …`"),
    ('contact = "extension 12"', 'contact = " "', "contact", "cannot be used"),
    ('unit = "harbour"', 'unit = "harbor"', "unit", 'did you mean "harbour"?'),
    ('crs = "gcj02"', 'crs = "gcj2"', "crs", "\"gcj2\" is not known; write 'wgs84'"),
    ('zone = "Asia/Shanghai"', 'zone = "China"', "zone", 'unknown zone "China"'),
    ('"30 s"', '"30 parsecs"', "schedule.every", "'30 parsecs' is not a duration; write a length"),
    ('"5 min"', "0", "promise.interval", "0 is not a duration"),
    ('"5 min"', "-5", "promise.interval", "-5 is not a duration"),
    ('"5 min"', "true", "promise.interval", "True is not a duration"),
    ("[schedule]", '[limits]\ndeadline = "0 s"\n\n[schedule]', "limits.deadline", "a duration"),
    ("[schedule]", '[limits]\nbytes = "64 MB"\n\n[schedule]', "limits.bytes", 'write "64 MiB"'),
    ("[schedule]", "[limits]\nbytes = 0\n\n[schedule]", "limits.bytes", "0 is no size"),
    ("[schedule]", "[reconcile]\n\n[schedule]", "reconcile.nightly", "is missing"),
    (
        "[schedule]",
        '[reconcile]\nnightly = "3 am"\n\n[schedule]',
        "reconcile.nightly",
        "'3 am' is no time of day; write \"03:30\"",
    ),
    (
        "[schedule]",
        '[reconcile]\nnightly = "03:30"\ndays = 0\n\n[schedule]',
        "reconcile.days",
        "",
    ),
    ("[schedule]", "[shedule]", "shedule", 'did you mean "schedule"?'),
    ('key = "ticket"', "", "fields.key", "is missing; add `key ="),
    ('key = "ticket"', 'key = "ticket"\ntitel = "t"', "fields.titel", 'did you mean "title"?'),
    ('key = "ticket"', "key = {}", "fields.key", "neither column nor default"),
    ('key = "ticket"', 'key = { colum = "t" }', "fields.key.colum", 'did you mean "column"?'),
    ("%H:%M:%S", "%H:%M:%Q", "fields.received_at.format", "%Q is not known"),
    ('"ticket"', '{ column = "t", format = "iso8601" }', "fields.key.format", "only a time has"),
    ('"phone"', '"fone"', 'fields.channel.codes."来电"', 'did you mean "phone"?'),
    ('column = "via",', 'column = "via", default = "fax",', "fields.channel.default", '"fax"'),
    ('{ env = "HOTLINE_PASSWORD" }', '"geheim"', "connection.password", "stands here in clear"),
    ('{ env = "HOTLINE_PASSWORD" }', '{ env = "a b" }', "connection.password.env", "no name"),
    ('"tickets.csv"', '"http://a:b@host/"', "connection.path", "stands here in clear"),
    ('path = "', 'pfad = "', "connection.pfad", "the adapter file_drop has no such key"),
    ('"file_drop"', '"file_dorp"', "adapter", 'unknown adapter "file_dorp"; did you mean'),
]


@pytest.mark.parametrize(("text", "instead", "key", "words"), SOURCE_MISTAKES)
def test_a_mistake_in_a_source_is_named(
    tmp_path: Path, text: str, instead: str, key: str, words: str
) -> None:
    assert text in SOURCE
    folder = write(tmp_path / "riverton", hotline=SOURCE.replace(text, instead, 1))
    found = [one for one in findings(folder) if one.key == key]
    assert [one.file.name for one in found] == ["hotline.toml"]
    assert words in str(found[0])


def test_a_clear_secret_says_how_to_write_it_and_does_not_repeat_it(tmp_path: Path) -> None:
    clear = SOURCE.replace('{ env = "HOTLINE_PASSWORD" }', '"geheim"')
    one = the_only(write(tmp_path / "riverton", hotline=clear))
    assert one.remedy.startswith('write `password = { env = "NAME" }`')
    assert "geheim" not in str(one)


def test_an_environment_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    (one,) = findings(write(tmp_path / "riverton"), env={})
    assert (one.key, one.problem) == ("connection.password.env", "HOTLINE_PASSWORD is not set")


def test_a_pack_without_sources_says_so(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton")
    (folder / "sources.d" / "hotline.toml").unlink()
    assert the_only(folder).problem == "no source"


def test_a_wrong_source_file_does_not_block_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton", aa="adapter = 7", hotline=SOURCE, zz="not toml")
    good, wrong = load_sources(folder, load_city(folder))
    assert [one.id for one in good] == ["hotline"]
    assert {one.file.name for one in wrong} == {"aa.toml", "zz.toml"}


def test_a_source_needs_a_file_name_that_can_be_its_id(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton", **{"Hot Line": SOURCE})
    assert the_only(folder).problem == '"Hot Line" cannot be the id of a source'


def test_a_mixed_source_may_carry_levels_and_kinds_of_assets(tmp_path: Path) -> None:
    places = PLACES + '\n[codes.level]\ncity = { zh = "市级", en = "City" }\n'
    places += '\n[codes.category]\nnoise = { zh = "噪声", en = "Noise" }\n'
    mixed = SOURCE.replace('adapter = "', 'record = "mixed"\nadapter = "')
    mixed += 'record = "what"\nkind = { column = "k", codes = { "信箱" = "mailbox" } }\n'
    mixed += 'category = { column = "c", codes = { "市级" = "city", "噪声" = "noise" } }\n'
    folder = write(tmp_path / "riverton", places=places, hotline=mixed)
    assert findings(folder) == ()


def test_a_handler_may_be_a_unit_or_a_department(tmp_path: Path) -> None:
    places = PLACES + '\n[codes.handler]\nwater = { zh = "水务局", en = "Water" }\n'
    handler = (
        'handler = { column = "h", codes = { "港" = "harbour", "水" = "water", "x" = "xx" } }\n'
    )
    folder = write(tmp_path / "riverton", places=places, hotline=SOURCE + handler)
    assert the_only(folder).key == 'fields.handler.codes."x"'


def test_limits_are_read_in_seconds_and_bytes_and_may_be_left_out(tmp_path: Path) -> None:
    given = SOURCE.replace(
        "[schedule]", '[limits]\ndeadline = "2 min"\nbytes = "5 MiB"\n\n[schedule]'
    )
    folder = write(tmp_path / "riverton", hotline=given, plain=SOURCE)
    (hotline, plain), _ = load_sources(folder, load_city(folder))
    assert hotline.limits == Limits(deadline_seconds=120, most_bytes=5 * 2**20)
    assert plain.limits == Limits(deadline_seconds=10, most_bytes=64 * 2**20)


@pytest.mark.parametrize("said", ['"03:30"', "03:30:00"])
def test_a_source_says_when_it_is_compared_and_how_far_back(tmp_path: Path, said: str) -> None:
    table = f"[reconcile]\nnightly = {said}\n\n[schedule]"
    folder = write(tmp_path / "pack", hotline=SOURCE.replace("[schedule]", table))
    (source,), wrong = load_sources(folder, load_city(folder))
    assert not wrong
    assert source.reconcile == Reconcile(nightly=time(3, 30), days=35)
    assert findings(folder) == ()


def test_what_cannot_count_cannot_be_compared(tmp_path: Path) -> None:
    table = '[reconcile]\nnightly = "03:30"\n\n[schedule]'
    other = SOURCE.replace("[schedule]", table).replace('"file_drop"', '"simulated"')
    other = other.replace('path = "tickets.csv"\npassword = { env = "HOTLINE_PASSWORD" }', "")
    found = the_only(write(tmp_path / "pack", hotline=other))
    assert (found.key, found.problem) == (
        "reconcile",
        "the adapter simulated cannot count what its source holds",
    )

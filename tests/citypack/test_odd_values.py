"""Whatever stands in a file of a pack, it is read or named; nothing of it is a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.citypack.pack import PLACES, SOURCE, findings, write

ODD = ("7", "-1", '""', '" "', '"x"', "[]", "[[]]", "{}", "{ a = 1 }", "true", "nan", "1979-05-27")


def odd_texts(text: str) -> Iterator[str]:
    """The text with the value of one line after another replaced by something odd."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        for value in ODD if equals else ():
            yield "\n".join([*lines[:index], f"{key} = {value}", *lines[index + 1 :]])


def test_whatever_stands_in_places_is_read_or_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton")
    for text in odd_texts(PLACES):
        (folder / "places.toml").write_text(text, "utf-8")
        # A changed code or unit is also missed by the files that name it.
        files = {one.file.name for one in findings(folder)}
        assert files <= {"places.toml", "hotline.toml", "boundaries.geojson"}


def test_whatever_stands_in_a_source_is_read_or_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton")
    for text in odd_texts(SOURCE):
        (folder / "sources.d" / "hotline.toml").write_text(text, "utf-8")
        assert {one.file.name for one in findings(folder)} <= {"hotline.toml"}

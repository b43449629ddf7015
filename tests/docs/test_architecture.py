"""docs/architecture.md names modules, functions and arguments that are there."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any

import pytest

from tests.docs.blocks import DOCS

TEXT = (DOCS / "architecture.md").read_text("utf-8")
ROOM = re.compile(r"^### (\S+)\n(.*?)(?=^##)", re.S | re.M)
NAMED = re.compile(r"`((?:\w+\.)+\w+)(?:\(([^)]*)\))?")


def named() -> list[tuple[str, str, str | None]]:
    """(room, dotted name, arguments or None) of everything that a room is said to offer."""
    return [
        (room, name, words)
        for room, text in ROOM.findall(TEXT)
        for name, words in NAMED.findall(text)
    ]


def found(room: str, name: str) -> Any:
    """What is meant, whether the name ends at a module or inside one."""
    module, _, attribute = f"{room}.{name}".rpartition(".")
    return getattr(import_module(module), attribute)


def test_the_rooms_are_those_of_the_tree() -> None:
    assert {room for room, _, _ in named()} >= {"centre.store", "datasources", "components"}
    assert len(named()) > 40


@pytest.mark.parametrize(("room", "name", "words"), named(), ids=lambda one: str(one)[:40])
def test_what_a_room_offers_is_there_with_these_arguments(
    room: str, name: str, words: str | None
) -> None:
    meant = found(room, name)
    if not words:
        return
    said = [one.strip().lstrip("*") for one in words.split(",")]
    there = list(inspect.signature(meant).parameters)
    assert [one for one in said if one and one not in {*there, "…"}] == []
    required = [
        key
        for key, one in inspect.signature(meant).parameters.items()
        if one.default is inspect.Parameter.empty and one.kind is not one.VAR_KEYWORD
    ]
    assert set(required) <= set(said)


def test_the_floors_are_those_that_the_linter_holds() -> None:
    floors = TEXT.split("## Floors")[1].split("## ")[0]
    rooms = re.findall(r"centre\.\w+", (DOCS.parent / "pyproject.toml").read_text("utf-8"))
    written = set(re.findall(r"centre\.\w+", floors))
    assert written - {"centre.companion"} <= set(rooms)

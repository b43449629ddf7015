"""What the manuals name is there: files, commands, settings, targets, links, and both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from centre import settings
from centre.domain.status import Freshness
from datasources.registry import adapters
from tests.docs.blocks import DOCS, ROOT
from tests.docs.blocks import files as shown_files

READMES = (ROOT / "README.md", ROOT / "README.zh.md")
MANUALS = (*READMES, *sorted(DOCS.glob("*.md")))
PICTURES = "docs/pictures/"
COMMANDS = {file.stem for file in (ROOT / "centre/commands").glob("*.py")} - {"__init__"}

manual = pytest.mark.parametrize("file", MANUALS, ids=lambda one: one.name)
readme = pytest.mark.parametrize("file", READMES, ids=lambda one: one.name)


def asked_of_the_environment() -> set[str]:
    """The names that Settings.from_env reads."""
    tree = ast.parse(Path(settings.__file__).read_text("utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {word for word in words if isinstance(word, str) and re.fullmatch(r"[A-Z_]{4,}", word)}


@manual
def test_every_link_leads_to_a_file_of_the_tree(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", file.read_text("utf-8"))
    wanted = [one for one in links if not one.startswith(PICTURES)]
    assert [one for one in wanted if not (file.parent / one).exists()] == []


@manual
def test_every_path_that_is_named_is_there(file: Path) -> None:
    text = file.read_text("utf-8")
    named = set(
        re.findall(r"`((?:centre|components|datasources|conf|tests|assets)/[\w./-]+)`", text)
    )
    shown = shown_files(file.name) if file.parent == DOCS else {}
    assert sorted(one for one in named - shown.keys() if not (ROOT / one).exists()) == []


@manual
def test_every_constant_that_is_named_stands_in_its_file(file: Path) -> None:
    named = re.findall(r"`([A-Z][A-Z_]+)` in\s+`([\w/]+\.py)`", file.read_text("utf-8"))
    for name, place in named:
        assert re.search(rf"^{name}\b", (ROOT / place).read_text("utf-8"), re.M), (name, place)


@manual
def test_every_command_that_is_named_is_there(file: Path) -> None:
    text = file.read_text("utf-8")
    named = set(re.findall(r"python -m centre ([a-z]+)", text))
    assert named <= COMMANDS
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z./]+):", makefile, re.M))
    assert set(re.findall(r"\bmake ([a-z]+|\.venv/run)\b", text)) - {"it", "room"} <= targets


@readme
def test_the_readme_lists_exactly_the_settings_and_commands_there_are(file: Path) -> None:
    sections = re.split(r"^## .*$", file.read_text("utf-8"), flags=re.M)
    settings_section, commands_section = sections[4], sections[5]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", settings_section, re.M)) == (
        asked_of_the_environment()
    )
    assert set(re.findall(r"^\| `(?!python)([a-z]+)[^`]*` \|", commands_section, re.M)) == COMMANDS


def test_both_readmes_have_one_structure() -> None:
    def shape(file: Path) -> list[str]:
        lines = file.read_text("utf-8").splitlines()
        marks = [re.match(r"#+ |\| |- |    |!\[", line) for line in lines]
        return [mark[0] for mark in marks if mark]

    assert shape(READMES[0]) == shape(READMES[1])


def test_both_readmes_type_the_same_and_show_the_same_pictures() -> None:
    def typed(file: Path) -> list[str]:
        text = file.read_text("utf-8")
        found = re.findall(r"`([^`\n]+)`|\((docs/[\w./-]+)\)|^    (\S+)", text, re.M)
        return sorted("".join(one) for one in found)

    assert typed(READMES[0]) == typed(READMES[1])


def test_the_runbook_explains_every_state() -> None:
    text = (DOCS / "runbook.md").read_text("utf-8").split("\n## ")[1]
    states = {*map(str, Freshness), "paused"}
    assert set(re.findall(r"^\| ([a-z]+) \S+ \|", text, re.M)) == states


def test_the_manual_of_connections_has_a_section_for_each_adapter() -> None:
    text = (DOCS / "connect.md").read_text("utf-8")
    assert set(adapters()) == {one for one in adapters() if f"\n## {one}\n" in text}

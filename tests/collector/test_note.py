"""`python -m centre note`: what people know about the data reaches the screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from centre.__main__ import app

WORDS = "双流 10–12 时重复上报"
DATA = ("--from", "2026-06-15T10:00:00+08:00", "--to", "2026-06-15T12:00:00+08:00")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE", str(tmp_path))
    monkeypatch.setenv("CITY", "conf/chengdu")


def note(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["note", *words])
    return done.exit_code, done.output


def test_a_note_is_listed_until_it_is_taken_back() -> None:
    assert note("add", WORDS, *DATA, "--unit", "510116")[0] == 0

    _, listed = note("list")
    assert "双流区  2026-06-15T10:00:00+08:00 – 2026-06-15T12:00:00+08:00" in listed
    assert WORDS in listed

    assert note("remove", listed.split()[0])[0] == 0
    assert note("list")[1] == "0 notes\n"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--unit", "510999"), 'there is no unit "510999"'),
        (("--source", "nobody"), 'there is no source "nobody"'),
        (("--to", "2026-06-15"), "end must lie after its start"),
        (("--to", "soon"), "soon"),
    ],
)
def test_a_note_on_nothing_is_refused_by_name(words: tuple[str, ...], problem: str) -> None:
    code, output = note("add", WORDS, "--from", "2026-06-15T10:00:00+08:00", *words)

    assert code == 2
    assert problem in " ".join(output.replace("│", " ").split())
    assert note("list")[1] == "0 notes\n"


def test_taking_back_what_is_not_there_says_so() -> None:
    assert note("remove", "7")[0] == 2

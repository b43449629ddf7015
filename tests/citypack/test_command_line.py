"""`python -m centre`, as a person in a terminal meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from centre.__main__ import app
from tests.citypack.pack import PLACES, SOURCE, write

ROOT = Path(__file__).parents[2]


def centre(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "centre", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_the_commands() -> None:
    done = centre("--help")
    assert done.returncode == 0
    assert "check" in done.stdout
    assert "sources" in done.stdout


def test_help_imports_no_command() -> None:
    code = (
        "import sys; sys.argv = ['centre', '--help']\n"
        "import centre.__main__ as m\n"
        "try: m.main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "typer" in loaded
    assert {"dash", "sqlalchemy", "pydantic", "centre.commands.check"} & loaded == set()


def test_an_unknown_command_is_refused_by_name() -> None:
    done = centre("chek")
    assert done.returncode == 2
    assert "No such command 'chek'" in done.stderr


def test_check_prints_findings_and_ends_with_1(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton", places=PLACES.replace('"harbour"]', '"harbuor"]'))
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == 1
    line = (
        f'{folder}/places.toml: units[0].neighbours[0]: no unit "harbuor"; did you mean "harbour"?'
    )
    assert line in done.stdout.splitlines()


def test_check_says_what_an_adapter_refuses_of_its_connection(tmp_path: Path) -> None:
    lines = (line for line in SOURCE.splitlines() if not line.startswith("password"))
    play = "\n".join(lines).replace('"file_drop"', '"replay"')
    folder = write(tmp_path / "riverton", hotline=play)
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.stdout.startswith(
        f"{folder}/sources.d/hotline.toml: connection.speed: a play has a clock of its own"
    )
    assert done.exit_code == 1
    places = folder / "places.toml"
    text = places.read_text("utf-8").replace('clock = "now"', 'clock = "latest"')
    places.write_text(text, "utf-8")
    assert CliRunner().invoke(app, ["check", str(folder)]).exit_code == 0


def test_check_sums_up_a_pack_that_is_in_order() -> None:
    folder = ROOT / "conf" / "sanfrancisco"
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.stdout == (
        f"{folder}: in order: 66 units (66 centres, 0 polygons), "
        "1 sources, 0 targets, 0 published\n"
    )
    assert done.exit_code == 0


def test_sources_lists_the_good_ones_and_names_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "riverton", bad="adapter = 1", hotline=SOURCE)
    done = CliRunner().invoke(app, ["sources", str(folder)])
    assert done.stdout.endswith("1 sources\n")
    assert f"{folder}/sources.d/bad.toml: adapter: " in done.stderr


@pytest.mark.slow  # an interpreter of its own
def test_a_pack_that_cannot_be_read_ends_with_2_and_no_traceback(tmp_path: Path) -> None:
    done = centre("sources", tmp_path)
    assert done.returncode == 2
    assert "places.toml: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr

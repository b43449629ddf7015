"""python -m centre run: what a person has to mend is one line and exit code 2."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path

import pytest

from app import wire
from centre.__main__ import main
from centre.settings import ROOT, Settings


def mended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What `python -m centre run` says before it gives up."""
    monkeypatch.setattr(sys, "argv", ["centre", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    return said.err


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"PORT": "http"}, "PORT=http: write a whole number above 0"),
        ({"CITY": "/nowhere"}, "no places.toml there"),
        ({"WEB_CONCURRENCY": "2", "REDIS_URL": ""}, "more than one worker needs REDIS_URL"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL: "),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    env: dict[str, str],
    says: str,
) -> None:
    for key, text in {"STATE": str(tmp_path), **env}.items():
        monkeypatch.setenv(key, text)
    assert says in mended(monkeypatch, capsys)


def test_a_port_in_use_is_said_with_another_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("STATE", str(tmp_path))
        monkeypatch.setenv("PORT", str(port))
        said = mended(monkeypatch, capsys)
    assert f"PORT={port}" in said
    assert f"make run PORT={port + 1}" in said


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Chengdu, one of its source files with a misspelt key."""
    folder = shutil.copytree(ROOT / "conf" / "chengdu", tmp_path / "chengdu")
    file = folder / "sources.d" / "510104.toml"
    file.write_text(file.read_text("utf-8").replace("adapter =", "adaptor =", 1), "utf-8")
    return folder


def test_a_wrong_source_file_is_told_at_start_with_its_remedy(
    pack: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # the start ends after the look
        monkeypatch.setenv("CITY", str(pack))
        monkeypatch.setenv("STATE", str(tmp_path))
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        mended(monkeypatch, capsys)
    told = [one for one in caplog.messages if "510104.toml: adaptor: " in one]
    assert len(told) == 1
    assert '; did you mean "adapter"?' in told[0]
    assert {one.levelname for one in caplog.records if one.getMessage() in told} == {"WARNING"}


def test_the_good_sources_go_on_and_the_runtime_knows_what_is_wrong(
    pack: Path, tmp_path: Path
) -> None:
    run = wire(Settings.from_env({"CITY": str(pack), "STATE": str(tmp_path)}), None, {})
    run.bus.close()
    run.engine.dispose()
    assert len(run.sources) == 22
    assert "510104" not in {one.id for one in run.sources}
    assert {one.file.name for one in run.findings} == {"510104.toml"}

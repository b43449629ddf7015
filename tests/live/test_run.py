"""python -m centre run: what a person has to mend is one line and exit code 2."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from centre.__main__ import main


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

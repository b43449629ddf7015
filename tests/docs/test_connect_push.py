"""The chapter push of docs/connect.md: file, clients and answer, against a real centre."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasources.registry import adapters
from tests.browser.serve import Centre, running
from tests.docs.blocks import DOCS, ROOT, files

PAGE = "connect.md"
KEY = "0123456789abcdef0123456789abcdef"
CLIENTS = (("python", ROOT / "examples" / "push.py"), ("sh", ROOT / "examples" / "push.sh"))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A real centre with the source of the manual alone."""
    folder = tmp_path_factory.mktemp("pushed")
    pack = Path(shutil.copytree(ROOT / "conf" / "chengdu", folder / "chengdu"))
    for file in (pack / "sources.d").glob("*.toml"):
        file.unlink()
    (pack / "sources.d" / "xinjin.toml").write_text(files(PAGE)["push"], "utf-8")
    with running(folder, CITY=str(pack), XINJIN_KEY=KEY) as found:
        yield found


def send(client: tuple[str, Path], centre: Centre, file: Path) -> tuple[int, dict[str, object]]:
    """What the client prints, and its exit code."""
    program = sys.executable if client[0] == "python" else "sh"
    done = subprocess.run(
        [program, client[1], centre.url, "xinjin", file],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PUSH_KEY": KEY},
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda one: one[0])
def test_the_clients_of_the_manual_are_answered_as_the_manual_says(
    client: tuple[str, Path], centre: Centre, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(files(PAGE)["rows.csv"], "utf-8")
    shown = json.loads(files(PAGE)["answer"])
    code, answer = send(client, centre, file)
    assert code == 0
    assert {**answer, "repeated": False} == shown
    assert send(client, centre, file) == (0, {**shown, "repeated": True})


@pytest.mark.parametrize("client", CLIENTS, ids=lambda one: one[0])
def test_rows_that_are_all_refused_end_a_client_with_an_error(
    client: tuple[str, Path], centre: Centre, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"编号": client[0]}) + "\nnonsense\n", "utf-8")
    code, answer = send(client, centre, file)
    assert code == 1
    assert [(one["line"], one["field"]) for one in answer["refused"]] == [  # type: ignore[attr-defined]
        (1, "title"),
        (2, "key"),
    ]


def test_the_clients_are_short_enough_to_be_read_at_once() -> None:
    assert all(len(file.read_text("utf-8").splitlines()) <= 60 for _, file in CLIENTS)


def test_every_key_of_push_is_in_its_table() -> None:
    section = (DOCS / PAGE).read_text("utf-8").split("\n## push\n")[1].split("\n## ")[0]
    table = section.rsplit("| key | |", 1)[1]
    keys = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert sorted(keys) == sorted(adapters()["push"].connection_keys)

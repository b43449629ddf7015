"""install.sh and what it leaves: refusals that name what to do, upgrades, the way back."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from bundle import archive
from bundle.build import ROOT
from bundle.content import SHIPPED
from tests.bundle.tiny import Tiny, tiny

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Installed once, for tests that only look."""
    one = tiny(tmp_path_factory.mktemp("installed"))
    done = one.install()
    assert done.returncode == 0, done.stderr
    return one


def test_what_is_installed_runs_from_any_folder(installed: Tiny, tmp_path: Path) -> None:
    (tmp_path / "centre").mkdir()  # a room of this name where one happens to stand
    (tmp_path / "centre" / "__main__.py").write_text("raise SystemExit('the wrong one')")
    command = [str(installed.prefix / "rongzhi"), "check", "a b.toml"]
    said = json.loads(subprocess.check_output(command, cwd=tmp_path, text=True))
    assert said["words"] == ["check", "a b.toml"]
    assert said["greeting"] == "你好"


def test_settings_come_from_the_file_and_the_environment_goes_first(installed: Tiny) -> None:
    said = json.loads(installed.run("run", PORT="9000"))
    assert said["CITY"] == f"{installed.prefix}/conf/chengdu"
    assert said["STATE"] == f"{installed.prefix}/var"
    assert (said["PORT"], said["HOST"]) == ("9000", "127.0.0.1")


def test_a_setting_is_taken_as_it_stands_and_never_evaluated(installed: Tiny) -> None:
    odd = "a b$(touch hurt)`touch hurt`'\"=;#&"
    with (installed.prefix / ".env").open("a") as settings:
        settings.write(f"# SECRET=remark\n\nnot a setting\nSECRET={odd}")
    assert json.loads(installed.run("run"))["SECRET"] == odd
    assert not Path("hurt").exists()


def test_settings_may_be_read_by_their_owner_alone(installed: Tiny) -> None:
    assert stat.S_IMODE((installed.prefix / ".env").stat().st_mode) == 0o600


def test_the_unit_names_this_folder_and_an_account_and_no_blank_is_left(installed: Tiny) -> None:
    unit = (installed.prefix / "rongzhi.service").read_text()
    assert f"ExecStart={installed.prefix}/rongzhi run" in unit
    assert f"ReadWritePaths={installed.prefix}/var" in unit
    assert re.search(r"^User=\w+$", unit, re.M)
    assert "@" not in unit.replace("@system-service", "")


def test_an_upgrade_keeps_what_is_the_operators_and_the_way_back(tmp_path: Path) -> None:
    old, new = tiny(tmp_path, "1.0"), tiny(tmp_path, "2.0")
    assert old.install().returncode == 0
    first = os.readlink(old.prefix / "current")
    (old.prefix / "conf/chengdu/places.toml").write_text("ours")
    (old.prefix / "var/chengdu.db").write_text("cases")
    (old.prefix / ".env").write_text("PORT=8051\n")
    done = new.install()
    assert done.returncode == 0, done.stderr
    assert "conf/chengdu is kept" in done.stdout
    assert (old.prefix / "conf/chengdu/places.toml").read_text() == "ours"
    assert (old.prefix / "var/chengdu.db").read_text() == "cases"
    assert json.loads(old.run("run"))["PORT"] == "8051"
    assert json.loads(old.run("run"))["version"] == "2.0"
    (back,) = re.findall(r"Roll back   (ln -sfn \S+ \S+),", done.stdout)
    subprocess.run(back.split(), check=True)
    assert os.readlink(old.prefix / "current") == first
    assert json.loads(old.run("run"))["version"] == "1.0"


def test_installing_the_same_again_changes_nothing(installed: Tiny) -> None:
    before = os.readlink(installed.prefix / "current")
    done = installed.install()
    assert done.returncode == 0
    assert "is installed already" in done.stdout
    assert os.readlink(installed.prefix / "current") == before


def test_a_damaged_and_a_missing_file_are_named_and_nothing_is_installed(tmp_path: Path) -> None:
    one = tiny(tmp_path)
    wheel = one.folder / "wheels/greeting-1.0-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    (one.folder / "fonts/A.ttc").unlink()
    done = one.install()
    assert done.returncode == 1
    assert "damaged or missing: wheels/greeting-1.0-py3-none-any.whl" in done.stderr
    assert "damaged or missing: fonts/A.ttc" in done.stderr
    assert not one.prefix.exists()


def test_a_release_that_cannot_be_made_leaves_the_one_that_runs(installed: Tiny) -> None:
    new = tiny(installed.folder.parent, "3.0")
    _spoil(new, "app/app.py", "import what_nobody_has\n")
    done = new.install()
    assert done.returncode == 1
    assert "what was there goes on as it was" in done.stderr
    assert json.loads(installed.run("run"))["version"] == "1.0"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"pythons": "399"}, "this archive holds packages for Python 3.99"),
        ({"machine": "loongarch64"}, "the archive is for loongarch64"),
        ({"glibc": "9.1"}, "the packages need glibc 9.1 or newer, here is glibc"),
    ],
)
def test_a_machine_that_does_not_fit_is_told_why(
    tmp_path: Path, target: dict[str, str], said: str
) -> None:
    one = tiny(tmp_path, "1.0", **target)
    done = one.install()
    assert done.returncode == 1
    assert said in done.stderr
    assert not one.prefix.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--python", "/nowhere/python3"), "there is no /nowhere/python3; install one that fits"),
        (("--colour", "red"), "--colour: no such option; see --help"),
        (("--user",), "--user: say what"),
        (("--prefix", "/srv/a b"), "only letters, digits"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = tiny(tmp_path).install(*words)
    assert done.returncode == 1
    assert said in done.stderr


def test_fonts_go_into_a_folder_without_installing_anything(tmp_path: Path) -> None:
    one = tiny(tmp_path)
    assert one.install("--fonts", str(tmp_path / "fonts")).returncode == 0
    assert (tmp_path / "fonts/A.ttc").read_bytes() == b"no font"
    assert not one.prefix.exists()


def test_the_container_file_asks_for_what_install_has() -> None:
    """No container tool may be there to build it: its commands are those that are tested here."""
    container = (ROOT / SHIPPED / "Containerfile").read_text()
    usage = subprocess.check_output(["sh", str(ROOT / SHIPPED / "install.sh"), "--help"], text=True)
    (command,) = re.findall(r"sh /bundle/install\.sh (.*)", container)
    assert set(re.findall(r"--\w+", command)) <= set(re.findall(r"--\w+", usage))
    assert 'CMD ["/opt/rongzhi/rongzhi", "run"]' in container


def _spoil(one: Tiny, name: str, text: str) -> None:
    """Change a file as whoever packs could have, sums and all."""
    (one.folder / name).write_text(text)
    files = {
        str(file.relative_to(one.folder)): file
        for file in one.folder.rglob("*")
        if file.is_file() and file.name != "SHA256SUMS"
    }
    (one.folder / "SHA256SUMS").write_bytes(archive.sums(files))

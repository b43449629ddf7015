"""What goes into an archive: the right packages, all their parts named, the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from bundle import archive, content, javascript, locked, sbom, wheels
from bundle.build import ROOT
from bundle.content import Commit
from bundle.failure import CannotBuild
from bundle.locked import Pin
from bundle.target import Target, chosen
from tests.bundle.tiny import wheel

LOCKED = """\
# written by uv
dash==4.4.1 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via -r requirements.in
async-timeout==5.0.1 ; python_full_version < '3.11.3' \\
    --hash=sha256:{a}
    # via redis
Numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:{a}
    # via
    #   -r requirements.in
    #   dash
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:{b}
    # via dash
tzdata==2026.6 ; sys_platform == 'win32' \\
    --hash=sha256:{b}
    # via pandas
""".format(a="a" * 64, b="b" * 64)
TARGET = Target(pythons=("3.11", "3.12"), machine="aarch64")
COMMIT = Commit(
    files={
        "pyproject.toml": b'[project]\nversion = "0.1.0"\n',
        "assets/vendor/plotly-cartesian.min.js": b"plotly.js (cartesian - minified) v4.1.1",
        "assets/vendor/plotly-locale-zh-cn.js": b"// From plotly.js-locales 3.7.0",
    },
    at=1_795_377_453,
)


def test_packages_are_those_that_any_patch_release_of_the_target_asks_for() -> None:
    pins = locked.read(LOCKED)
    assert list(map(str, locked.wanted(pins, TARGET, "3.11"))) == [
        "dash==4.4.1",
        "async-timeout==5.0.1",  # Debian 12 has 3.11.2
        "numpy==2.4.6",
    ]
    assert list(map(str, locked.wanted(pins, TARGET, "3.12"))) == ["dash==4.4.1", "numpy==2.5.5"]


def test_a_locked_package_has_its_hashes_and_who_asks_for_it() -> None:
    dash, _, numpy, *_ = locked.read(LOCKED)
    assert dash.hashes == {"a" * 64, "b" * 64}
    assert dash.via == ("-r requirements.in",)
    assert numpy.via == ("-r requirements.in", "dash")


def test_all_that_is_locked_is_read() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pins = locked.read(text)
    assert len(pins) == sum("==" in line for line in text.splitlines())
    assert all(pin.hashes and pin.via for pin in pins)


def test_a_target_is_as_asked_or_refused_with_what_to_write() -> None:
    assert chosen("3.11 3.12", "aarch64") == TARGET
    assert TARGET.name == "py311.py312-linux_aarch64"
    with pytest.raises(ValueError, match=r"PYTHONS=3\.9: write versions from 3\.11"):
        chosen("3.9", "")
    with pytest.raises(ValueError, match="MACHINE=mips: write one of x86_64, aarch64"):
        chosen("", "mips")


def test_a_kept_wheel_counts_only_with_its_locked_hash(tmp_path: Path) -> None:
    target = chosen("", "")
    (python,) = target.pythons
    folder = tmp_path / f"{python.replace('.', '')}-{target.machine}"
    file = wheel(folder, "greeting", {"greeting.py": ""})
    assert wheels.gather([pin(file)], target, python, tmp_path) == {pin(file): file}
    other = Pin(name="greeting", version="1.0", marker=None, hashes=frozenset("f"), via=())
    assert wheels._held([other], folder) == {}


def test_an_archive_of_the_same_is_the_same_byte_by_byte(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words")
    files = {"b/two": tmp_path / "file", "one": b"1"}
    first, second = tmp_path / "first/x.tar.gz", tmp_path / "second/x.tar.gz"
    for path in (first, second):
        path.parent.mkdir()
        archive.pack(files, path, at=1_795_377_453, programs=frozenset({"one"}))
        os.utime(tmp_path / "file", (1, 1))
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as tar:
        assert {one.name: one.mode for one in tar} == {"x/b/two": 0o644, "x/one": 0o755}


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "SUMS").write_bytes(archive.sums({"one": b"1"}))
    subprocess.run(["sha256sum", "-c", "--quiet", "SUMS"], cwd=tmp_path, check=True)


def test_only_committed_files_of_the_rooms_are_shipped(tmp_path: Path) -> None:
    tracked = ["app.py", "conf/x/places.toml", "tests/test_x.py", "bundle/shipped/install.sh"]
    for name in (*tracked, "conf/x/secret.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("committed")
    who = ["-c", "user.name=x", "-c", "user.email=x@example"]
    for command in (["init", "-q"], ["add", *tracked], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "app.py").write_text("half done")
    files = content.project(content.committed(tmp_path))
    assert files.keys() == {"app/app.py", "app/conf/x/places.toml", "install.sh"}
    assert files["app/app.py"] == b"committed"
    assert content.changed(tmp_path) == 2


def test_versions_of_javascript_are_read_from_what_is_shipped(tmp_path: Path) -> None:
    files = {
        "plotly/package_data/plotly.min.js": 'plotly.js v4.1.1\n{version:"3.8.2"},t=[].slice',
        "plotly/deps/react@18.3.1.js": "",
        "plotly/deps/react@18.3.1.min.js": "",
        "plotly/package-info.json": '{"dependencies": {"d3": "^3", "supercluster": "^8.0.1"}}',
    }
    found = javascript.of_wheel("plotly", wheel(tmp_path, "plotly", files))
    assert [(one.name, one.version, one.declared) for one in found] == [
        ("d3", "3.8.2", None),
        ("plotly.js", "4.1.1", None),
        ("react", "18.3.1", None),
        ("supercluster", None, "^8.0.1"),
    ]


def test_a_bundle_that_no_longer_says_its_version_stops_the_building(tmp_path: Path) -> None:
    silent = wheel(tmp_path, "plotly", {"plotly/package_data/plotly.min.js": "var e;"})
    with pytest.raises(CannotBuild, match=r"does not say the version of plotly\.js"):
        javascript.of_wheel("plotly", silent)


def test_the_bill_names_packages_their_files_who_needs_them_and_what_is_inside(
    tmp_path: Path,
) -> None:
    asked = wheel(tmp_path, "asked", {"asked/left@1.2.3.min.js": ""}, "License: MIT\n")
    below = wheel(tmp_path, "below", {})
    parts = {pin(asked, "-r requirements.in"): (asked,), pin(below, "asked"): (below,)}
    font = sbom.Font(name="Noto", version="1", files={"fonts/a.ttc": asked})
    written = sbom.document(COMMIT, parts, font)
    assert written == sbom.document(COMMIT, parts, font)
    bill = json.loads(written)
    named = {one["name"]: one for one in bill["components"]}
    assert named.keys() == {"asked", "below", "Noto"}
    assert named["asked"]["licenses"] == [{"license": {"id": "MIT"}}]
    assert [one["purl"] for one in named["asked"]["components"]] == ["pkg:npm/left@1.2.3"]
    (reference,) = named["below"]["externalReferences"]
    assert reference["url"] == "wheels/below-1.0-py3-none-any.whl"
    assert reference["hashes"] == [{"alg": "SHA-256", "content": next(iter(pin(below).hashes))}]
    needs = {one["ref"]: one.get("dependsOn") for one in bill["dependencies"]}
    assert needs["rongzhi"] == ["pkg:pypi/asked@1.0"]
    assert needs["pkg:pypi/asked@1.0"] == ["pkg:pypi/below@1.0"]


def pin(file: Path, *via: str) -> Pin:
    """A locked package of which this is the wheel."""
    line = archive.sums({"x": file}).decode().split()[0]
    name = file.name.split("-")[0]
    return Pin(name=name, version="1.0", marker=None, hashes=frozenset({line}), via=via)

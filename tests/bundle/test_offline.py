"""The archive of this commit, installed and run on a machine that reaches nothing but itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bundle.build import Built, build
from bundle.target import here
from tests.bundle import cut_off

pytestmark = [pytest.mark.offline, pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built once, as `make bundle` does it."""
    return build(here(), tmp_path_factory.mktemp("dist"))


def test_the_wall_is_up_with_todays_figures_on_a_machine_without_any_route(
    built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = alone(built.path, tmp_path)
    assert seen["received"]["coverage"]["missing"] == []
    shown = re.search(r'class="int">([\d,]+)<', seen["panel"])
    assert shown
    assert int(shown[1].replace(",", "")) > 0
    assert 'data-page="wall"' in seen["wall"]
    with capsys.disabled():
        sys.stdout.write(
            f"\narchive of {built.bytes / 1e6:.0f} MB in {built.seconds:.0f} s; "
            f"installed in {seen['install_seconds']:.0f} s; "
            f"today's figures of all centres {seen['seconds']:.0f} s after the start\n"
        )


def test_two_builds_are_the_same_byte_by_byte(built: Built, tmp_path: Path) -> None:
    again = build(here(), tmp_path)
    assert digest(built.path) == digest(again.path)
    said = built.path.with_name(f"{built.path.name}.sha256").read_text()
    assert said == f"{digest(built.path)}  {built.path.name}\n"


def test_the_bill_has_every_wheel_and_all_javascript_has_an_owner(built: Built) -> None:
    with tarfile.open(built.path) as tar:
        names = {one.name.partition("/")[2] for one in tar}
        file = tar.extractfile(f"{built.path.name.removesuffix('.tar.gz')}/sbom.json")
        assert file
        bill = json.load(file)
    listed = {one["url"] for part in bill["components"] for one in part["externalReferences"]}
    assert {one for one in names if one.startswith("wheels/")} <= listed
    inside = {
        part["name"]: part["components"] for part in bill["components"] if "components" in part
    }
    assert inside.keys() == {"dash", "dash-extensions", "dash-leaflet", "dash-svg", "plotly"}
    known = {one["name"] for parts in inside.values() for one in parts if "version" in one}
    assert {"leaflet", "plotly.js", "react", "react-dom", "mathjax"} <= known


def alone(archive: Path, folder: Path) -> dict[str, Any]:
    """What cut_off.py saw in a namespace of its own."""
    new = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    done = subprocess.run(
        [*new, sys.executable, cut_off.__file__, str(archive), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"{done.stderr}\nThis test needs a network namespace: run it as root, or allow users to "
        "make one (sysctl kernel.unprivileged_userns_clone=1)"
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def digest(file: Path) -> str:
    """Its sum."""
    return sha256(file.read_bytes()).hexdigest()

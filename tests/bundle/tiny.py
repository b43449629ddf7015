"""An archive of almost nothing, unpacked: install.sh with a centre of three files."""

from __future__ import annotations

import ensurepip
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from bundle import archive
from bundle.build import ROOT
from bundle.content import SHIPPED
from bundle.target import digits, here

_COMMAND = """
import json, os, sys
import greeting
said = {"version": VERSION, "words": sys.argv[1:], "greeting": greeting.WORD}
said |= {key: os.environ.get(key) for key in ("CITY", "STATE", "PORT", "HOST", "SECRET")}
print(json.dumps(said))
"""


@dataclass(frozen=True)
class Tiny:
    """An unpacked archive and where it is installed to."""

    folder: Path
    prefix: Path

    def install(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run install.sh with the Python of the tests, unless told otherwise."""
        given = words if "--python" in words else ("--python", sys.executable, *words)
        return subprocess.run(
            ["sh", str(self.folder / "install.sh"), "--prefix", str(self.prefix), *given],
            env={"PATH": os.environ["PATH"], **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *words: str, **env: str) -> str:
        """What the installed centre prints."""
        return subprocess.run(
            [str(self.prefix / "rongzhi"), *words],
            env={"PATH": os.environ["PATH"], **env},
            capture_output=True,
            text=True,
            check=True,
        ).stdout


def tiny(folder: Path, version: str = "1.0", **target: str) -> Tiny:
    """Lay it down; `target` are lines of TARGET that are to be otherwise."""
    place = folder / f"rongzhi-{version}"
    files = _files(version, target)
    for name, content in {**files, "SHA256SUMS": archive.sums(files)}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Tiny(folder=place, prefix=folder / "installed")


def wheel(folder: Path, name: str, files: Mapping[str, str], metadata: str = "") -> Path:
    """A wheel of pure Python with these files, version 1.0."""
    info = f"{name}-1.0.dist-info"
    whole = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{metadata}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    whole[f"{info}/RECORD"] = "".join(f"{one},,\n" for one in (*whole, f"{info}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as packed:
        for one, text in whole.items():
            packed.writestr(one, text)
    return path


def _files(version: str, target: Mapping[str, str]) -> dict[str, bytes]:
    said = {
        "version": version,
        "pythons": digits(here().pythons[0]),
        "machine": platform.machine(),
        "glibc": "2.17",
        **target,
    }
    greeting, pip = _greeting(), _pip()
    return {
        **{one.name: one.read_bytes() for one in (ROOT / SHIPPED).iterdir()},
        "TARGET": "".join(f"{key}='{value}'\n" for key, value in said.items()).encode(),
        "installer.txt": b"# pip is used and not installed: compiling it takes seconds\n",
        f"wheels/{pip.name}": pip.read_bytes(),
        "wheels/greeting-1.0-py3-none-any.whl": greeting,
        "fonts/A.ttc": b"no font",
        "app/requirements.txt": _pinned("greeting", "1.0", greeting),
        "app/app.py": b"import greeting\n",
        "app/centre/__init__.py": b"",
        "app/centre/__main__.py": f"VERSION = {version!r}\n{_COMMAND}".encode(),
        "app/conf/chengdu/places.toml": f'title = "{version}"\n'.encode(),
    }


def _greeting() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return wheel(Path(folder), "greeting", {"greeting.py": "WORD = '你好'\n"}).read_bytes()


def _pip() -> Path:
    """The pip that every Python brings for its virtual environments."""
    shared = sysconfig.get_config_var("WHEEL_PKG_DIR")
    folder = Path(shared) if shared else Path(ensurepip.__file__).parent / "_bundled"
    return next(iter(sorted(folder.glob("pip-*.whl"))))


def _pinned(name: str, version: str, content: bytes) -> bytes:
    return f"{name}=={version} --hash=sha256:{sha256(content).hexdigest()}\n".encode()

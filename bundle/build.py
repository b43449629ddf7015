"""Builds the archive: wheels, this tree, fonts, what installs them, and what says what is in it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bundle import archive, content, locked, sbom, wheels
from bundle.content import Commit, Files
from bundle.locked import Pin
from bundle.target import GLIBC, Target, digits

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = frozenset({"install.sh", "rongzhi"})
_INSTALLER = "bundle/installer.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The archive that was written, and what it took."""

    path: Path
    bytes: int
    seconds: float
    wheels: int
    files: int


def build(target: Target, into: Path, *, extra: Path | None = None, root: Path = ROOT) -> Built:
    """Write the archive of the last commit for a target into a folder; raises CannotBuild.

    `extra`: further packages, locked with hashes, like drivers of databases.
    """
    began = time.monotonic()
    commit = content.committed(root)
    files = _files(commit, target, extra, root / "build" / "wheels")
    files[archive.SUMS] = archive.sums(files)
    path = into / f"rongzhi-{commit.version}-{target.name}.tar.gz"
    into.mkdir(parents=True, exist_ok=True)
    archive.pack(files, path, at=commit.at, programs=PROGRAMS)
    _write_sum(path)
    return Built(
        path=path,
        bytes=path.stat().st_size,
        seconds=time.monotonic() - began,
        wheels=sum(name.startswith("wheels/") for name in files),
        files=len(files),
    )


def _files(
    commit: Commit, target: Target, extra: Path | None, kept: Path
) -> dict[str, Path | bytes]:
    """All that goes into the archive but the sums."""
    papers = {"installer.txt": commit.files[_INSTALLER]}
    papers |= {"extra.txt": extra.read_bytes()} if extra else {}
    texts = [text.decode() for text in (commit.files["requirements.txt"], *papers.values())]
    gathered, fonts = _gather(texts, target, kept), content.fonts()
    return {
        **content.project(commit),
        **fonts,
        **papers,
        **{f"wheels/{one.name}": one for files in gathered.values() for one in files},
        "TARGET": _target(target, commit.version),
        "sbom.json": sbom.document(commit, gathered, _font(fonts)),
    }


def _gather(texts: Sequence[str], target: Target, kept: Path) -> Mapping[Pin, tuple[Path, ...]]:
    """Each package with its wheels for all wanted Pythons, by name."""
    pins = [pin for text in texts for pin in locked.read(text)]
    found: dict[Pin, dict[str, Path]] = {}
    for python in target.pythons:
        asked = locked.wanted(pins, target, python)
        for pin, file in wheels.gather(asked, target, python, kept).items():
            found.setdefault(pin, {})[file.name] = file
    return {pin: tuple(found[pin].values()) for pin in sorted(found, key=str)}


def _font(fonts: Files) -> sbom.Font:
    return sbom.Font(
        name=content.FONT,
        version=content.font_version(),
        files={name: file for name, file in fonts.items() if isinstance(file, Path)},
    )


def _target(target: Target, version: str) -> bytes:
    """What install.sh has to know, as variables of the shell."""
    said = {
        "version": version,
        "pythons": " ".join(map(digits, target.pythons)),
        "machine": target.machine,
        "glibc": ".".join(map(str, GLIBC)),
    }
    return "".join(f"{key}='{value}'\n" for key, value in said.items()).encode()


def _write_sum(path: Path) -> None:
    """The sum of the archive itself, beside it: a copy on a stick is checked by it."""
    line = f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    path.with_name(f"{path.name}.sha256").write_text(line, "utf-8")

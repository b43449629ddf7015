"""Gathers the wheels of locked packages, and none whose hash is not the locked one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from packaging.utils import parse_wheel_filename

from bundle.failure import CannotBuild
from bundle.locked import Pin
from bundle.target import Target, digits


def gather(pins: Sequence[Pin], target: Target, python: str, kept: Path) -> Mapping[Pin, Path]:
    """The wheel of each package; those that `kept` lacks come from the registry of pip.

    Raises CannotBuild when a package has no wheel for the target or the registry does not answer.
    """
    folder = kept / f"{digits(python)}-{target.machine}"
    folder.mkdir(parents=True, exist_ok=True)
    found = _held(pins, folder)
    missing = [pin for pin in pins if pin not in found]
    if missing:
        _download(missing, target, python, folder)
        found |= _held(missing, folder)
    if lost := [str(pin) for pin in pins if pin not in found]:
        raise CannotBuild(f"no wheel of {', '.join(lost)} has a locked hash: make lock")
    return {pin: found[pin] for pin in pins}


def _held(pins: Iterable[Pin], folder: Path) -> dict[Pin, Path]:
    """The wheels that lie in a folder already, each checked by its hash."""
    named = {(pin.name, pin.version): pin for pin in pins}
    found = {}
    for file in sorted(folder.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(file.name)
        pin = named.get((name, str(version)))
        if pin and sha256(file.read_bytes()).hexdigest() in pin.hashes:
            found[pin] = file
    return found


def _download(pins: Sequence[Pin], target: Target, python: str, folder: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as asked:
        asked.write("\n".join(map(_line, pins)))
        asked.flush()
        done = subprocess.run(
            _command(target, python, folder, asked.name),
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode != 0:
        raise CannotBuild(
            f"Python {python} on {target.machine}: not all packages could be fetched\n"
            f"{done.stderr.strip()}"
        )


def _command(target: Target, python: str, folder: Path, asked: str) -> list[str]:
    """Without --no-deps pip would ask for what a package wants on the machine that builds."""
    where = [f"--platform={tag}" for tag in target.platforms]
    return [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--only-binary=:all:", "--require-hashes"),
        *(f"--python-version={python}", "--implementation=cp", *where),
        *(f"--dest={folder}", f"--requirement={asked}"),
    ]


def _line(pin: Pin) -> str:
    return " ".join([str(pin), *(f"--hash=sha256:{one}" for one in sorted(pin.hashes))])

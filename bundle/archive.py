"""Writes files into one archive that is the same, byte by byte, whenever it is made of the same."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from bundle.content import Files

SUMS = "SHA256SUMS"
_LEVEL = 6  # wheels are packed already: what is gained lies in fonts and papers


def sums(files: Files) -> bytes:
    """A line for each file, as sha256sum writes and checks them."""
    lines = (f"{sha256(_content(one)).hexdigest()}  {name}\n" for name, one in _sorted(files))
    return "".join(lines).encode()


def pack(files: Files, into: Path, *, at: int, programs: frozenset[str]) -> None:
    """A .tar.gz with one folder named after it; `programs` may be executed.

    It is written beside its place first, so that a killed build leaves no half of an archive.
    """
    half = into.with_suffix(".half")
    with (
        half.open("wb") as raw,
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=at) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, one in _sorted(files):
            mode = 0o755 if name in programs else 0o644
            _add(tar, f"{folder(into)}/{name}", _content(one), mode=mode, at=at)
    half.replace(into)


def folder(archive: Path) -> str:
    """What an archive unpacks to."""
    return archive.name.removesuffix(".tar.gz")


def _add(tar: tarfile.TarFile, name: str, content: bytes, *, mode: int, at: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), mode, at
    tar.addfile(member, io.BytesIO(content))


def _content(one: Path | bytes) -> bytes:
    return one if isinstance(one, bytes) else one.read_bytes()


def _sorted(files: Mapping[str, Path | bytes]) -> list[tuple[str, Path | bytes]]:
    return sorted(files.items())

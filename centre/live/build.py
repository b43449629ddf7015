"""The build id: changes when the code or the assets that a browser has loaded have changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

_ROOMS = ("app.py", "assets", "centre", "components", "conf", "pages")
_ENDINGS = frozenset({".py", ".js", ".css", ".toml"})


def build_id(root: Path) -> str:
    """A short hash of what is served; equal in all workers of one checkout (30 ms)."""
    digest = blake2b(digest_size=6)
    for file in _files(root):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for room in _ROOMS:
        place = root / room
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (file for file in found if _is_served(file) and file.is_file())


def _is_served(file: Path) -> bool:
    """Files of sources change without any restart: a browser has loaded nothing of them."""
    return file.suffix in _ENDINGS and file.parent.name != "sources.d"

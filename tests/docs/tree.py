"""A copy of the tree that a test may change, and what was changed in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

from tests.docs.blocks import ROOT

ROOMS = ("assets", "centre", "components", "conf", "datasources", "pages")


class Tree:
    """The code and the city packs, copied; compiled files come along, so imports stay quick."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        for room in ROOMS:
            shutil.copytree(ROOT / room, self.root / room, symlinks=True)
        shutil.copy2(ROOT / "app.py", self.root / "app.py")
        self._before = self._digests()

    def add(self, path: str, content: str) -> None:
        """Write a new file."""
        assert not (self.root / path).exists(), f"{path} is there already: show another name"
        (self.root / path).write_text(content, "utf-8")

    def append(self, path: str, content: str) -> None:
        """Write at the end of a file."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{content}")

    def changed(self) -> list[str]:
        """Files that are new, gone or different since the copy was made."""
        after = self._digests()
        paths = self._before.keys() | after.keys()
        return sorted(one for one in paths if self._before.get(one) != after.get(one))

    def python(self, *words: object, cwd: Path | None = None, **env: object) -> str:
        """What a Python on this tree prints; its failure is the test's."""
        words_env = {name: str(value) for name, value in env.items()}
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=cwd or self.root,
            env={**os.environ, "PYTHONPATH": str(self.root), **words_env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def _digests(self) -> dict[str, bytes]:
        found = (file for file in self.root.rglob("*") if file.is_file())
        return {
            file.relative_to(self.root).as_posix(): blake2b(file.read_bytes()).digest()
            for file in found
            if "__pycache__" not in file.parts
        }

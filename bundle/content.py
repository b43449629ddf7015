"""What of the last commit and of this system goes into an archive: rooms, manuals, fonts."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bundle.failure import CannotBuild

Files = Mapping[str, Path | bytes]
"""Path inside the archive -> a file, or what is written there."""

ROOMS = ("app.py", "assets", "centre", "components", "conf", "datasources", "docs", "pages")
PAPERS = (
    *("README.md", "README.zh.md", "CHANGELOG.md", "LICENSE", "NOTICE"),
    *("requirements.txt", "pyproject.toml"),
)
SHIPPED = "bundle/shipped/"  # what lies at the top of the archive
FONT, STYLES = "Noto Sans CJK SC", ("Regular", "Bold")  # the first of assets/*.css, in both weights
_FONT_PACKAGE = "fonts-noto-cjk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """All files of a commit by path, and when it was made, in seconds since 1970."""

    files: Mapping[str, bytes]
    at: int

    @property
    def version(self) -> str:
        """Of the project."""
        return str(tomllib.loads(self.files["pyproject.toml"].decode())["project"]["version"])


def committed(root: Path) -> Commit:
    """The last commit: no state, no secret and nothing half done comes along."""
    with tarfile.open(fileobj=io.BytesIO(_run(root, "git", "archive", "HEAD"))) as tar:
        found = {one.name: tar.extractfile(one) for one in tar if one.isfile()}
        files = {name: file.read() for name, file in found.items() if file}
    return Commit(files=files, at=int(_said(root, "git", "log", "-1", "--format=%ct")))


def project(commit: Commit) -> Files:
    """What is laid down of a commit: the centre under app/, what installs it at the top."""
    files = commit.files
    app = {f"app/{name}": text for name, text in files.items() if _is_shipped(name)}
    top = [name for name in files if name.startswith(SHIPPED)]
    return app | {name.removeprefix(SHIPPED): files[name] for name in top}


def changed(root: Path) -> int:
    """How many files are otherwise than in the last commit, and so not in the archive."""
    return len(_said(root, "git", "status", "--porcelain").splitlines())


def fonts() -> Files:
    """Chinese fonts for the screens, under fonts/, with their licence; both from Debian's."""
    paper = Path(f"/usr/share/doc/{_FONT_PACKAGE}/copyright")
    found = [_font(style) for style in STYLES]
    if not paper.is_file():
        raise CannotBuild(f"{paper} is missing: apt-get install {_FONT_PACKAGE} fontconfig")
    return {**{f"fonts/{one.name}": one for one in found}, "fonts/LICENSE": paper}


def font_version() -> str | None:
    """Of the package of the fonts; None where dpkg does not know."""
    if not shutil.which("dpkg-query"):
        return None
    return _said(Path("/"), "dpkg-query", "-W", "-f=${Version}", _FONT_PACKAGE).strip() or None


def _font(style: str) -> Path:
    if not shutil.which("fc-match"):
        raise CannotBuild(f"no fontconfig: apt-get install {_FONT_PACKAGE} fontconfig")
    found = _said(Path("/"), "fc-match", "-f", "%{family}\t%{file}", f"{FONT}:style={style}")
    families, _, file = found.partition("\t")
    if FONT not in families:
        raise CannotBuild(f"no {FONT} {style}: apt-get install {_FONT_PACKAGE} fontconfig")
    return Path(file)


def _is_shipped(name: str) -> bool:
    return name in PAPERS or name.partition("/")[0] in ROOMS


def _said(folder: Path, *command: str) -> str:
    return _run(folder, *command).decode()


def _run(folder: Path, *command: str) -> bytes:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True)
    if done.returncode != 0:
        raise CannotBuild(f"{' '.join(command[:2])}: {done.stderr.decode().strip()}")
    return done.stdout

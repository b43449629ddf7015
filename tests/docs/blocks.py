"""What the manuals show, taken out of them so that it can be used: files and console sessions."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FILE = re.compile(r"^<!-- (\S+) -->\n```\w*\n(.*?)^```$", re.S | re.M)
_SESSION = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)


def files(page: str) -> dict[str, str]:
    """{path: content} of the code blocks of a page that say which file they are."""
    return dict(_FILE.findall((DOCS / page).read_text("utf-8")))


@dataclass(frozen=True, kw_only=True)
class Command:
    """A line typed into a console, and what the page shows below it."""

    env: dict[str, str]
    words: tuple[str, ...]
    shown: tuple[str, ...]


def sessions(page: str) -> list[Command]:
    """Every command of the ```console blocks of a page, in order."""
    blocks = _SESSION.findall((DOCS / page).read_text("utf-8"))
    return [command for block in blocks for command in commands(block)]


def commands(block: str) -> list[Command]:
    """What is typed in one block."""
    found: list[Command] = []
    for typed in re.split(r"^\$ ", block, flags=re.M)[1:]:
        line, *shown = typed.replace("\\\n", " ").splitlines()
        found.append(_command(line, shown))
    return found


def _command(line: str, shown: list[str]) -> Command:
    words = shlex.split(line)
    env: dict[str, str] = {}
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    return Command(env=env, words=tuple(words), shown=tuple(one for one in shown if one))

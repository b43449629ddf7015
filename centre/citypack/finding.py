"""What is wrong in a city pack, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

Complaint = tuple[str, str, str]
"""(key, problem, remedy): a finding before its file is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake. `key` is the path inside the file ("units[3].code"; counted from 0)."""

    file: Path
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{_short(self.file)}: {self.key}" if self.key else _short(self.file)
        return f"{where}: {self.problem}; {self.remedy}"


class BadPack(Exception):
    """A city pack that cannot be used: all its findings, one a line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """The remedy for a word that is not known: its nearest neighbour, else all that is allowed."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    if near:
        return f'did you mean "{near[0]}"?'
    return otherwise or f"use one of: {', '.join(words) or 'none are defined'}"


def _short(file: Path) -> str:
    """The file as one would type it from here, when it lies below here."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)

"""What is wrong with a source and who has to do what; how the columns of its rows have changed."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import SourceState
from components.marks import plain
from components.text import t


def condition(lang: str, one: SourceState) -> str:
    """One word for its trouble; "" while it answers."""
    return t(lang, f"condition.{one.condition}") if one.condition else ""


def remedy(lang: str, one: SourceState) -> Any:
    """What to do about it, and how it is asked meanwhile."""
    words = [t(lang, f"remedy.{one.condition}")]
    if one.breaker == "open":
        words.append(t(lang, "remedy.open"))
    return plain("text", " ".join(words))


def changes(lang: str, one: SourceState) -> Any:
    """Each change of its columns since its field map was written, in words."""
    shown = [html.Li(plain("text", _change(lang, line))) for line in one.drift.splitlines()]
    return html.Ul(shown, className="plain-list")


def _change(lang: str, line: str) -> str:
    if line.startswith("-"):
        return t(lang, "drift.gone", column=line[1:])
    if line.startswith("+"):
        column, kind = line[1:].rsplit(" ", 1)
        return t(lang, "drift.added", column=column, kind=t(lang, f"drift.{kind}"))
    column, before, kind = line[1:].rsplit(" ", 2)
    was, now = t(lang, f"drift.{before}"), t(lang, f"drift.{kind}")
    return t(lang, "drift.changed", column=column, was=was, now=now)

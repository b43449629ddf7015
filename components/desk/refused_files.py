"""Source files that were refused: what is wrong, what to do, and what goes on instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from centre.citypack.files import Found
from centre.citypack.finding import Finding
from centre.domain.scope import Scope
from components.desk import states
from components.marks import mark, plain
from components.text import t
from components.view import View


def visible(found: Found, scope: Scope) -> tuple[Finding, ...]:
    """The findings that somebody may see: of sources of his units, of others only who sees all."""
    unit_of = {one.id: one.unit for one in found.sources}
    return tuple(one for one in found.findings if scope.allows_source(unit_of.get(one.file.stem)))


def refused_files(view: View, found: Found, shown: Sequence[Finding]) -> Any:
    """A card above the table; None where all files are in order."""
    if not shown:
        return None
    lines = html.Ul([_line(view, found, one) for one in shown], className="findings")
    return states.card(
        t(view.lang, "files.title"), lines, note=t(view.lang, "files.note"), class_name="bad-files"
    )


def _line(view: View, found: Found, one: Finding) -> Any:
    what = "files.goes_on" if found.goes_on(one) else "files.left_out"
    return html.Li(
        [
            mark("watch"),
            html.Div(
                [
                    plain("id", place(one), class_name="mono"),
                    html.P(plain("text", f"{one.problem}; {one.remedy}")),
                    html.P(t(view.lang, what), className="note"),
                ]
            ),
        ],
        className="finding",
    )


def place(one: Finding) -> str:
    """File and key: "desk.toml: fields.key"."""
    return f"{one.file.name}: {one.key}" if one.key else one.file.name

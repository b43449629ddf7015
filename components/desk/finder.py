"""The field in the head of the desk: a figure code, a case number or a unit, and it opens."""

from __future__ import annotations

from typing import Any

from dash import html

from components.desk.native import text_field
from components.tags import data
from components.text import t


def finder(lang: str) -> Any:
    """A form of its own, sent by GET: it works without any script. "/" leads to it."""
    field = text_field("q", "", label=t(lang, "find.label"), hint=t(lang, "find.hint"))
    return html.Form(
        field, action="/find", method="get", className="finder", role="search", **data(find="")
    )

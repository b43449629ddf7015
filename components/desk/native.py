"""Native form fields and buttons, which Dash's html components do not have.

`Native` carries a tag and attributes that assets/desk.js turns into one uncontrolled element, so
that a form is a form: it works by keyboard, by GET and with the browser's own date picker.
"""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Native(Component):
    """One input or select. `options` are (value, words) pairs of a select."""

    tag: str
    attributes: dict[str, str]
    options: list[list[str]]
    value: str
    _namespace = "rongzhi"
    _type = "Native"
    _children_props: list[str] = []  # noqa: RUF012 -- Dash reads it from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(
        self,
        tag: str,
        attributes: dict[str, str],
        value: str = "",
        options: list[list[str]] | None = None,
    ) -> None:
        self._prop_names = ["id", "tag", "attributes", "options", "value"]
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        words: dict[str, Any] = {"tag": tag, "attributes": attributes, "value": value}
        super().__init__(**words, options=options or [])  # type: ignore[no-untyped-call]


def text_field(
    name: str, value: str, *, label: str, kind: str = "search", hint: str = ""
) -> Native:
    """An input of a form; `kind` is the HTML type: search, date, hidden."""
    said = {"type": kind, "name": name, "aria-label": label}
    return Native("input", {**said, **({"placeholder": hint} if hint else {})}, value)


def choice(name: str, value: str, options: list[tuple[str, str]], *, label: str) -> Native:
    """A select of a form; the first option is what stands for all."""
    pairs = [list(one) for one in options]
    return Native("select", {"name": name, "aria-label": label}, value, pairs)

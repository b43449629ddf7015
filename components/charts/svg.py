"""SVG as data: a tree of nodes that Dash shows through one small component of our own.

Dash has no SVG, and a picture in a data URI can neither inherit colours nor fonts. `Svg` carries
a tree ["path", {"d": …}, []] that assets/svg.js turns into React elements and `markup` into
escaped text for /embed: never innerHTML.
"""

from __future__ import annotations

from html import escape
from typing import Any

from dash.development.base_component import Component

Node = list[Any]
"""[tag, attributes by their SVG names, children: nodes or texts]."""


class Svg(Component):
    """A drawing with its text equivalent; without a label it is decoration."""

    drawing: Node
    _namespace = "rongzhi"
    _type = "Svg"
    _children_props: list[str] = []  # noqa: RUF012 -- Dash reads it from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, drawing: Node, id: Any = None) -> None:
        self._prop_names = ["id", "drawing"]
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        named = {"id": id} if id else {}
        super().__init__(drawing=drawing, **named)  # type: ignore[no-untyped-call]


def node(tag: str, *children: Node | str, **attributes: object) -> Node:
    """A node; stroke_width becomes stroke-width, class_ becomes class, None is left out."""
    named = {
        _attribute(key): _short(value) for key, value in attributes.items() if value is not None
    }
    return [tag, named, list(children)]


_KEEP = {"viewBox", "preserveAspectRatio", "patternUnits", "patternTransform"}


def _attribute(key: str) -> str:
    return key if key in _KEEP else key.rstrip("_").replace("_", "-")


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def drawing(width: float, height: float, *children: Node, label: str = "", class_: str = "") -> Svg:
    """An SVG of so many units; sized by CSS when `class_` says so."""
    meaning = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    attributes = {
        "viewBox": f"0 0 {_short(float(width))} {_short(float(height))}",
        "width": _short(float(width)),
        "height": _short(float(height)),
        **({"class": class_} if class_ else {}),
        **meaning,
    }
    return Svg(drawing=["svg", attributes, list(children)])


def path(points: list[tuple[float, float]]) -> str:
    """The d of a line through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def markup(tree: Node | str) -> str:
    """The drawing as text of a page, everything escaped."""
    if isinstance(tree, str):
        return escape(tree)
    tag, attributes, children = tree
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if tag == "svg" else ""
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{namespace}{said}>{''.join(map(markup, children))}</{tag}>"

"""Solid: a tree of html components that nothing updates from within, as one component.

Dash subscribes every single component to its store, and each change asks all of them: a desk of
1,000 components was asked 50,000 times a second and stood still on a busy machine. Most of a screen
is text that changes as a whole. `solid` turns each such part into one component whose tree
assets/solid.js draws with React itself; the DOM is the same, element for element.

What stays a component of Dash: whatever has an id (a callback or the stream may address it), and
graphs, maps and form fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dash.development.base_component import Component

from components.charts.svg import Svg

Node = list[Any] | str | int | float
"""[tag, attributes by their React names, children], or a text."""


class Solid(Component):
    """One or more elements that are drawn as they are."""

    nodes: list[Node]
    _namespace = "rongzhi"
    _type = "Solid"
    _children_props: list[str] = []  # noqa: RUF012 -- Dash reads it from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, nodes: list[Node]) -> None:
        self._prop_names = ["nodes"]
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(nodes=nodes)  # type: ignore[no-untyped-call]


def solid(tree: Any) -> Any:
    """The tree with all that can be made solid as few Solids; it is not changed itself."""
    if tree is None or isinstance(tree, str | int | float):
        return tree
    if isinstance(tree, list | tuple):
        return _siblings(tree)
    node = _node(tree)
    return _kept(tree) if node is None else Solid([node])


def _siblings(trees: Iterable[Any]) -> list[Any]:
    """Each run of siblings that can be made solid is one."""
    found: list[Any] = []
    for one in trees:
        node = one if isinstance(one, str | int | float) else _node(one)
        if node is None:
            found += [] if one is None else [solid(one)]
        elif found and isinstance(found[-1], Solid):
            found[-1].nodes.append(node)
        else:
            found.append(Solid([node]))
    return found


def _kept(component: Any) -> Any:
    """The component itself, with its children made solid."""
    children = getattr(component, "children", None)
    if children is None or isinstance(children, str | int | float) or not _is_html(component):
        return component
    words = {**component.to_plotly_json()["props"], "children": solid(children)}
    return type(component)(**words)


def _node(component: Any) -> Node | None:
    """The element of a component and all in it; None when something in it has to stay."""
    if isinstance(component, Svg):
        return component.drawing if getattr(component, "id", None) is None else None
    if isinstance(component, Solid):
        return component.nodes[0] if len(component.nodes) == 1 else None
    tag = _tag(component)
    if tag is None:
        return None
    children = _nodes(getattr(component, "children", None))
    attributes = _attributes(component)
    return None if children is None or attributes is None else [tag, attributes, children]


def _nodes(children: Any) -> list[Node] | None:
    if children is None or isinstance(children, bool):
        return []
    if isinstance(children, str | int | float):
        return [children]
    found: list[Node] = []
    for one in children if isinstance(children, list | tuple) else [children]:
        if isinstance(one, str | int | float) and not isinstance(one, bool):
            found.append(one)
        elif isinstance(one, list | tuple):
            inner = _nodes(one)
            if inner is None:
                return None
            found += inner
        elif one is not None and not isinstance(one, bool):
            node = _node(one)
            if node is None:
                return None
            found.append(node)
    return found


def _is_html(component: Any) -> bool:
    return getattr(component, "_namespace", "") == "dash_html_components"


_STAY = frozenset({"Iframe", "Script", "ObjectEl", "Embed", "Base", "Meta", "MapEl", "Textarea"})
_LISTENED = frozenset({"id", "n_clicks", "n_clicks_timestamp", "key", "refresh"})


def _tag(component: Any) -> str | None:
    kind = str(getattr(component, "_type", ""))
    if _is_html(component):
        return None if kind in _STAY else kind.lower()
    return "a" if kind == "Link" else None


def _attributes(component: Any) -> dict[str, Any] | None:
    """By their React names, as Dash has them; None when a callback may listen."""
    said: Mapping[str, Any] = component.to_plotly_json()["props"]
    if any(said.get(name) is not None for name in _LISTENED):
        return None
    dropped = ("children", "disable_n_clicks", "loading_state", *_LISTENED)
    found = {name: one for name, one in said.items() if name not in dropped and one is not None}
    if component._type == "Link" and not _is_html(component):
        found["data-nav"] = ""  # dcc.Link: goes there without loading the page anew
    return found

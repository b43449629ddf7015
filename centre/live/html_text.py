"""A tree of Dash html components and drawings as HTML text, for panels that live without Dash.

Everything is escaped; there is no way to pass markup through. Only elements are written: event
handlers, Dash's own props and javascript: addresses are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from components.charts.svg import Svg, markup

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NEVER = frozenset({"script", "iframe", "object", "embed", "base", "meta", "link"})
_DASH_PROPS = frozenset(
    {"children", "id", "style", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks"}
    | {"loading_state", "setProps", "persistence", "persisted_props", "persistence_type"}
)
_ATTRIBUTES = {"className": "class", "htmlFor": "for"}
_ADDRESSES = frozenset({"href", "src", "srcSet", "action", "formAction", "cite", "data"})
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_SAFE_ADDRESS = re.compile(r"(?:https?:|mailto:|tel:|/|#|\?|\.|[\w%-]+(?:[/?#]|$))", re.IGNORECASE)
_NO_END = re.compile(r"[;{}]")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_AS_ELEMENT = {"Link": "a"}  # dcc.Link: the same address without Dash
_NAMESPACE = "dash_html_components"


def html_text(tree: Any) -> str:
    """Write a component, a text, a number, None or a list of them."""
    return "".join(_pieces(tree))


def _pieces(tree: Any) -> Iterable[str]:
    if tree is None or isinstance(tree, bool):
        return
    if isinstance(tree, str | int | float):
        yield escape(str(tree), quote=False)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from _pieces(one)
    elif isinstance(tree, Svg):
        yield markup(tree.drawing)
    else:
        yield from _element(tree)


def _element(component: Any) -> Iterable[str]:
    tag = _tag(component)
    props = component.to_plotly_json()["props"]
    yield f"<{tag}{''.join(_attributes(props))}>"
    if tag not in _VOID:
        yield from _pieces(getattr(component, "children", None))
        yield f"</{tag}>"


def _tag(component: Any) -> str:
    kind, namespace = getattr(component, "_type", None), getattr(component, "_namespace", "")
    if kind is None or (namespace != _NAMESPACE and kind not in _AS_ELEMENT):
        raise TypeError(f"{type(component).__name__} has no form in plain HTML")
    tag = _AS_ELEMENT.get(kind) or str(kind).lower()
    if tag in _NEVER:
        raise TypeError(f"<{tag}> is not written into a panel")
    return tag


def _attributes(props: Mapping[str, Any]) -> Iterable[str]:
    for name, value in sorted(props.items()):  # Dash gives data-* in an order of chance
        if name == "id" and isinstance(value, str):
            yield f' id="{escape(value)}"'
        elif name == "style" and isinstance(value, Mapping):
            yield f' style="{escape(_style(value))}"'
        elif name not in _DASH_PROPS and value is not None and value is not False:
            yield from _attribute(name, value)


def _attribute(name: str, value: Any) -> Iterable[str]:
    if not _NAME.fullmatch(name) or name.lower().startswith("on"):
        return
    if name in _ADDRESSES and not _SAFE_ADDRESS.match(str(value).strip()):
        return
    written = _ATTRIBUTES.get(name) or name.lower()
    yield f" {written}" if value is True else f' {written}="{escape(str(value))}"'


def _style(style: Mapping[str, Any]) -> str:
    """CSS declarations; a value cannot end its declaration."""
    return ";".join(
        _CAMEL.sub(r"-\1", key).lower() + ":" + _NO_END.sub("", str(value))
        for key, value in style.items()
    )

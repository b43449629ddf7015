"""Reading trees of components as a browser would be sent them."""

from __future__ import annotations

from typing import Any

import orjson


def sent(tree: Any) -> bytes:
    """As it goes out; raises for what cannot be sent."""
    return orjson.dumps(
        tree,
        default=lambda one: one.to_plotly_json(),
        option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY,
    )


def text(tree: Any) -> str:
    """All words of a tree, in order."""
    return " ".join(_words(orjson.loads(sent(tree)) if not isinstance(tree, dict) else tree))


def ids(tree: Any) -> list[str]:
    """Every id of a tree: each must be there once."""
    return [
        orjson.dumps(one, option=orjson.OPT_SORT_KEYS).decode()
        for one in _ids(orjson.loads(sent(tree)))
    ]


def _words(tree: Any) -> list[str]:
    if tree is None or isinstance(tree, bool):
        return []
    if isinstance(tree, list):
        return [word for one in tree for word in _words(one)]
    if isinstance(tree, dict):
        props = tree.get("props", {})
        solid = [word for node in props.get("nodes", ()) for word in _of_node(node)]
        return [*solid, *_words(props.get("children"))]
    return [str(tree)]


def _of_node(node: Any) -> list[str]:
    """Of an element of components/solid.py: [tag, attributes, children]."""
    if not isinstance(node, list):
        return [str(node)]
    return [word for one in node[2] for word in _of_node(one)]


def _ids(tree: Any) -> list[Any]:
    if isinstance(tree, list):
        return [found for one in tree for found in _ids(one)]
    if not isinstance(tree, dict):
        return []
    props = tree.get("props", {})
    own = [props["id"]] if "id" in props else []
    return own + _ids(props.get("children"))

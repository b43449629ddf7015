"""A page of the past leads to pages of the same past: every link within it carries at=."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from components.desk.native import Native

_PRESENT = "data-present"  # said of the link that leads back to now


def carried(tree: Any, at: int) -> Any:
    """The tree itself, its links and forms leading to the moment `at`."""
    for one in _parts(tree):
        words = getattr(one, "__dict__", {})
        if _PRESENT in words:
            continue
        if isinstance(words.get("href"), str):
            one.href = address(one.href, at)
        elif getattr(one, "_type", "") == "Form" and _is_ours(str(words.get("action", ""))):
            hidden = Native("input", {"type": "hidden", "name": "at"}, str(at))
            one.children = [*_listed(one.children), hidden]
    return tree


def address(href: str, at: int) -> str:
    """An address within the site with at=; any other as it is."""
    if not _is_ours(href):
        return href
    parts = urlsplit(href)
    words = [(key, word) for key, word in parse_qsl(parts.query) if key != "at"]
    query = urlencode([*words, ("at", at)])
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}?{query}{anchor}"


def _is_ours(href: str) -> bool:
    return href.startswith("?") or (href.startswith("/") and not href.startswith("//"))


def _parts(tree: Any) -> Any:
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from _parts(one)
    elif tree is not None and not isinstance(tree, str | int | float):
        yield tree
        yield from _parts(getattr(tree, "children", None))


def _listed(children: Any) -> list[Any]:
    return list(children) if isinstance(children, list | tuple) else [children]

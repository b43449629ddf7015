"""What a page's layout is called with: its path before its query, and always a language.

Dash calls /district/<code>?code=x as layout(code="x"), passes any word of the query on, and shows
an empty page for what does not exist. Here the path wins, words that the layout does not name are
dropped, `lang` is "zh" or "en", and what does not exist says so.

A layout is a plain function and runs in a thread, so it may read the store; `async def` works too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any
from urllib.parse import parse_qs

import anyio.from_thread
from dash import callback_context, html
from dash._pages import PAGE_REGISTRY, _path_to_page

from centre.domain.places import Name
from centre.live.language import LANG_COOKIE, lang_among
from components.solid import solid

NOT_THERE = Name(zh="没有这个页面", en="There is no such page")
BACK = Name(zh="回到首页", en="Back to the overview")


def guard_layouts() -> None:
    """Wrap the layouts of all registered pages; once, after Dash has found them."""
    for page in PAGE_REGISTRY.values():
        if callable(page["layout"]):
            page["layout"] = _guarded(page["layout"], page.get("exists"))
        if callable(page["title"]):
            page["title"] = _titled(page["title"])


def path_words(path: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The page that answers a path ({} for none) and the variables in the path."""
    page, words = _path_to_page(path.strip("/"))
    return page, words or {}


def exists(page: Mapping[str, Any], words: Mapping[str, str]) -> bool:
    """Whether there is such a page, and what it is about; may read the store: call it in a thread.

    A page says it by `register_page(…, exists=lambda code: …)`.
    """
    is_there = page.get("exists") if page else None
    return bool(page) and (is_there is None or bool(is_there(**words)))


def _guarded(
    layout: Callable[..., Any], is_there: Callable[..., bool] | None
) -> Callable[..., Any]:
    @wraps(layout)
    def guarded(**query: Any) -> Any:
        path = str(callback_context.inputs.get("_pages_location.pathname") or "/")
        lang = _lang()
        words = path_words(path)[1]
        if is_there is not None and not is_there(**words):
            return _nothing(lang)
        call = partial(layout, **_named(layout, {**query, **words, "lang": lang}))
        is_async = inspect.iscoroutinefunction(layout)
        return solid(anyio.from_thread.run(call) if is_async else call())

    return guarded


def _titled(title: Callable[..., str]) -> Callable[..., str]:
    """Dash calls a title with the words of the path alone; ours knows the language too."""

    @wraps(title)
    def titled(**words: Any) -> str:
        return title(**_named(title, {**words, "lang": _lang()}))

    return titled


def _lang() -> str:
    search = str(callback_context.inputs.get("_pages_location.search") or "")
    asked = parse_qs(search.removeprefix("?")).get("lang", [""])[-1]
    return lang_among(asked, callback_context.cookies.get(LANG_COOKIE))


def _named(layout: Callable[..., Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """The words that the layout names; all when it takes **words."""
    parameters = inspect.signature(layout).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return dict(words)
    return {name: word for name, word in words.items() if name in parameters}


def _nothing(lang: str) -> Any:
    return html.Main(
        [html.H1(NOT_THERE.of(lang)), html.A(BACK.of(lang), href=f"/?lang={lang}")],
        className="not-found",
    )

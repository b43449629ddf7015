"""Which language a browser is shown."""

from __future__ import annotations

LANG_COOKIE = "lang"
HTML_LANG = {"zh": "zh-CN", "en": "en"}
"""What a page says of its language."""


def lang_among(*wishes: object) -> str:
    """The first of the wishes that we speak, else Chinese."""
    return next((str(wish) for wish in wishes if wish in ("zh", "en")), "zh")

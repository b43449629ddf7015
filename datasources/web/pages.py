"""Paginators: where the next page of a list is.

page    ?page=2&page_size=100      offset  ?offset=200&limit=100
cursor  ?cursor=<what the answer names>      link  the address that the answer names
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from datasources.source import Denied, Malformed
from datasources.web.body import ABSENT, select
from datasources.web.client import Answer, same_host, shown
from datasources.web.keys import Keys

KINDS = ("none", "page", "offset", "cursor", "link")
CONNECTION_KEYS: Mapping[str, str] = {
    "pages": "how long lists are cut",
    "pages.kind": '"page", "offset", "cursor", "link" or "none" (none)',
    "pages.parameter": "name of the parameter (page, offset or cursor)",
    "pages.size_parameter": "name of the parameter for the length of a page (page_size or limit)",
    "pages.size": "rows of a page (100)",
    "pages.first": "number of the first page (1)",
    "pages.next": "of cursor and link: where the answer names the next one (the header Link)",
    "pages.total": "where the answer says how many rows there are in all",
}
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel\s*=\s*"?next"?', re.IGNORECASE)
_SIZES = {"page": "page_size", "offset": "limit", "cursor": "limit"}
Position = int | str
"""Number of a page, offset, cursor or address; what a stored cursor keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How this service cuts its lists."""

    kind: str
    parameter: str
    size_parameter: str
    size: int
    first: int
    next: str
    total: str

    @classmethod
    def read(cls, keys: Keys) -> Pages:
        """Read [connection.pages]."""
        keys.only([name.removeprefix("pages.") for name in CONNECTION_KEYS if "." in name])
        kind = keys.one_of("kind", KINDS, "none")
        pages = cls(
            kind=kind,
            parameter=keys.text("parameter", kind),
            size_parameter=keys.text("size_parameter", _SIZES.get(kind, "")),
            size=keys.whole("size", 100),
            first=keys.whole("first", 1, 0),
            next=keys.text("next", ""),
            total=keys.text("total", ""),
        )
        if kind == "cursor" and not pages.next:
            raise keys.wrong("next", 'is missing; say where the answer names it: "meta.next"')
        return pages

    @property
    def start(self) -> Position:
        """The position of the first page."""
        return {"page": self.first, "offset": 0}.get(self.kind, "")

    def params(self, at: Position) -> dict[str, str]:
        """What to ask with for the page at a position."""
        if self.kind in ("none", "link") and not self.size_parameter:
            return {}
        size = {self.size_parameter: str(self.size)} if self.size_parameter else {}
        return size if at == "" else {**size, self.parameter: str(at)}

    def following(self, at: Position, answer: Answer, value: Any, rows: int) -> Position | None:
        """The position of the next page; None when there is none."""
        match self.kind:
            case "page":
                return None if rows < self.size else int(at) + 1
            case "offset":
                return None if rows < self.size else int(at) + rows
            case "cursor":
                return _new(at, self._named(value), answer)
            case "link":
                return _new(at, self._linked(answer, value), answer)
        return None

    def total_of(self, value: Any) -> int:
        """How many rows there are in all; 0 when the answer does not say."""
        found = select(value, self.total) if self.total else 0
        is_count = isinstance(found, int) and not isinstance(found, bool) and found > 0
        return found if is_count else 0

    def _named(self, value: Any) -> str | None:
        found = select(value, self.next)
        if found is ABSENT or found is None or found in ("", False):
            return None
        return str(found)

    def _linked(self, answer: Answer, value: Any) -> str | None:
        if self.next:
            found = self._named(value)
        else:
            match = _NEXT.search(answer.headers.get("link", ""))
            found = match[1] if match else None
        if found is None:
            return None
        target = urljoin(answer.url, found)
        if not same_host(answer.url, target):
            raise Denied(f"{shown(answer.url)}: its next page is on another host, {shown(target)}")
        return target


def _new(at: Position, following: str | None, answer: Answer) -> str | None:
    if following is not None and following == at:
        raise Malformed(f"{shown(answer.url)}: the next page is the same page again")
    return following

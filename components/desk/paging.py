"""Pages of cases forward and back, both by keyset: page 1,000 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from centre.domain.records import Case
from centre.store.queries import CaseQuery, Page
from centre.store.queries.case_query import Mark
from components.desk.filters import Filters

Slice = Callable[[CaseQuery], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as it is shown; addresses are None where there is no such page."""

    rows: tuple[Case, ...]
    total: int
    is_capped: bool
    first: int  # number of the first row in the whole list, from 1
    earlier: str | None
    later: str | None


def sheet(filters: Filters, query: CaseQuery, ask: Slice) -> Sheet:
    """The page that a URL asks for."""
    if filters.before:
        return _back(filters, query, ask)
    page, at = ask(query), query.order.removeprefix("-")
    back = _mark(page.rows[:1], at, page) if filters.cursor else None
    return _sheet(filters, query, page, earlier=back, later=page.next_cursor)


def _back(filters: Filters, query: CaseQuery, ask: Slice) -> Sheet:
    """The list the other way round, from the first row of the page that was left."""
    at, is_down = query.order.removeprefix("-"), query.order.startswith("-")
    turned = at if is_down else f"-{at}"
    page = ask(replace(query, order=turned, cursor=filters.before))
    rows = tuple(reversed([one for one in page.rows if getattr(one, at) is not None]))
    page = replace(page, rows=rows)
    back = _mark(rows[:1], at, page) if page.next_cursor else None
    return _sheet(filters, query, page, earlier=back, later=_mark(rows[-1:], at, page))


def _sheet(
    filters: Filters, query: CaseQuery, page: Page, *, earlier: str | None, later: str | None
) -> Sheet:
    first, rows = int(filters.nth or 1), page.rows
    before, after = str(max(1, first - query.limit)), str(first + len(rows))
    return Sheet(
        rows=rows,
        total=page.total,
        is_capped=page.is_capped,
        first=first,
        earlier=filters.url(before=earlier, cursor=None, nth=before) if earlier else None,
        later=filters.url(cursor=later, before=None, nth=after) if later else None,
    )


def _mark(rows: tuple[Case, ...], at: str, page: Page) -> str | None:
    """A cursor at a row; None where there is none, or it has not the time of the order."""
    moment = getattr(rows[0], at) if rows else None
    if moment is None:
        return None
    one = rows[0]
    return Mark(
        at=moment, source=one.source, key=one.key, total=page.total, is_capped=page.is_capped
    ).encode()

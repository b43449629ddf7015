"""How often the pages ask the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import event

from centre.domain.scope import EVERYTHING
from centre.live.runtime import runtime
from centre.store.engine import reading
from components.desk.filters import Filters
from components.desk.options import options


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that are sent while this lasts."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(runtime().engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(runtime().engine, "before_cursor_execute", note)


def test_a_view_of_a_case_reads_it_once(send: Callable[..., httpx.Response]) -> None:
    with asked() as first:
        assert send("GET", "/case/510104:JJ-7").status_code == 200
    with asked() as again:
        assert send("GET", "/case/510104:JJ-7").status_code == 200
    assert any("FROM" in one for one in first)
    assert not any("FROM" in one for one in again)


@pytest.mark.usefixtures("desk")
def test_what_the_filters_offer_is_not_summed_for_every_look() -> None:
    run = runtime()
    view = run.view("zh")
    offered = []
    for _ in range(2):
        with asked() as sent, reading(run.engine) as conn:
            offered.append(options(conn, view, Filters(), EVERYTHING, run.now()))
    assert offered[0] == offered[1]
    assert not any("FROM cube" in one for one in sent)

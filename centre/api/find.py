"""GET /find?q=: where a typed code, case number or name of a unit leads. A redirect, no answer."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from centre.access.session import scope_of
from centre.api.reads import read
from centre.domain.places import City
from centre.domain.scope import Scope
from centre.live.runtime import runtime
from centre.snapshots.figures import BadFigure, figure_code
from centre.store import queries
from components.desk import links

router = APIRouter(include_in_schema=False)

LONGEST = 200


@router.get("/find")
async def find(request: Request, q: str = "") -> RedirectResponse:
    """To the case, the unit or the figure; else to the cases whose titles have these words."""
    typed, city = " ".join(q.split())[:LONGEST], runtime().city
    ask = partial(_case, typed=typed, scope=scope_of(request))
    where = (await read(ask) if typed else None) or _unit(typed, city) or _figure(typed)
    return RedirectResponse(where or links.cases(text=typed or None), status_code=303)


def _case(conn: Connection, *, typed: str, scope: Scope) -> str | None:
    """The case of this number; a list where several sources have it."""
    found = queries.numbered(conn, typed, scope)
    if len(found) == 1:
        return links.case(found[0])
    return links.cases(text=typed) if found else None


def _unit(typed: str, city: City) -> str | None:
    """The unit of this code or name, or the only one whose name begins so."""
    word = typed.casefold()
    named = {
        unit.code: (unit.code, unit.name.zh.casefold(), unit.name.en.casefold())
        for unit in city.units
    }
    same = [code for code, names in named.items() if word in names]
    near = [code for code, names in named.items() if any(one.startswith(word) for one in names[1:])]
    found = same or near
    return links.district(found[0]) if word and len(found) == 1 else None


def _figure(typed: str) -> str | None:
    try:
        return f"/figure/{quote(str(figure_code(typed)))}"
    except BadFigure:
        return None

"""GET /export/metric.csv: an answer of the interface as a file, each line with what is missing.

The words of /api/v1/metrics/{id}/value, and the same answer: two doors to one room.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from centre.api import metrics
from centre.api.errors import responses
from centre.api.past import shown_at
from centre.api.shapes import GroupBody, NoteBody, ValueBody
from centre.api.site import lang_of
from centre.live.runtime import runtime
from components.desk.export import BOM, line
from components.desk.ranks import key_name
from components.text import join, t
from components.view import View

router = APIRouter(prefix="/export", tags=["export"])

COLUMNS = ("key", "num", "den", "value", "present", "expected", "missing", "usual_share", "note")


class Asked(metrics.ValueWords):
    """The words of a value, and whose."""

    metric: str = Field(description="the id of a metric")
    lang: str | None = None


@router.get("/metric.csv", responses=responses(400, 403, 404, 422, 503), summary="A value as CSV")
async def metric_csv(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """UTF-8 with BOM: whose and of when, the columns, the whole, its parts."""
    stamped = Response()
    body = await metrics.value(request, stamped, asked.metric, asked)
    run = runtime()
    view = run.view(lang_of(request))
    shown = run.snapshot() if asked.at is None else await shown_at(asked.at)
    text = "".join(_lines(view, body, asked.by, is_synthetic=shown.synthetic))
    name = f"{asked.metric}-{run.city.id}.csv"
    stamped.headers["content-disposition"] = f'attachment; filename="{name}"'
    stamped.headers["cache-control"] = "no-store"
    told = {name: word for name, word in stamped.headers.items() if name != "content-length"}
    return Response((BOM + text).encode(), media_type="text/csv; charset=utf-8", headers=told)


def _lines(view: View, body: ValueBody, by: str | None, *, is_synthetic: bool) -> list[str]:
    lang, whole = view.lang, t(view.lang, "metric_csv.whole")
    origin = [
        view.city.title.of(lang),
        body.definition.name.zh if lang != "en" else body.definition.name.en,
        view.city.unit_name(body.scope, lang),
        t(lang, "metric_csv.period", start=body.start.isoformat(), end=body.end.isoformat()),
        *([t(lang, "state.synthetic")] if is_synthetic else []),
    ]
    said = {one.id: _said(view, one) for one in body.notes}
    rows = [_row(view, whole, body, said.values())]
    rows += [
        _row(
            view,
            key_name(view, by or "", one.key, body.scope),
            one,
            [said[note] for note in one.notes if note in said],
        )
        for one in body.groups
    ]
    return [line(origin), line([t(lang, f"metric_csv.{name}") for name in COLUMNS]), *rows]


def _said(view: View, one: NoteBody) -> str:
    """What a note says, and whose data it is of."""
    words = one.en if view.lang == "en" and one.en else one.zh
    if one.unit is None:
        return words
    return f"{view.city.unit_name(one.unit, view.lang)}{t(view.lang, 'mark.colon')}{words}"


def _row(view: View, name: str, one: ValueBody | GroupBody, said: Iterable[str]) -> str:
    there = one.coverage
    names = join(view.lang, (view.city.unit_name(code, view.lang) for code in there.missing))
    notes = [
        t(view.lang, f"metric_csv.{word}")
        for word, is_so in (("withheld", one.withheld), ("revised", one.revised))
        if is_so
    ]
    numbers = [_number(number) for number in (one.num, one.den, one.value)]
    covered = [str(there.present), str(there.expected), names, _number(there.usual_share)]
    return line([name, *numbers, *covered, join(view.lang, [*notes, *said])])


def _number(value: float | None) -> str:
    """With all of its digits; nothing, never 0, for what is not known."""
    return "" if value is None else f"{value:.12g}"

"""What the pages without Dash share: style sheets, headers, and of when they are."""

from __future__ import annotations

from centre.api.past import standing
from centre.live.runtime import Runtime
from centre.snapshots.cells import Snapshot
from components import past
from components.text import clock, t

_SHEETS = ("tokens", "panels", "embed")


def styles(build: str) -> str:
    """The links to the style sheets."""
    return "".join(
        f'<link rel="stylesheet" href="/assets/{name}.css?m={build}">' for name in _SHEETS
    )


def headers(snapshot: Snapshot, at: int | None) -> dict[str, str]:
    """Of a page that stands at a seq and may be kept until it has moved on. `at`: of the past."""
    return {
        "cache-control": "no-cache",
        "vary": "cookie",
        **standing(snapshot.seq, snapshot, at),
    }


def as_of(run: Runtime, snapshot: Snapshot, lang: str, at: int | None) -> str:
    """Of when a page is, with its day where it was asked for a moment of the past (`at`)."""
    if snapshot.seq == 0:
        return ""
    if at is not None:
        return past.known(snapshot, run.view(lang))
    return t(lang, "date.as_of", at=clock(snapshot.city_now, run.city.tz))

"""A figure id -> the question it stands for: noted when it was shown, else found by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from centre.domain.periods import local_day
from centre.metrics.asked import COUNTED, Asked, of_ledger, questions, share_of
from centre.metrics.asking import Asking
from centre.snapshots.figures import FigureCode
from centre.store import figures


def resolve(asking: Asking, code: FigureCode, noted: Mapping[str, Any] | None) -> Asked | None:
    """The question of an id at its moment; None where no screen can have shown it.

    `noted`: what this process remembers of it, before it is stored.
    """
    for name in (str(code), code.digest):
        kept = figures.find(asking.conn, name)
        if kept is not None:
            return _noted(kept.query)
    if noted is not None:
        return _noted(noted)
    day = local_day(asking.moment.now, asking.city.tz)
    sources = [one.id for one in asking.moment.sources]
    found = questions(asking.city, asking.metrics, day, sources).get(code.digest)
    found = found or of_ledger(asking.city, day, sources).get(code.digest)
    metric = asking.metrics.get(COUNTED)
    if found is None and metric is not None:
        return share_of(asking.board(), metric, code.digest)
    return found


def _noted(query: Mapping[str, Any]) -> Asked:
    words = {name: word for name, word in query.items() if name not in ("version", "now")}
    now = datetime.fromisoformat(query["now"]) if "now" in query else None
    return Asked(query=words, version=int(query["version"]), now=now)

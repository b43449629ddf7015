"""By which definition a figure or a line stands, in words, where it is not everywhere the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from centre.metrics.metric import Metric, Spell
from centre.snapshots.cells import Series
from components.text import full_day, t


def spans(lang: str, version: int, in_force: Sequence[Spell]) -> str:
    """What must be said of a figure by `version`, of a period with these definitions; or ""."""
    if not in_force or all(one.version == version for one in in_force):
        return ""
    changes = [(before, after) for before, after in pairwise(in_force)]
    if not changes:
        return t(lang, "definition.other", then=in_force[0].version, version=version)
    said = [
        t(
            lang,
            "definition.change",
            day=full_day(lang, after.first),
            before=before.version,
            after=after.version,
        )
        for before, after in changes
    ]
    whole = t(lang, "definition.whole", version=version)
    return t(lang, "definition.spans", changes=t(lang, "mark.semicolon").join(said), whole=whole)


def of_line(series: Series | None) -> tuple[Spell, ...]:
    """The definitions under the days of a line."""
    if series is None or not series.versions:
        return ()
    firsts = (series.first, *series.breaks)
    return tuple(Spell(version, day) for version, day in zip(series.versions, firsts, strict=True))


def breaks(lang: str, series: Series | None) -> str:
    """Where a line is cut because its definition changed; "" where it is not."""
    spells = of_line(series)
    said = [
        t(lang, "definition.break", day=full_day(lang, one.first), version=one.version)
        for one in spells[1:]
    ]
    return t(lang, "mark.semicolon").join(said)


def since(lang: str, metric: Metric, after: Metric | None) -> str:
    """第 1 版，2018-01-01 至 2018-12-31; the last of them without an end."""
    first = metric.valid_from.isoformat()
    if after is None:
        return t(lang, "about.version", number=metric.version, day=first)
    last = after.valid_from - timedelta(days=1)
    return t(lang, "definition.until", number=metric.version, day=first, last=last.isoformat())

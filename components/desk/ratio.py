"""Today against the usual to this minute: 比平常多 46 %, and when that is a surge."""

from __future__ import annotations

from typing import Any

from dash import html

from centre.snapshots.cells import Share, Snapshot
from components import codes
from components.colours import METRIC, ratio
from components.marks import figure, status
from components.rich import Words, rich
from components.text import DASH, number
from components.view import View

SURGE_TIMES, SURGE_LEAST = 1.5, 30
"""As centre.alerts: from 1.5 times the usual on, and from 30 cases on."""


def is_surge(today: float | None, usual: float | None) -> bool:
    """Whether an amount is far above its usual."""
    if today is None or usual is None:
        return False
    return today >= SURGE_LEAST and today >= SURGE_TIMES * usual


def more_or_less(snapshot: Snapshot, view: View, unit: str) -> Any:
    """比平常多 46 %, marked when it is a surge; nothing where there is no usual."""
    times = ratio(snapshot, unit)
    if times is None:
        return None
    off = round(times - 100)
    key = "more" if off > 0 else "less" if off < 0 else "same"
    now, usual = snapshot.compared(METRIC, unit, "usual")
    shown = figure(view, now.figure, str(abs(off)), against="usual", how="growth")
    words = rich(view.lang, f"desk.usual_{key}", percent=shown)
    return status("bad", words) if is_surge(now.value, usual.value) else html.Span(words)


def difference(view: View, unit: str, dim: str, one: Share) -> Words:
    """多 161, 少 3, 持平; "—" without today or its usual."""
    if one.today is None or one.usual is None:
        return [DASH]
    off = round(one.today - one.usual)
    key = "more" if off > 0 else "less" if off < 0 else "same"
    id_, count = codes.share(view, dim, unit, one), number(view.lang, abs(off))
    return rich(view.lang, f"desk.{key}", number=figure(view, id_, count, **_LESS))


_LESS: dict[str, Any] = {"against": "usual", "how": "less"}

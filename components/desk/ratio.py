"""Today against the usual to this minute: 比平常多 46 %, and when that is a surge."""

from __future__ import annotations

from typing import Any

from centre.snapshots.cells import Snapshot
from components.colours import ratio
from components.marks import status
from components.text import DASH, number, t
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
    words = t(view.lang, f"desk.usual_{key}", percent=abs(off))
    metric = "appeal.received.count"
    now, usual = snapshot.cell(metric, unit).value, snapshot.cell(metric, unit, "usual").value
    return status("bad", words) if is_surge(now, usual) else words


def difference(lang: str, today: float | None, usual: float | None) -> str:
    """多 161, 少 3, 持平; "—" without either."""
    if today is None or usual is None:
        return DASH
    off = round(today - usual)
    key = "more" if off > 0 else "less" if off < 0 else "same"
    return t(lang, f"desk.{key}", number=number(lang, abs(off)))

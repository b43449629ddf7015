"""What is a correction: a newer version that takes back what an older one said.

A case that goes on to its next stage says more than before; that is its life and no correction.
"""

from __future__ import annotations

from typing import Any

from centre.domain.records import Case
from centre.store.tables import case

FOR_GOOD = ("kind", "nature", "channel", "category", "received_at")
"""Said once and not to be said otherwise, whatever becomes of the case."""

OF_A_ROUND = ("dispatched_at", "signed_at", "replied_at", "followed_up_at", "closed_at")
"""Set once in a round; a case that is returned or opened again begins another."""

_ROUNDS = ("returns", "reopens")
COLUMNS = tuple(case.c[name] for name in (*FOR_GOOD, *OF_A_ROUND, *_ROUNDS))
"""What must be known of the older version."""


def is_correction(before: Any, now: Case) -> bool:
    """Whether anything that `before` (a row with COLUMNS) said is now said otherwise, or not."""
    is_new_round = any(getattr(now, name) > getattr(before, name) for name in _ROUNDS)
    names = FOR_GOOD if is_new_round else (*FOR_GOOD, *OF_A_ROUND)
    return any(
        getattr(before, name) is not None and getattr(before, name) != getattr(now, name)
        for name in names
    )

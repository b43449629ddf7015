"""What is a correction: a newer version that takes back what an older one said.

A case that goes on to its next stage says more than before; that is its life and no correction.
"""

from __future__ import annotations

from operator import attrgetter
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


_SAID = attrgetter(*(column.name for column in COLUMNS))


def is_correction(before: Any, now: Case) -> bool:
    """Whether anything that `before` (a row that ends with COLUMNS) said is now said otherwise."""
    then, said = tuple(before)[-len(COLUMNS) :], _SAID(now)
    if then == said:
        return False
    rounds = len(_ROUNDS)
    is_new_round = any(n > m for m, n in zip(then[-rounds:], said[-rounds:], strict=True))
    of = len(FOR_GOOD) if is_new_round else len(COLUMNS) - rounds
    return any(m is not None and m != n for m, n in zip(then[:of], said[:of], strict=True))

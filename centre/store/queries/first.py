"""The first cases of an order, as they are or as they were known at a change."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Select, and_, select, union_all

from centre.store.history import case_version, exchange, was_known
from centre.store.tables import case


def first(ordered: Select[Any], most: int, at: int | None) -> Select[Any]:
    """The first rows of an ordered statement about cases; `at`: as they were known then.

    Those are among the first that still are so and the first that were: the latter are put in
    order by the index of the history, and only those that are wanted are read whole.
    """
    if at is None:
        return ordered.limit(most)
    still = ordered.with_only_columns(*case.columns).where(case.c.change <= at).limit(most)
    of_history = partial(exchange, by={case: lambda: case_version})
    name = (case.c.source, case.c.key, case.c.change)
    some = of_history(ordered.with_only_columns(*name)).where(*was_known(case, at))
    these = some.limit(most).subquery()
    same = and_(*(case_version.c[one.name] == these.c[one.name] for one in name))
    then = select(*(case_version.c[one.name] for one in case.columns)).join(these, same)
    both = union_all(select(*still.subquery().c), then).subquery("known")
    return exchange(ordered.limit(most), {case: lambda: both})

"""Every read, each with a Scope; the two that take none say why.

cells     sums of whole days, from the cubes      by_day · by_key · by_unit_key · stock(s) · expect
moments   what no whole day holds                 received_between · dues · last_readings · presence
parts     some days, hours, exact moments         between · on_days · by_key_on_days · cells_of
          what moved, and who ever delivered      touched_since · deliverers
cases     pages, one case, groups, exports        slice · stream · slice_groups · case · versions
filtered  parts of a slice that no cube has       filtered
refused   rows that were rejected                 rejects, reasons
late      closed days that late data changed      revised
"""

from __future__ import annotations

from centre.store.queries.case_query import (
    ANCHORS,
    FILTERS,
    ORDERS,
    STATUSES,
    BadQuery,
    CaseQuery,
)
from centre.store.queries.cases import (
    COUNTED,
    GROUPS,
    Page,
    Version,
    case,
    numbered,
    row,
    slice,
    slice_groups,
    stream,
    versions,
)
from centre.store.queries.cells import by_day, by_key, by_unit_key, expect, stock, stocks
from centre.store.queries.filtered import Slot, filtered
from centre.store.queries.late import Revised, revised
from centre.store.queries.moments import (
    Due,
    Last,
    dues,
    last_readings,
    presence,
    received_between,
)
from centre.store.queries.parts import (
    KEYS,
    ByDay,
    ByKey,
    CubeCell,
    DayUnit,
    between,
    by_key_on_days,
    cells_of,
    deliverers,
    on_days,
    touched_since,
)
from centre.store.queries.refused import Rejects, reasons, rejects

__all__ = [
    "ANCHORS",
    "COUNTED",
    "FILTERS",
    "GROUPS",
    "KEYS",
    "ORDERS",
    "STATUSES",
    "BadQuery",
    "ByDay",
    "ByKey",
    "CaseQuery",
    "CubeCell",
    "DayUnit",
    "Due",
    "Last",
    "Page",
    "Rejects",
    "Revised",
    "Slot",
    "Version",
    "between",
    "by_day",
    "by_key",
    "by_key_on_days",
    "by_unit_key",
    "case",
    "cells_of",
    "deliverers",
    "dues",
    "expect",
    "filtered",
    "last_readings",
    "numbered",
    "on_days",
    "presence",
    "reasons",
    "received_between",
    "rejects",
    "revised",
    "row",
    "slice",
    "slice_groups",
    "stock",
    "stocks",
    "stream",
    "touched_since",
    "versions",
]

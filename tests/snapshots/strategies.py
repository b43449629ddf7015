"""Snapshots of any content, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from centre.domain.notes import Note
from centre.domain.status import Freshness
from centre.snapshots.cells import (
    Address,
    Alert,
    Cell,
    Due,
    Hours,
    Series,
    Share,
    Snapshot,
    SourceState,
)

names = st.sampled_from(["a", "b-c", "城", "510104", "appeal.received.count"])
numbers = st.one_of(st.integers(0, 9), st.floats(allow_nan=False, allow_infinity=False))
maybe_numbers = st.none() | numbers
# Few moments, so that several cells share an as_of and move together.
moments = st.sampled_from([datetime(2026, 6, 16, h, 1, 2, 3, tzinfo=UTC) for h in range(4)])
counts = st.integers(0, 40)

cells = st.builds(
    Cell,
    num=maybe_numbers,
    den=maybe_numbers,
    as_of=st.none() | moments,
    event_at=st.none() | moments,
    received_at=st.none() | moments,
    freshness=st.sampled_from(Freshness),
    present=counts,
    expected=counts,
    missing=st.lists(names, max_size=2).map(tuple),
    usual_share=st.none() | st.floats(0, 1),
    withheld=st.booleans(),
    revised=st.booleans(),
    figure=names,
)
spells = st.lists(st.tuples(st.dates(), counts), max_size=3)


def dated(series: Series, first: int | None, spells: list[tuple[date, int]]) -> Series:
    """With as many breaks as it has changes of version; None: a metric of one definition."""
    if first is None:
        return series
    breaks, later = tuple(day for day, _ in spells), tuple(version for _, version in spells)
    return replace(series, breaks=breaks, versions=(first, *later))


plain_series = st.builds(
    Series,
    first=st.dates(),
    num=st.lists(maybe_numbers, max_size=3).map(tuple),
    den=st.none() | st.lists(maybe_numbers, max_size=3).map(tuple),
    missing=st.lists(st.lists(names, max_size=2).map(tuple), max_size=3).map(tuple),
    revised=st.lists(st.dates(), max_size=2).map(tuple),
    seq=counts,
)
series = st.builds(dated, plain_series, st.none() | counts, spells)
hours = st.builds(
    Hours,
    today=st.lists(maybe_numbers, max_size=3).map(tuple),
    usual=st.lists(maybe_numbers, max_size=3).map(tuple),
    seq=counts,
)
shares = st.builds(Share, key=names, today=numbers, usual=maybe_numbers, seq=counts)
dues = st.builds(Due, open=counts, lapses_today=counts, overdue=counts, seq=counts)
sources = st.builds(
    SourceState,
    id=names,
    zh=names,
    en=names,
    unit=st.none() | names,
    adapter=names,
    state=names,
    synthetic=st.booleans(),
    interval_seconds=numbers,
    contact=names,
    as_of=st.none() | moments,
    event_at=st.none() | moments,
    received_at=st.none() | moments,
    succeeded_at=st.none() | moments,
    lag_seconds=maybe_numbers,
    error=st.none() | names,
    reconciles=st.booleans(),
    compared_at=st.none() | moments,
    differences=st.lists(st.tuples(names, st.integers(-9, 9)), max_size=2).map(tuple),
    seq=counts,
)
notes = st.builds(
    Note, id=names, unit=st.none() | names, start=moments, end=st.none() | moments, at=moments
)
alerts = st.builds(Alert, kind=names, unit=names, value=maybe_numbers, since=st.none() | moments)
pairs = st.tuples(names, names)
snapshots = st.builds(
    Snapshot,
    seq=st.integers(0, 2**53),
    published_at=moments,
    city_now=moments,
    clock=st.sampled_from(["now", "latest"]),
    cells=st.dictionaries(st.builds(Address, names, names, names), cells, max_size=6),
    series=st.dictionaries(pairs, series, max_size=3),
    hours=st.dictionaries(names, hours, max_size=2),
    shares=st.dictionaries(pairs, st.lists(shares, max_size=2).map(tuple), max_size=3),
    dues=st.dictionaries(names, dues, max_size=3),
    sources=st.lists(sources, max_size=2).map(tuple),
    alerts=st.lists(alerts, max_size=2).map(tuple),
    notes=st.lists(notes, max_size=2).map(tuple),
    filled_days=counts,
    total_days=counts,
    synthetic=st.booleans(),
)

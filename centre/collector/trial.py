"""A trial of one source: some of its rows are read as a collector would, and nothing is kept."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from centre.domain.places import City
from centre.domain.sources import SourceConfig
from datasources.kit.report import Report, report
from datasources.registry import build
from datasources.sampling import Sampling
from datasources.source import DataSource, Surroundings

MOST_ROWS = 1000
"""Rows that are looked at: enough for rare words, few enough for any source."""


def trial(config: SourceConfig, city: City, around: Surroundings, now: datetime) -> Report:
    """Read a sample and judge it. Raises SourceError when the source does not answer."""
    source = build(config, around)
    begun = time.perf_counter()
    rows = sample(source, MOST_ROWS, now)
    return report(rows, config, city, now, lambda: time.perf_counter() - begun)


def sample(source: DataSource, most: int, now: datetime) -> Sequence[Mapping[str, Any]]:
    """Some rows, without a trace; of an adapter that has no samples, what it fetches first.

    Nothing is settled: what a source holds for us until then it goes on holding.
    """
    if isinstance(source, Sampling):
        return source.sample(most)
    rows: list[Mapping[str, Any]] = []
    for batch in source.fetch(None, now):
        rows += batch.rows[: most - len(rows)]
        if len(rows) >= most:
            break
    return rows

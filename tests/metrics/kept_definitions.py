"""The kept table of definitions: what each version of each metric is, and gives on the tiny city.

    python -m tests.metrics.kept_definitions      add what is new to definitions.tsv

A line holds metric, version, the date it is valid from, a digest of its formula, and its value on
15 and 16 June in the tiny city and each of its places ("num/den"; "—" missing). A line that stands
there is never rewritten: a changed definition is a new version with its date, and then old and new
values stand one below the other in the same commit.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection

from centre.domain.places import CITY, UNASSIGNED
from centre.domain.scope import EVERYTHING
from centre.metrics.evaluate import value
from centre.metrics.explain import sql
from centre.metrics.metric import Metric
from centre.metrics.questions import Question
from centre.metrics.registry import METRICS
from centre.store.engine import reading
from tests import tiny
from tests.metrics.conftest import empty, fill

TABLE = Path(__file__).with_name("definitions.tsv")
PLACES = (CITY, "north", "south", "river", UNASSIGNED)
HEAD = ("metric", "version", "valid_from", "formula", *PLACES)
START, END = tiny.at("06-15 00:00"), tiny.at("06-17 00:00")

Key = tuple[str, int]
Line = tuple[str, ...]
"""valid_from, formula, and the value of each place."""


def formula(metric: Metric) -> str:
    """A digest of all that makes a definition give what it gives; its words are not in it."""
    needs = metric.needs.id if metric.needs else ""
    said = (metric.shape, metric.series or "", needs, *sorted(sql(metric).items()))
    return blake2b(repr(said).encode(), digest_size=5).hexdigest()


def definitions() -> Iterator[Metric]:
    """Every definition of the registry, metric by metric, oldest first."""
    for metric_id in sorted(METRICS):
        yield from METRICS[metric_id].versions


def line(conn: Connection, metric: Metric) -> Line:
    """The line of a definition as it is now."""
    shown = (_shown(conn, metric, place) for place in PLACES)
    return (metric.valid_from.isoformat(), formula(metric), *shown)


def _shown(conn: Connection, metric: Metric, place: str) -> str:
    asked = Question(metric=metric.id, unit=place, start=START, end=END, version=metric.version)
    found = value(conn, tiny.CITY, asked, EVERYTHING, tiny.NOW)
    if found.num is None:
        return "—"
    return f"{found.num:g}" if found.den is None else f"{found.num:g}/{found.den:g}"


def kept() -> dict[Key, Line]:
    """What stands in the table."""
    rows = [row.split("\t") for row in TABLE.read_text("utf-8").splitlines()]
    return {(name, int(number)): tuple(rest) for name, number, *rest in rows[1:]}


def written(lines: Mapping[Key, Line]) -> str:
    """The table as text, in the order of ids and versions."""
    rows = ("\t".join((name, str(number), *lines[name, number])) for name, number in sorted(lines))
    return "\n".join(("\t".join(HEAD), *rows, ""))


def main() -> int:
    """Add the definitions that are not in it yet; the others stay as they are."""
    lines = kept() if TABLE.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        engine = empty(Path(folder))
        fill(engine)
        with reading(engine) as conn:
            new = {(one.id, one.version): line(conn, one) for one in definitions()}
        engine.dispose()
    added = new.keys() - lines.keys()
    TABLE.write_text(written({**new, **lines}), "utf-8")
    sys.stdout.write(f"{TABLE}: {len(added)} added, {len(lines)} kept\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

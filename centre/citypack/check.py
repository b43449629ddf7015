"""Everything that can be said about a city pack before it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from centre.citypack.finding import Finding, did_you_mean
from centre.citypack.load import SOURCES, TARGETS, load_sources, read_city
from centre.citypack.source_rules import secret_names
from centre.domain.places import City
from centre.domain.sources import SourceConfig


def check(
    folder: Path,
    *,
    metrics: Mapping[str, Collection[int]],
    adapters: Mapping[str, Collection[str]],
    env: Mapping[str, str],
    counting: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """All findings of a pack, file by file.

    `metrics`: id -> versions that exist. `adapters`: adapter -> keys of its [connection].
    `counting`: those that can say what their source holds; None: not known. Sources
    are looked at only when places.toml can be read, because their units and codes stand there.
    """
    city, findings = read_city(folder)
    if city is None:
        return findings
    sources, wrong = load_sources(folder, city)
    return (
        *findings,
        *_metrics(folder / TARGETS, city, metrics),
        *_some_source(folder / SOURCES),
        *wrong,
        *(finding for one in sources for finding in of_source(one, adapters, env)),
        *_uncounted(sources, counting),
    )


def _metrics(file: Path, city: City, known: Mapping[str, Collection[int]]) -> Iterator[Finding]:
    tables = {
        "target": city.targets,
        "published": city.published,
        "definition": city.definitions,
    }
    for table, metric in ((table, metric) for table, named in tables.items() for metric in named):
        if metric not in known:
            remedy = did_you_mean(metric, known)
            yield Finding(
                file=file, key=f'{table}."{metric}"', problem="unknown metric", remedy=remedy
            )
    for metric, number in city.definitions.items():
        if metric in known and number not in known[metric]:
            there = ", ".join(map(str, known[metric]))
            yield Finding(
                file=file,
                key=f'definition."{metric}"',
                problem=f"there is no version {number}",
                remedy=f"write one of {there}, or leave the line out for the newest",
            )


def _some_source(folder: Path) -> Iterator[Finding]:
    if not any(folder.glob("*.toml")):
        problem, remedy = "no source", "put one TOML file for each outside system there"
        yield Finding(file=folder, key="", problem=problem, remedy=remedy)


def of_source(
    source: SourceConfig, adapters: Mapping[str, Collection[str]], env: Mapping[str, str]
) -> Iterator[Finding]:
    if source.adapter not in adapters:
        problem = f'unknown adapter "{source.adapter}"'
        remedy = did_you_mean(source.adapter, adapters)
        yield Finding(file=source.path, key="adapter", problem=problem, remedy=remedy)
        return
    known = adapters[source.adapter]
    for key in _named(source.connection, known):
        if key not in known:
            where, problem = f"connection.{key}", f"the adapter {source.adapter} has no such key"
            remedy = did_you_mean(key, known)
            yield Finding(file=source.path, key=where, problem=problem, remedy=remedy)
    for key, name in secret_names(source.connection):
        if not env.get(name):
            problem, remedy = f"{name} is not set", f"set {name} in the environment of the centre"
            yield Finding(file=source.path, key=key, problem=problem, remedy=remedy)


def _uncounted(
    sources: Iterable[SourceConfig], counting: Collection[str] | None
) -> Iterator[Finding]:
    for one in sources:
        if counting is not None and one.reconcile is not None and one.adapter not in counting:
            problem = f"the adapter {one.adapter} cannot count what its source holds"
            yield Finding(file=one.path, key="reconcile", problem=problem, remedy="take it out")


def _named(connection: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """The keys of a connection; "auth.kind", too, where the adapter names keys of that table."""
    tables = {name.partition(".")[0] for name in known if "." in name}
    for key, value in connection.items():
        yield key
        within = value if isinstance(value, list) else [value]
        for table in within if key in tables else ():
            yield from (f"{key}.{name}" for name in table if isinstance(table, Mapping))

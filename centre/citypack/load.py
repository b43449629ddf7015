"""A folder conf/<city> -> the City and its sources, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from centre.citypack import build
from centre.citypack.boundaries import boundary_findings
from centre.citypack.finding import BadPack, Finding
from centre.citypack.places_file import PlacesFile, TargetsFile
from centre.citypack.places_rules import places_findings
from centre.citypack.read import read_json, read_toml
from centre.citypack.source_file import SourceFile
from centre.citypack.source_rules import source_findings
from centre.domain.places import City
from centre.domain.sources import SourceConfig

Value = TypeVar("Value")

PLACES, TARGETS, BOUNDARIES, SOURCES = (
    "places.toml",
    "targets.toml",
    "boundaries.geojson",
    "sources.d",
)


def load_city(folder: Path) -> City:
    """Read the places, targets and boundaries of a city; raises BadPack with all findings."""
    city, findings = read_city(folder)
    if city is None or findings:
        raise BadPack(findings)
    return city


def read_city(folder: Path) -> tuple[City | None, tuple[Finding, ...]]:
    """The city as far as it can be read, and what is wrong with it.

    None when places.toml has no shape. With findings the city serves only to look for more.
    """
    findings: list[Finding] = []
    places = _gather(findings, lambda: read_toml(folder / PLACES, PlacesFile))
    targets = _gather(findings, lambda: _targets(folder / TARGETS)) or TargetsFile()
    boundaries = _gather(findings, lambda: _boundaries(folder / BOUNDARIES))
    if places is None:
        return None, tuple(findings)
    findings += places_findings(folder / PLACES, places)
    if boundaries is not None:
        codes = [unit.code for unit in places.units]
        findings += boundary_findings(folder / BOUNDARIES, boundaries, codes)
    city = build.city(folder.resolve().name, places, targets, boundaries)
    return city, tuple(findings)


def load_sources(folder: Path, city: City) -> tuple[tuple[SourceConfig, ...], tuple[Finding, ...]]:
    """Read sources.d by file name: the good sources, and what is wrong with the others.

    A file with a finding is left out whole; the others are not touched by it.
    """
    good: list[SourceConfig] = []
    findings: list[Finding] = []
    for file in sorted((folder / SOURCES).glob("*.toml")):
        source = _gather(findings, partial(load_source, file, city))
        good += [source] if source is not None else []
    return tuple(good), tuple(findings)


def load_source(file: Path, city: City) -> SourceConfig:
    """Read one source file; raises BadPack."""
    source = read_toml(file, SourceFile)
    findings = source_findings(file, source, city)
    if findings:
        raise BadPack(findings)
    return replace(build.source(file, source), map=_hash(file))


def _hash(file: Path) -> str:
    return blake2b(file.read_bytes(), digest_size=4).hexdigest()


def _targets(file: Path) -> TargetsFile:
    return read_toml(file, TargetsFile) if file.exists() else TargetsFile()


def _boundaries(file: Path) -> Mapping[str, Any] | None:
    return read_json(file) if file.exists() else None


def _gather(findings: list[Finding], read: Callable[[], Value]) -> Value | None:
    """What `read` returns; None when it raises BadPack, whose findings are collected."""
    try:
        return read()
    except BadPack as error:
        findings += error.findings
        return None

"""What is wrong with a source file besides its shape: its adapter, its keys, its secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from centre.citypack.check import of_source
from centre.citypack.files import Judge
from centre.citypack.finding import Finding
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from datasources.budget import Budget
from datasources.registry import adapters, build
from datasources.source import SourceError, Surroundings

_KEY = re.compile(r"(?:(connection(?:[.\[]\S*)?|adapter|fields\S*): )?(.*)", re.DOTALL)


def judge(city: City, data_dir: Path | None) -> Judge:
    """A judge for the files of a city. It builds the adapter, and asks no source anything."""

    def found(config: SourceConfig) -> Iterator[Finding]:
        keys = {name: adapter.connection_keys for name, adapter in adapters().items()}
        findings = tuple(of_source(config, keys, os.environ))
        yield from findings or _built(config, city, data_dir)

    return found


def _built(config: SourceConfig, city: City, data_dir: Path | None) -> Iterator[Finding]:
    """What the adapter itself says of its table."""
    around = Surroundings(
        city=city, data_dir=data_dir, secrets=dict(os.environ), budget=Budget(config.limits)
    )
    try:
        build(config, around)
    except SourceError as error:
        key, problem = _parts(str(error), config)
        yield Finding(file=config.path, key=key, problem=problem, remedy="mend it and save again")
    except Exception as error:  # an adapter of a stranger may trip over what it did not foresee
        problem = f"the adapter {config.adapter} cannot be made ({type(error).__name__})"
        remedy = "compare [connection] with docs/connect.md"
        yield Finding(file=config.path, key="connection", problem=problem, remedy=remedy)


def _parts(said: str, config: SourceConfig) -> tuple[str, str]:
    """(key, the rest) of an adapter's complaint, which begins with the file."""
    match = _KEY.fullmatch(said.removeprefix(f"{config.path}: "))
    return (match[1] or "connection", match[2]) if match else ("connection", said)

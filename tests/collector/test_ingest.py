"""Ingest by hand takes what has just been put there, the first time and every other time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from centre.collector.ground import ground, opened
from centre.collector.ingest import ingest
from centre.collector.service import utc_now
from centre.domain.sources import SourceConfig
from centre.store.engine import reading
from centre.store.sources import states
from datasources.file_drop import FileDrop
from datasources.source import Surroundings
from tests.collector.scripted import config, settings
from tests.tiny import CITY

HEADER = "key,unit,received,source_version\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The tiny city's store, empty."""
    with opened(settings(tmp_path)) as engine:
        yield engine


def load(engine: Engine, one: SourceConfig, data: Path) -> int:
    """Ingest as the command does, with an adapter of its own; how many rows are stored by now."""
    around = Surroundings(city=CITY, data_dir=data, secrets={})
    with ground(engine, CITY, [one], utc_now) as base:
        ingest(FileDrop(one, around), base.claim(one), lambda _done, _total: None)
    with reading(engine) as conn:
        (found,) = states(conn)
    return found.stored


def files(**connection: Any) -> SourceConfig:
    return config(adapter="file_drop", connection={"settle_seconds": 0.3, **connection})


def put(file: Path, key: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{HEADER}{key},north,2026-06-16T08:00,1\n", "utf-8")


def test_each_new_file_of_a_drop_folder_is_taken(engine: Engine, tmp_path: Path) -> None:
    one = files(folder="in")
    for number in (1, 2):
        put(tmp_path / "in" / f"{number}.csv", f"A{number}")
        assert load(engine, one, tmp_path) == number


def test_a_new_file_is_waited_for_beside_one_of_a_crash(engine: Engine, tmp_path: Path) -> None:
    put(tmp_path / "in" / "2.csv", "A2")
    put(tmp_path / "in" / "working" / "1.csv", "A1")
    assert load(engine, files(folder="in"), tmp_path) == 2


def test_a_file_in_place_that_has_just_changed_is_taken(engine: Engine, tmp_path: Path) -> None:
    one = files(path="a.csv")
    for number in (1, 2):
        put(tmp_path / "a.csv", f"A{number}")
        assert load(engine, one, tmp_path) == number


def test_nothing_new_is_not_waited_for(engine: Engine, tmp_path: Path) -> None:
    one = files(folder="in")
    (tmp_path / "in").mkdir()
    load(engine, one, tmp_path)
    began = time.monotonic()
    assert load(engine, one, tmp_path) == 0
    assert time.monotonic() - began < 5

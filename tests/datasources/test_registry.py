"""Adapters are found, strangers' mistakes stay theirs."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from datasources import registry
from datasources.file_drop import FileDrop
from datasources.simulated import Simulated
from tests.datasources.make import around, source


@pytest.fixture(autouse=True)
def _fresh() -> object:
    registry.adapters.cache_clear()
    yield
    registry.adapters.cache_clear()


def _install(monkeypatch: pytest.MonkeyPatch, **points: str) -> None:
    found = EntryPoints(
        EntryPoint(name=name, value=value, group=registry.ENTRY_POINTS)
        for name, value in points.items()
    )
    monkeypatch.setattr(registry, "entry_points", lambda group: found.select(group=group))


class Foreign(Simulated):
    """A stranger's adapter, as another package would bring it."""

    adapter = "foreign"


def test_ours_are_found_without_a_list() -> None:
    assert registry.adapters()["simulated"] is Simulated
    assert registry.adapters()["file_drop"] is FileDrop


def test_every_adapter_is_called_like_its_module() -> None:
    for name, one in registry.adapters().items():
        assert one.__module__.rsplit(".", 1)[-1] == name
        assert one.connection_keys


def test_an_entry_point_adds_an_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, foreign=f"{__name__}:Foreign")
    config = source("foreign", {"cases_per_day": 1})
    assert type(registry.build(config, around())).__name__ == "Foreign"


def test_a_broken_plug_in_is_logged_and_skipped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _install(monkeypatch, gone="no_such_package:Thing", foreign=f"{__name__}:Foreign")
    with caplog.at_level(logging.ERROR):
        assert {"simulated", "file_drop", "foreign"} <= set(registry.adapters())
    assert "gone (no_such_package:Thing) cannot be loaded" in caplog.text


def test_a_stranger_may_not_take_the_name_of_ours(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Foreign, "adapter", "simulated")
    _install(monkeypatch, foreign=f"{__name__}:Foreign")
    with caplog.at_level(logging.ERROR):
        assert registry.adapters()["simulated"] is Simulated
    assert "has the name of one of ours" in caplog.text


def test_an_unknown_adapter_is_refused_with_file_and_nearest_name() -> None:
    with pytest.raises(
        registry.UnknownAdapter, match=r'wuhou\.toml: adapter: .*nearest: "file_drop"'
    ):
        registry.build(source("file_dorp", {}), around())

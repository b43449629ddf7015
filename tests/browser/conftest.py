"""One filled centre for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.serve import Centre, filled_once, running, small_chengdu, wait_until_filled


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a small Chengdu with its 35 days; filled once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    return filled_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Iterator[Centre]:
    """A small Chengdu as it is shipped."""
    folder: Path = tmp_path_factory.mktemp("centre")
    with running(folder, filled, CITY=str(small_chengdu(folder))) as centre:
        wait_until_filled(centre)
        yield centre

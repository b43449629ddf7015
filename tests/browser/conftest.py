"""One filled centre for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.serve import Centre, running, small_chengdu, wait_until_filled


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Chengdu with some 600 cases a day and its 35 days filled in."""
    folder: Path = tmp_path_factory.mktemp("centre")
    pack = small_chengdu(folder, each=25)
    with running(folder, CITY=str(pack)) as centre:
        wait_until_filled(centre)
        yield centre

"""Source files that were refused stand on /sources and in the interface until they are mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from centre.live.runtime import runtime
from tests.pages.own_pack import Own, own_pack


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    with own_pack(tmp_path) as made:
        yield made


def test_a_refused_file_is_told_with_key_and_remedy_until_it_is_mended(own: Own) -> None:
    good = (own.sources / "510104.toml").read_text("utf-8")
    assert "配置文件有误" not in own.page("/sources")
    own.save("510104.toml", good.replace('adapter = "simulated"', 'adapter = "simulatd"'))
    words = own.page("/sources")
    assert "配置文件有误" in words
    assert '510104.toml: adapter unknown adapter "simulatd"; did you mean "simulated"?' in words
    assert "该来源仍按原配置运行" in words
    assert "The source goes on as it was" in own.page("/sources", "?lang=en")
    (told,) = own.send("GET", "/api/v1/sources").json()["refused_files"]
    assert (told["file"], told["key"], told["goes_on"]) == ("510104.toml", "adapter", True)
    assert "510104" in {one.id for one in runtime().sources}
    own.save("510104.toml", good)
    assert "配置文件有误" not in own.page("/sources")
    assert own.send("GET", "/api/v1/sources").json()["refused_files"] == []


def test_a_new_file_that_is_wrong_is_left_out(own: Own) -> None:
    own.save("new-desk.toml", "adapter = ")
    assert "该来源未启用" in own.page("/sources")
    assert "new-desk" not in {one.id for one in runtime().sources}


def test_buttons_follow_the_files(own: Own) -> None:
    own.save("510104.toml", None)
    assert "没有这个来源" in own.page("/sources", "?source=510104")

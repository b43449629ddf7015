"""A source file is drafted, checked and saved in a browser; nothing of ours can be looked at so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from centre.live.runtime import runtime
from components.desk import source_editor
from datasources.registry import adapters
from tests.datasources.databases import fill
from tests.datasources.unknown import TABLE, rows
from tests.pages.own_pack import Own, own_pack
from tests.pages.reading import text
from tests.pages.test_server import layout_of

WORD = "a-long-word"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    """Files may be edited; DATA holds a database with a table that nobody has described."""
    data = tmp_path / "data"
    data.mkdir()
    now = datetime.now(UTC).replace(tzinfo=None)
    fill(f"sqlite:///{data / 'tickets.db'}", rows(60, now), TABLE)
    with own_pack(tmp_path, data_dir=data, sources_edit=True) as made:
        yield made


def asked(own: Own, outputs: list[tuple[str, str]], **words: Any) -> Any:
    """What a callback answers, None when it answers nothing."""
    named = [{"id": id_, "property": name} for id_, name in outputs]
    output = "...".join(f"{id_}.{name}" for id_, name in outputs)
    headers = words.pop("headers", {})
    answer = own.send(
        "POST",
        "/_dash-update-component",
        json={"output": f"..{output}..", "outputs": named, **words},
        headers=headers,
    )
    return answer.json()["response"] if answer.content else None


def drafted(own: Own, adapter: str, given: Mapping[str, str], id: str = "xinjin") -> Any:
    button = {"id": source_editor.DRAFT, "property": "n_clicks", "value": 1}
    keys = [{"connection": key} for key in given]
    facts = {"id": id, "unit": "510118", "record": "case"}
    return asked(
        own,
        [(source_editor.TEXT, "value"), (source_editor.TOLD, "children")],
        inputs=[button],
        changedPropIds=[f"{source_editor.DRAFT}.n_clicks"],
        state=[
            {"id": "_pages_location", "property": "search", "value": f"?adapter={adapter}"},
            [{"id": key, "property": "id", "value": key} for key in keys],
            [
                {"id": key, "property": "value", "value": word}
                for key, word in zip(keys, given.values(), strict=True)
            ],
            *(
                {"id": source_editor.field_id(one), "property": "value", "value": facts[one]}
                for one in source_editor.FACTS
            ),
        ],
    )


def pressed(own: Own, button: str, id: str, file: str, base: str = "", **words: Any) -> Any:
    """Press check or save with this text in the form."""
    clicks = {
        one: {"id": one, "property": "n_clicks", "value": 1 if one == button else None}
        for one in (source_editor.CHECK, source_editor.SAVE)
    }
    values = {
        source_editor.field_id("id"): id,
        source_editor.TEXT: file,
        source_editor.EMPTY: words.pop("empty", []),
    }
    return asked(
        own,
        [(source_editor.RESULT, "children"), (source_editor.BASE, "data")],
        inputs=[*clicks.values()],
        changedPropIds=[f"{button}.n_clicks"],
        state=[
            {"id": source_editor.field_id("id"), "property": "value", "value": id},
            {"id": source_editor.TEXT, "property": "value", "value": file},
            {"id": source_editor.BASE, "property": "data", "value": base},
            {
                "id": source_editor.EMPTY,
                "property": "value",
                "value": values[source_editor.EMPTY],
            },
        ],
        **words,
    )


def result(answer: Any) -> str:
    return text(answer[source_editor.RESULT]["children"])


def draft_of(own: Own) -> str:
    answer = drafted(own, "sql_view", {"url": "sqlite:///tickets.db", "table": "T_SQGD"})
    made: str = answer[source_editor.TEXT]["value"]
    return made


def test_without_leave_the_page_says_how_to_get_it_and_does_nothing(tmp_path: Path) -> None:
    with own_pack(tmp_path) as own:
        words = own.page("/sources/new")
        assert "SOURCES_EDIT=1" in words
        assert "保存" not in words
        assert pressed(own, source_editor.CHECK, "xinjin", "adapter = 1") is None


def test_an_unknown_table_is_drafted_checked_and_saved(own: Own) -> None:
    before = (own.sources.parents[1] / "test.db").read_bytes()
    file = draft_of(own)
    assert 'received_at = { column = "DJSJ"' in file
    told = result(pressed(own, source_editor.CHECK, "xinjin", file))
    assert "可以接入" in told
    assert "读成这样" in told
    assert "新津区" in told
    assert not (own.sources / "xinjin.toml").exists()
    assert (own.sources.parents[1] / "test.db").read_bytes() == before  # nothing of it is kept
    saved = pressed(own, source_editor.SAVE, "xinjin", file)
    assert "已保存" in result(saved)
    assert (own.sources / "xinjin.toml").read_text("utf-8") == file
    assert "xinjin" in {one.id for one in runtime().sources}


def test_an_edit_begins_with_the_file_and_keeps_the_old_one(own: Own) -> None:
    old = draft_of(own)
    base = pressed(own, source_editor.SAVE, "xinjin", old)[source_editor.BASE]["data"]
    answer = layout_of(own.send, "/sources/new", "?source=xinjin")
    assert "DJSJ" in answer.text
    assert base in answer.text
    new = old.replace('every = "30 s"', 'every = "45 s"')
    assert "已保存" in result(pressed(own, source_editor.SAVE, "xinjin", new, base))
    assert (own.sources / "xinjin.toml.bak").read_text("utf-8") == old
    assert "已被他人改动" in result(pressed(own, source_editor.SAVE, "xinjin", old, base))
    assert "已有同名来源" in result(pressed(own, source_editor.SAVE, "xinjin", old))
    assert (own.sources / "xinjin.toml").read_text("utf-8") == new


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('adapter = "sql_view"', 'adapter = "sql_vew"', 'did you mean "sql_view"?'),
        ('table = "T_SQGD"', 'table = "T_NONE"', "试读没有成功"),
        ('received_at = { column = "DJSJ"', 'received_at = { column = "NOPE"', "xinjin.toml: "),
        ('received_at = { column = "DJSJ"', 'received_at = { column = "SQBT"', "不能接入"),
        ("[connection]", f'[connection]\npassword = "{WORD}"', "a secret stands here in clear"),
        ("sqlite:///tickets.db", "sqlite:////etc/passwd", "lies outside of DATA"),
        ("sqlite:///tickets.db", "mysql://127.0.0.1/x", "a place within our own network"),
        ("sqlite:///tickets.db", "mysql://db/x?unix_socket=/run/x", "could lead elsewhere"),
    ],
)
def test_what_a_check_refuses_is_not_saved(own: Own, old: str, new: str, told: str) -> None:
    file = draft_of(own)
    assert file.count(old) == 1
    answer = pressed(own, source_editor.SAVE, "xinjin", file.replace(old, new))
    assert told in result(answer)
    assert WORD not in result(answer)
    assert not (own.sources / "xinjin.toml").exists()


@pytest.mark.parametrize("id", ["", "..", "../x", "a/b", "X1", "x" * 40])
def test_a_name_that_is_no_id_leads_nowhere(own: Own, id: str) -> None:
    assert "文件名只能用" in result(pressed(own, source_editor.SAVE, id, draft_of(own)))


def test_another_site_presses_no_button(own: Own) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert pressed(own, source_editor.CHECK, "xinjin", "x", headers=headers) is None


@pytest.mark.parametrize("adapter", ["rest", "web_probe", "sql_view", "replay", "open311"])
def test_each_adapter_shows_its_keys_with_what_they_mean(own: Own, adapter: str) -> None:
    words = own.page("/sources/new", f"?adapter={adapter}")
    for key, meaning in adapters()[adapter].connection_keys.items():
        assert key in words
        assert meaning in words


def test_a_draft_without_an_answer_says_so_and_shows_no_secret(own: Own) -> None:
    url = f"mysql://reader:{WORD}@127.0.0.1/x"
    answer = drafted(own, "sql_view", {"url": url, "table": "T"})
    told = text(answer[source_editor.TOLD]["children"])
    assert "a place within our own network (127.0.0.1)" in told
    assert WORD not in told
    assert "there is no folder" not in told


def test_a_system_without_a_draft_of_its_own_is_looked_at_as_it_is(own: Own) -> None:
    data = own.sources.parents[1] / "data"
    line = '{"id": "A1", "received": "2026-06-16T08:00:00+08:00"}\n'
    (data / "log.jsonl").write_text(line, "utf-8")
    answer = drafted(own, "replay", {"path": "log.jsonl", "speed": "max"}, "log")
    file = answer[source_editor.TEXT]["value"]
    assert 'adapter = "replay"' in file
    assert 'key = "id"' in file
    assert 'received_at = { column = "received", format = "iso" }' in file

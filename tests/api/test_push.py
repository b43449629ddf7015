"""POST /api/v1/push/<source>: what is taken, and each way in which a request is refused."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app import create_app
from centre.live.runtime import runtime
from centre.settings import ROOT
from centre.snapshots.bus.memory import MemoryBus
from centre.store import inbox
from examples.push import Centre
from tests.docs.blocks import files
from tests.web import client, panels, settings

KEY = "0123456789abcdef0123456789abcdef"
GOOD = {
    "编号": "XJ-1",
    "登记时间": "2026-06-16 08:00:00",
    "更新时间": "2026-06-16 08:00:00",
    "来源": "来电",
    "内容": "路灯不亮",
}
BAD = {**GOOD, "登记时间": "昨天"}
JSON, LINES = "application/json", "application/x-ndjson"

Post = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A web process with the source of the manual and one that has no key; nobody collects."""
    folder = tmp_path_factory.mktemp("pushed")
    pack = Path(shutil.copytree(ROOT / "conf" / "chengdu", folder / "chengdu"))
    text = files("connect.md")["push"].replace(
        "[schedule]", "max_mb = 1\nmax_rows = 100\n[schedule]"
    )
    (pack / "sources.d" / "510118.toml").unlink()
    (pack / "sources.d" / "510117.toml").unlink()
    (pack / "sources.d" / "xinjin.toml").write_text(text, "utf-8")
    other = text.replace("XINJIN_KEY", "NO_KEY").replace('unit = "510118"', 'unit = "510117"')
    (pack / "sources.d" / "keyless.toml").write_text(other, "utf-8")
    (pages := folder / "pages").mkdir()
    with pytest.MonkeyPatch.context() as env:
        env.setenv("XINJIN_KEY", KEY)
        env.delenv("NO_KEY", raising=False)
        wanted = replace(settings(folder), city_dir=pack)
        yield create_app(wanted, bus=MemoryBus(), panels=panels(), pages=pages)
        runtime().engine.dispose()


@pytest.fixture
def post(web: Any) -> Iterator[Post]:
    """Send rows, signed; headers may be replaced. The inbox is empty at first."""

    async def speak(path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        async with client(web) as speaking:
            return await speaking.post(path, content=body, headers=headers)

    def posted(
        rows: Any,
        kind: str = JSON,
        *,
        name: str = "k",
        to: str = "xinjin",
        dry_run: str = "false",
        **other: str,
    ) -> httpx.Response:
        body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        signed = Centre("http://test", to, KEY).signed(body, name)
        changed = {key.replace("_", "-"): word for key, word in other.items()}
        headers = {**{key.lower(): word for key, word in signed.items()}, **changed}
        path = f"/api/v1/push/{to}?dry_run={dry_run}"
        return asyncio.run(speak(path, body, {"content-type": kind, **headers}))

    yield posted
    with runtime().engine.begin() as conn:
        for table in (inbox.inbox, inbox.pushed, inbox.nonce):
            conn.execute(table.delete())


def waiting() -> list[Any]:
    """The entries that wait."""
    with runtime().engine.connect() as conn:
        return list(conn.execute(sa.select(inbox.inbox).order_by(inbox.inbox.c.id)))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_rows_are_kept_when_the_answer_says_so(post: Post) -> None:
    answer = post([GOOD, BAD])
    body = answer.json()
    assert (answer.status_code, body["rows"], body["taken"]) == (202, 2, 1)
    (refused,) = body["refused"]
    assert (refused["row"], refused["line"], refused["field"]) == (2, 1, "received_at")
    assert (refused["key"], refused["column"], refused["reason"]) == (
        "XJ-1",
        "登记时间",
        "bad_time",
    )
    (entry,) = waiting()
    assert (entry.rows, entry.size, entry.bad, entry.id) == ([GOOD, BAD], 2, 1, body["entry"])
    assert not entry.taken


def test_the_same_request_again_is_answered_alike_and_kept_once(post: Post) -> None:
    first, again = post([GOOD, BAD]), post([GOOD, BAD])
    assert again.status_code == 202
    assert again.json() == {**first.json(), "repeated": True}
    assert len(waiting()) == 1


def test_another_body_under_the_same_key_is_refused(post: Post) -> None:
    post([GOOD])
    assert code(post([GOOD, GOOD])) == (409, "other_body")
    assert len(waiting()) == 1


def test_rows_can_be_tried_without_being_kept(post: Post) -> None:
    answer = post([GOOD, BAD], dry_run="true")
    assert (answer.status_code, answer.json()["taken"]) == (200, 1)
    assert [one["field"] for one in answer.json()["refused"]] == ["received_at"]
    assert code(post([BAD], dry_run="true")) == (422, "rows_refused")
    assert code(post([BAD] * 60, dry_run="true")) == (422, "drifted")
    assert code(post([GOOD], dry_run="true", x_nonce="x" * 16)) == (401, "not_signed")
    assert waiting() == []
    assert post([GOOD, BAD]).json()["repeated"] is False


def test_an_empty_list_counts_each_time(post: Post) -> None:
    answers = [post([]), post([])]
    assert [one.json()["repeated"] for one in answers] == [False, False]
    assert len(waiting()) == 2


def test_a_request_of_bad_rows_alone_is_refused_and_they_are_kept(post: Post) -> None:
    answer = post([BAD])
    assert code(answer) == (422, "rows_refused")
    assert answer.json()["refused"][0]["field"] == "received_at"
    assert [one.bad for one in waiting()] == [1]
    assert code(post([BAD])) == (422, "rows_refused")
    assert len(waiting()) == 1


def test_a_request_whose_form_has_changed_is_refused_whole(post: Post) -> None:
    rows = [{**GOOD, "编号": f"XJ-{number}"} for number in range(60)]
    drifted = [{**one, "登记时间": "昨天"} if place < 20 else one for place, one in enumerate(rows)]
    answer = post(drifted)
    assert code(answer) == (422, "drifted")
    assert "20 of 60 rows are bad (received_at: bad_time 20)" in answer.json()["error"]["message"]
    assert len(answer.json()["refused"]) == 20
    assert waiting() == []
    assert post(rows).status_code == 202, "its key is free: nothing of it was taken"


@pytest.mark.parametrize(
    ("body", "kind", "expected", "says"),
    [
        (b"[{]", JSON, (400, "unreadable"), "line 1: not JSON"),
        (b"a,a\n", "text/csv", (400, "unreadable"), "line 1"),
        (b"[]", "text/html", (415, "unknown_kind"), "text/csv"),
        (b"{}\n" * 101, LINES, (400, "unreadable"), "more than 100 rows"),
        (b" " * (2**20 + 1), JSON, (413, "too_large"), "more than 1 MiB"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_with_a_reason(
    post: Post, body: bytes, kind: str, expected: tuple[int, str], says: str
) -> None:
    answer = post(body, kind)
    assert code(answer) == expected
    assert says in answer.json()["error"]["message"]
    assert waiting() == []


def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit(web: Any) -> None:
    sent = []

    async def endless() -> Any:
        for number in range(100):
            sent.append(number)
            yield b" " * 2**16

    async def speak() -> httpx.Response:
        headers = {**Centre("http://test", "xinjin", KEY).signed(b"", "k"), "content-type": JSON}
        async with client(web) as speaking:
            return await speaking.post("/api/v1/push/xinjin", content=endless(), headers=headers)

    assert code(asyncio.run(speak())) == (413, "too_large")


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"x_signature": "sha256=" + "0" * 64}, "X-Signature"),
        ({"idempotency_key": "other"}, "X-Signature"),
        ({"x_nonce": "x" * 16}, "X-Signature"),
        ({"x_timestamp": str(int(time.time()) - 400)}, "X-Signature"),
        ({"x_nonce": "short"}, "X-Nonce: write"),
    ],
)
def test_who_does_not_know_the_key_is_refused(
    post: Post, headers: dict[str, str], says: str
) -> None:
    answer = post([GOOD], **headers)
    assert code(answer) == (401, "not_signed")
    assert says in answer.json()["error"]["message"]
    assert "our clock says" in answer.json()["error"]["remedy"]
    assert waiting() == []


def test_a_request_that_somebody_has_copied_is_refused(post: Post) -> None:
    body = json.dumps([GOOD]).encode()
    signed = Centre("http://test", "xinjin", KEY).signed(body, "k")
    copied = {key.lower().replace("-", "_"): word for key, word in signed.items()}
    assert post(body, **copied).status_code == 202
    assert code(post(body, **copied)) == (409, "replayed")


def test_more_requests_than_agreed_are_told_when_to_come_back(post: Post) -> None:
    now = datetime.now(UTC)
    with runtime().engine.begin() as conn:
        words = [{"source": "xinjin", "nonce": f"{number}", "at": now} for number in range(600)]
        conn.execute(inbox.nonce.insert(), words)
    answer = post([GOOD])
    assert code(answer) == (429, "too_many")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert waiting() == []


def test_nothing_is_pushed_to_a_source_that_is_read(post: Post) -> None:
    for to in ("510104", "nowhere"):
        assert post([GOOD], to=to).status_code == 404


def test_a_source_without_a_key_is_not_open(post: Post) -> None:
    answer = post([GOOD], to="keyless")
    assert code(answer) == (503, "not_ready")
    assert "connection.key: NO_KEY is not set" in answer.json()["error"]["message"]

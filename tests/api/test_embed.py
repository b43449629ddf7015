"""/embed/<panel>: small, plain, escaped, known panels only, the same numbers as a table."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Ask


def test_a_panel_is_plain_html_with_its_slot(ask: Ask) -> None:
    answer = ask("/embed/count")
    assert answer.status_code == 200
    assert 'data-slot="count::embed"' in answer.text
    assert '<b title="&lt;&amp;&gt;">41</b>' in answer.text
    assert '<html lang="zh-CN"' in answer.text
    assert '<html lang="en"' in ask("/embed/count?lang=en").text
    assert "dash" not in answer.text


def test_a_panel_weighs_less_than_60_kb_with_all_it_loads(ask: Ask) -> None:
    packed = {"accept-encoding": "br"}
    page = ask("/embed/count", headers=packed)
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert files
    weights = [int(ask(file, headers=packed).headers["content-length"]) for file in files]
    assert sum(weights) + len(page.content) < 60_000


def test_a_panel_has_its_numbers_as_a_table(ask: Ask) -> None:
    assert "table=1" in ask("/embed/count").text
    table = ask("/embed/count?table=1").text
    assert "<td>41</td>" in table
    assert '<th scope="row">&lt;city&gt;</th>' in table


def test_a_panel_that_raises_says_so_and_answers(ask: Ask) -> None:
    answer = ask("/embed/broken")
    assert answer.status_code == 200
    assert "此面板暂时无法显示" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/embed/nothing",
        "/embed/inside",
        "/embed/count?key=nowhere",
        "/embed/count?key=510104~no.metric",
        "/embed/broken?table=1",
    ],
)
def test_what_cannot_be_embedded_is_404(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert "没有这个面板" in answer.text


def test_a_key_may_name_unit_and_metric(ask: Ask) -> None:
    path = "/embed/count?key=510104~appeal.received.count"
    assert 'data-slot="count:510104~appeal.received.count:embed"' in ask(path).text

"""Pages and what is none, callbacks and what is none, headers, compression."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from dash import Dash

from centre.settings import ROOT
from tests.api.conftest import Ask

BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-encoding": "identity"}


def post(ask: Ask, body: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    return ask("/_dash-update-component", method="POST", content=content, headers=headers)


def navigation(path: str, search: str = "") -> dict[str, Any]:
    """The body that Dash's pages send when the address changes."""
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname", "_pages_location.search"],
    }


def drawn(ask: Ask, path: str, search: str = "", **words: Any) -> str:
    """The JSON of what a page shows."""
    content = json.dumps(navigation(path, search)).encode()
    headers = {"content-type": "application/json", **words}
    answer = ask("/_dash-update-component", method="POST", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_page_says_language_zone_and_build_before_any_script(ask: Ask) -> None:
    page = ask("/wall", headers=BROWSER).text
    assert '<html lang="zh-CN" data-page="wall" data-build="' in page
    assert 'data-zone="Asia/Shanghai" data-clock="now"' in page
    assert "<title>成都市智慧治理中心</title>" in page
    assert "Loading..." not in page
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("path", "cookie", "lang"),
    [
        ("/wall", "", "zh-CN"),
        ("/wall?lang=en", "", "en"),
        ("/wall", "lang=en", "en"),
        ("/wall?lang=zh", "lang=en", "zh-CN"),
        ("/wall?lang=fr", "lang=xx", "zh-CN"),
    ],
)
def test_the_language_is_asked_for_by_address_then_cookie(
    ask: Ask, path: str, cookie: str, lang: str
) -> None:
    page = ask(path, headers={**BROWSER, "cookie": cookie}).text
    assert f'<html lang="{lang}"' in page


@pytest.mark.parametrize("path", ["/nothing", "/wall/nothing", "/unit", "/unit/nowhere", "/_mcp"])
def test_what_is_no_page_is_404_and_readable(ask: Ask, path: str) -> None:
    answer = ask(path, headers=BROWSER)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "There is no such page" in ask(f"{path}?lang=en", headers=BROWSER).text


def test_a_404_page_escapes_the_path(ask: Ask) -> None:
    answer = ask("/<script>alert(1)</script>", headers=BROWSER)
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_a_page_takes_no_other_method(ask: Ask) -> None:
    assert ask("/wall", method="POST").status_code == 405
    assert ask("/wall", method="HEAD").status_code == 200


def test_what_a_page_is_about_exists_or_is_404(ask: Ask) -> None:
    assert ask("/unit/510104", headers=BROWSER).status_code == 200
    assert "没有这个页面" in drawn(ask, "/unit/nowhere")


def test_the_path_wins_over_the_query(ask: Ask) -> None:
    assert '"510104 zh"' in drawn(ask, "/unit/510104", "?code=510105&stray=1")


def test_a_layout_is_given_the_language(ask: Ask) -> None:
    assert '"510104 en"' in drawn(ask, "/unit/510104", "?lang=en")
    assert '"510104 en"' in drawn(ask, "/unit/510104", cookie="lang=en")


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"\xff\xfe",
        [],
        {},
        {"output": 7},
        {"output": "nothing.children"},
        {**navigation("/wall"), "inputs": []},
        {**navigation("/wall"), "inputs": "x"},
        {**navigation("/wall"), "inputs": [None, None]},
        {**navigation("/wall"), "inputs": [{"id": "_pages_location", "property": "href"}] * 2},
        {**navigation("/wall"), "changedPropIds": 5},
        {**navigation("/wall"), "state": [{"id": "x", "property": "y", "value": 1}]},
        {**navigation("/wall"), "outputs": 5},
    ],
)
def test_a_callback_body_that_does_not_fit_is_400(ask: Ask, body: Any) -> None:
    answer = post(ask, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


def test_only_our_doors_are_open(ask: Ask) -> None:
    assert ask("/_dash-ws-callback").status_code == 404
    assert ask("/docs").status_code == 404
    assert ask("/_dash-component-suites/os/path.py").status_code != 200
    assert ask("/assets/../app.py").status_code == 404
    assert ask("/assets/%2e%2e/app.py").status_code == 404


def test_no_page_can_be_framed_but_a_panel_can(ask: Ask) -> None:
    page, panel = ask("/wall").headers, ask("/embed/count").headers
    assert "frame-ancestors 'none'" in page["content-security-policy"]
    assert page["x-frame-options"] == "DENY"
    assert "frame-ancestors *" in panel["content-security-policy"]
    assert "x-frame-options" not in panel
    for headers in (page, panel, ask("/nothing").headers, ask("/api/v1/metrics").headers):
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_a_browser_finds_the_mark_of_the_tab_where_it_looks(ask: Ask) -> None:
    mark = ask("/favicon.ico")
    assert (mark.status_code, mark.headers["content-type"]) == (200, "image/x-icon")
    assert mark.content[:4] == b"\x00\x00\x01\x00"  # an icon, as its format begins
    assert len(mark.content) < 5_000
    assert "max-age" in mark.headers["cache-control"]
    named = re.findall(r'rel="icon"[^>]*href="([^"]+)"', ask("/wall", headers=BROWSER).text)
    assert [ask(address).content for address in named] == [mark.content]


def test_every_inline_script_of_a_page_is_allowed_by_its_hash(web: Dash, ask: Ask) -> None:
    answer = ask("/wall", headers=BROWSER)
    inline = re.findall(r"<script(?![^>]*(?:src|json))[^>]*>", answer.text)
    policy = answer.headers["content-security-policy"]
    assert len(inline) == len(web.csp_hashes()) > 0
    assert all(one in policy for one in web.csp_hashes())
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe" not in scripts


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_files_and_pages_are_compressed(ask: Ask, coding: str) -> None:
    for path in ("/wall", "/assets/live.js?m=1", "/api/v1/metrics"):
        answer = ask(path, headers={"accept-encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert int(answer.headers["content-length"]) < len(answer.content)
    plain = ask("/assets/live.js?m=1", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == (ROOT / "assets" / "live.js").read_bytes()


def test_files_named_by_their_time_are_kept_for_ever(ask: Ask) -> None:
    assert "immutable" in ask("/assets/live.js?m=1").headers["cache-control"]
    assert ask("/assets/live.js").headers["cache-control"] == "no-cache"
    assert "immutable" not in ask("/assets/nothing.js?m=1").headers.get("cache-control", "")
    bundle = re.findall(r'src="(/_dash-component-suites/[^"]+)"', ask("/wall").text)[0]
    assert "immutable" in ask(bundle).headers["cache-control"]


def test_graphs_load_our_bundle_with_its_chinese(ask: Ask) -> None:
    address = "/_dash-component-suites/plotly/package_data/plotly.min.js"
    first = ask(address, headers={"accept-encoding": "br"})
    assert int(first.headers["content-length"]) < 480_000
    assert "cartesian" in first.text[:200]
    assert "zh-CN" in first.text
    again = ask(address, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304

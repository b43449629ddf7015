"""Components as HTML text: everything escaped, nothing that runs."""

from __future__ import annotations

from typing import Any

import pytest
from dash import dcc, html

from centre.live.html_text import html_text
from components.charts.svg import drawing, node

ATTACK = '"><script>alert(1)</script>'


def test_elements_attributes_and_texts_are_written() -> None:
    tree = html.Div(
        [html.P("a & b", className="x"), None, 3, html.Br(), html.Label("l", htmlFor="i")],
        id="i",
        style={"backgroundColor": "red", "--w": "3px"},
        **{"data-slot": "s", "aria-label": "says"},
    )
    assert html_text(tree) == (
        '<div aria-label="says" data-slot="s" id="i" style="background-color:red;--w:3px">'
        '<p class="x">a &amp; b</p>3<br><label for="i">l</label></div>'
    )


def test_a_drawing_is_written_as_svg() -> None:
    text = html_text(html.Div(drawing(4, 4, node("path", d="M0 0"), label=ATTACK)))
    assert 'viewBox="0 0 4 4"' in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "tree",
    [
        html.P(ATTACK),
        html.P("x", title=ATTACK),
        html.P("x", id=ATTACK),
        html.P("x", style={"color": ATTACK}),
        html.P("x", **{"data-x": ATTACK}),
        [ATTACK],
    ],
)
def test_no_text_becomes_markup(tree: Any) -> None:
    assert "<script" not in html_text(tree)


def test_an_address_that_runs_is_left_out() -> None:
    for address in (
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
    ):
        assert html_text(html.A("x", href=address)) == "<a>x</a>"
    for address in ("/cases?unit=510104", "https://example.org/a", "?table=1", "#top", "cases"):
        assert "href" in html_text(html.A("x", href=address))


def test_a_style_value_cannot_end_its_declaration() -> None:
    text = html_text(html.P("x", style={"color": "red;background:url(x)}"}))
    assert text == '<p style="color:redbackground:url(x)">x</p>'


def test_a_link_of_dash_is_a_plain_link() -> None:
    assert html_text(dcc.Link("x", href="/a")) == '<a href="/a">x</a>'


@pytest.mark.parametrize("tree", [dcc.Graph(), html.Iframe(), html.Script("x"), object()])
def test_what_has_no_plain_form_is_refused(tree: Any) -> None:
    with pytest.raises(TypeError):
        html_text(tree)

"""Solid: static trees become one component; what may be addressed stays what it is."""

from __future__ import annotations

from typing import Any

import pytest
from dash import dcc, html

from components.charts.svg import drawing, node
from components.slots import slot
from components.solid import Solid, solid


def nodes(tree: Any) -> Any:
    """The nodes of what became one Solid."""
    made = solid(tree)
    assert isinstance(made, Solid)
    return made.nodes


def test_a_tree_without_ids_is_one_component() -> None:
    tree = html.Div([html.B("a", className="x"), " b ", 3, None], **{"data-x": "1"})
    assert nodes(tree) == [["div", {"data-x": "1"}, [["b", {"className": "x"}, ["a"]], " b ", 3]]]


def test_a_drawing_is_part_of_it() -> None:
    svg = drawing(4, 4, node("path", d="M0 0"))
    assert nodes(html.P(svg)) == [["p", {}, [svg.drawing]]]


def test_a_link_goes_where_dash_would_go() -> None:
    assert nodes(dcc.Link("x", href="/a")) == [["a", {"href": "/a", "data-nav": ""}, ["x"]]]


@pytest.mark.parametrize(
    "stays",
    [
        html.P("x", id="p"),
        html.P("x", id=slot("panel")),
        html.Button("x", n_clicks=0),
        dcc.Graph(),
        dcc.Input(),
        html.Iframe(),
    ],
)
def test_what_may_be_addressed_stays_and_its_siblings_are_joined(stays: Any) -> None:
    before, after = html.P("1"), html.P("4")
    made = solid(html.Div([before, html.P("2"), stays, "3", after]))
    assert isinstance(made, html.Div)
    first, second, third = made.children
    assert first.nodes == [["p", {}, ["1"]], ["p", {}, ["2"]]]
    assert (second._type, getattr(second, "id", None)) == (stays._type, getattr(stays, "id", None))
    assert third.nodes == ["3", ["p", {}, ["4"]]]


def test_a_container_with_an_id_keeps_its_props_and_is_solid_inside() -> None:
    made = solid(html.Div(html.P("x"), id=slot("a"), className="slot", **{"data-slot": "a::wall"}))
    props = made.to_plotly_json()["props"]
    assert (props["id"], props["className"], props["data-slot"]) == (slot("a"), "slot", "a::wall")
    assert props["children"].nodes == [["p", {}, ["x"]]]


def test_the_tree_that_was_given_is_not_changed() -> None:
    inner = html.P("x")
    tree = html.Div([inner], id="d")
    solid(tree)
    assert tree.children == [inner]


def test_what_is_solid_already_stays_so() -> None:
    once = solid(html.Div([html.P("x"), dcc.Graph()]))
    again = solid(once)
    assert [one._type for one in again.children] == ["Solid", "Graph"]
    assert again.children[0].nodes == [["p", {}, ["x"]]]


@pytest.mark.parametrize("plain", [None, "text", 7])
def test_texts_numbers_and_nothing_are_what_they_are(plain: Any) -> None:
    assert solid(plain) == plain

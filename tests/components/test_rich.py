"""Sentences whose numbers are components."""

from __future__ import annotations

from dash import html

from components.rich import joined, merged, rich, text_of


def test_a_component_stands_where_its_name_stood() -> None:
    number = html.B("5,483")
    assert rich("zh", "lead.calm_numbers", today=number) == ["已受理 ", number, " 件"]


def test_plain_words_make_one_text() -> None:
    assert rich("zh", "lead.calm_numbers", today="5,483") == ["已受理 5,483 件"]


def test_what_says_nothing_leaves_no_mark_between() -> None:
    assert joined("zh", "mark.dot", ["a", None, [], "", ["b", html.I("c")]])[:1] == ["a · b"]


def test_a_reader_reads_the_texts_of_a_tree() -> None:
    tree = ["a", [html.B(["b", html.I("c")]), None], 4]
    assert text_of(tree) == "abc4"
    assert merged(["a", "", None, 4]) == ["a4"]

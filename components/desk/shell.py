"""The frame of every page of the desk: navigation, breadcrumb, head, and the main part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import dcc, html

from centre.snapshots.cells import Snapshot
from components import past
from components.desk.finder import finder
from components.marks import plain as named
from components.slots import place
from components.tags import aria, data
from components.text import t
from components.view import Panel, View

Crumb = tuple[str, str | None]
"""Words and address; the last one is the page's name and has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the navigation; `count` is the key of a live count."""

    id: str
    href: str
    count: str = ""


ENTRIES = (
    Entry(id="overview", href="/"),
    Entry(id="districts", href="/district", count="units"),
    Entry(id="cases", href="/cases", count="open"),
    Entry(id="metrics", href="/metric", count="metrics"),
    Entry(id="sources", href="/sources", count="sources"),
    Entry(id="quality", href="/quality"),
)


def shell(
    snapshot: Snapshot,
    view: View,
    panels: Mapping[str, Panel],
    *,
    here: str,
    crumbs: Sequence[Crumb],
    body: Any,
    address: str = "/",
) -> Any:
    """The whole page; `here` is the entry of the navigation it belongs to, `address` its URL."""
    plain = replace(view, key="")
    return html.Div(
        [
            html.A(t(view.lang, "app.skip"), href="#main", className="skip"),
            _navigation(snapshot, plain, panels, here),
            html.Div(
                [
                    html.Header(
                        [
                            _breadcrumb(view, crumbs),
                            finder(view.lang),
                            past.chooser(view, address),
                            place(panels["desk_head"], snapshot, plain),
                        ],
                        className="top",
                    ),
                    past.band(snapshot, view, address),
                    html.Main(body, id="main", tabIndex=-1, **data(ready="1")),
                ],
                className="desk-page",
            ),
        ],
        className=f"desk lang-{view.lang}",
    )


def _navigation(snapshot: Snapshot, view: View, panels: Mapping[str, Panel], here: str) -> Any:
    name = dcc.Link(view.city.title.of(view.lang), href="/", className="desk-name")
    links = html.Nav(
        [
            html.Ul([_entry(snapshot, view, panels, one, here) for one in ENTRIES]),
            html.Hr(),
            html.Ul([html.Li(one) for one in _switches(view.lang)]),
        ],
        **aria(label=t(view.lang, "nav.label")),
    )
    menu = html.Button(
        t(view.lang, "nav.menu"),
        type="button",
        className="menu-button",
        **data(do="menu"),
        **aria(expanded="false", controls="desk-menu"),
    )
    return html.Div([name, menu, html.Div(links, id="desk-menu")], className="desk-nav")


def _entry(
    snapshot: Snapshot, view: View, panels: Mapping[str, Panel], entry: Entry, here: str
) -> Any:
    count = (
        place(panels["desk_count"], snapshot, replace(view, key=entry.count))
        if entry.count
        else None
    )
    link = dcc.Link(
        [html.Span(t(view.lang, f"nav.{entry.id}")), count],
        href=entry.href,
        className="here" if entry.id == here else "",
    )
    return html.Li(link, **aria(current="page") if entry.id == here else {})


def _switches(lang: str) -> list[Any]:
    other = "zh" if lang == "en" else "en"
    return [
        html.A(t(lang, "nav.wall"), href="/wall"),
        html.A(
            t(lang, "nav.other_language"),
            href=f"?lang={other}",
            lang=other,
            **data(do="lang", lang=other),
        ),
        html.Button(
            [
                html.Span(t(lang, "nav.dark"), className="when-light"),
                html.Span(t(lang, "nav.light"), className="when-dark"),
            ],
            type="button",
            **data(do="theme"),
        ),
    ]


def _breadcrumb(view: View, crumbs: Sequence[Crumb]) -> Any:
    *above, last = crumbs
    parts: list[Any] = [html.Li(dcc.Link(words, href=href)) for words, href in above if href]
    parts.append(html.Li(html.H1(named("id", last[0])), **aria(current="page")))
    return html.Nav(html.Ol(parts), className="crumbs", **aria(label=t(view.lang, "nav.crumbs")))

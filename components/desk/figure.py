"""The page of a figure: the number as it was shown, and everything that stands behind it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from centre.metrics import explain
from components.cards import number_box
from components.desk import links, states
from components.desk.about import amount
from components.desk.facts import facts
from components.desk.figure_words import asked_words, instant, name, period, shown_value
from components.desk.provenance import Behind, Provenance
from components.marks import figure, figure_data, mark, plain
from components.rich import Words, joined, rich
from components.text import DASH, percent, t
from components.view import View
from components.words import missing_names

NAMED = 6
"""Missing units that are named; the list of units names them all."""


def answer(view: View, found: Provenance) -> Any:
    """What the number is: the number itself, its parts, its time, and what it is today."""
    lang, then, id_ = view.lang, found.then, str(found.code)
    pairs: list[tuple[str, Any]] = [
        ("value" if then.den is None else "parts", _parts(view, found)),
        ("period", plain("date", period(view, found))),
        ("filters", asked_words(view, found)),
        ("coverage", covered(view, found)),
        ("origin", t(lang, f"figure.{found.origin}")),
        ("at", _at(view, found)),
        ("id", plain("code", id_, class_name="mono")),
    ]
    big = html.Div(number_box(view, shown_value(view, found, then), id_), className="big")
    note = name(view, found)
    return states.card(
        t(lang, "figure.then"),
        html.P(note, className="figure-name"),
        big,
        *_marks(view, found),
        _then_now(view, found),
        facts(lang, pairs, of="figure."),
    )


def _parts(view: View, found: Provenance) -> Words:
    """分子 4,209 ÷ 分母 5,012; of a count the number alone."""
    lang, then, id_ = view.lang, found.then, str(found.code)
    if then.num is None:
        return [DASH]
    num = figure(view, id_, amount(lang, then.num), how="num", is_link=False)
    if then.den is None:
        return [num]
    den = figure(view, id_, amount(lang, then.den), how="den", is_link=False)
    return [num, t(lang, "mark.divided"), den]


def _marks(view: View, found: Provenance) -> list[Any]:
    """Why the number is withheld, that late data changed it, what people know of its data."""
    shown, then = [], found.then
    if then.cell.withheld:
        shown.append(_told(mark("none"), t(view.lang, "figure.withheld")))
    if then.cell.revised:
        shown.append(_told(mark("late"), t(view.lang, "figure.revised")))
    if then.num is None and not then.cell.withheld:
        shown.append(_told(mark("none"), t(view.lang, "figure.nothing")))
    shown += [_told(mark("watch"), plain("text", one.words(view.lang))) for one in found.notes]
    return shown


def _told(shape: Any, words: Any) -> Any:
    said = words if isinstance(words, list) else [words]
    return html.P([shape, html.Span(said)], className="told-line")


def _then_now(view: View, found: Provenance) -> Any:
    """当时 83.94 %，按现在所知 83.97 %; a good mark where nothing changed it."""
    lang = view.lang
    if not found.has_changed:
        return _told(mark("good"), t(lang, "figure.unchanged"))
    key = "figure.went_on" if found.then.is_running else "figure.changed"
    today = plain("text", str(shown_value(view, found, found.today)))
    before = figure(view, str(found.code), str(shown_value(view, found, found.then)), is_link=False)
    return _told(mark("watch"), rich(lang, key, then=before, now=html.B(today)))


def covered(view: View, found: Provenance) -> Words:
    """21/22, the missing by name, and their usual share of the volume."""
    lang, cell = view.lang, found.then.cell
    if not cell.expected:
        return [DASH]
    words = t(lang, "coverage.short", present=cell.present, expected=cell.expected)
    known = html.B(words, **figure_data(str(found.code), how="coverage"))
    if not cell.missing:
        return [mark("good"), " ", known]
    names = missing_names(view, cell.missing, NAMED)
    told = [known, rich(lang, "coverage.missing_names", names=names)]
    if cell.usual_share is not None:
        words = percent(lang, cell.usual_share, 1)
        share = figure(view, str(found.code), words, how="lost", is_link=False)
        told.append(rich(lang, "figure.usual_share", share=share))
    return [mark("partial"), " ", *joined(lang, "mark.comma", told)]


def _at(view: View, found: Provenance) -> Words:
    """2026年6月16日 10:30（变更号 41）."""
    seq = plain("code", str(found.code.seq))
    return rich(view.lang, "figure.moment", at=instant(view, found.moment.now), seq=seq)


def definition(view: View, found: Provenance) -> Any:
    """What it means: in words, as a formula, as SQL, by which version."""
    lang, metric = view.lang, found.metric
    if metric is None:
        words = t(lang, _meaning(found))
        return states.card(t(lang, "figure.meaning"), html.P(words, className="told-line"))
    version = t(lang, "about.version", number=metric.version, day=metric.valid_from.isoformat())
    pairs = [
        ("definition", plain("text", metric.definition.of(lang))),
        ("formula", plain("text", explain.words(metric, lang))),
        ("version", plain("id", version)),
        ("owner", plain("text", metric.owner.of(lang))),
        ("caveats", plain("text", metric.caveats.of(lang))),
    ]
    link = dcc.Link(t(lang, "figure.metric"), href=links.metric(metric.id, found.asked.unit))
    return states.card(
        t(lang, "figure.meaning"), facts(lang, pairs, of="figure."), _sql(view, found), link=link
    )


def _meaning(found: Provenance) -> str:
    """Which words say what a number means that is of no metric."""
    query = found.asked.query
    if "ledger" in query:
        return f"figure.means_{query['ledger']}"
    return "figure.means_rows" if "source" in query else "figure.means_clock"


def _sql(view: View, found: Provenance) -> Any:
    texts = explain.sql(found.metric) if found.metric else {}
    if not texts:
        return None
    blocks = [
        part
        for role, text in texts.items()
        for part in (
            html.Div(t(view.lang, f"metric.sql_{role}"), className="caption"),
            html.Pre(plain("code", text)),
        )
    ]
    return html.Details([html.Summary(t(view.lang, "metric.sql")), *blocks], className="sql")


def cases(view: View, found: Provenance) -> Any:
    """The lists of cases that it counts, each with how many stand in it."""
    lang, title = view.lang, t(view.lang, "figure.cases")
    if "ledger" in found.asked.query:
        href = links.quality(found.asked.query.get("source"))
        link = dcc.Link(t(lang, "nav.quality"), href=href)
        return states.card(title, _told(None, [t(lang, "figure.no_cases_ledger"), link]))
    if "source" in found.asked.query:
        id_ = str(found.asked.query["source"])
        link = dcc.Link(plain("id", id_), href=links.source(id_))
        return states.card(title, _told(None, [t(lang, "figure.no_cases_rows"), link]))
    if not found.behind:
        key = "figure.no_cases_reported" if found.is_reported else "figure.no_cases"
        return states.card(title, html.P(t(lang, key), className="told-line"))
    rows = [html.Li(_list(view, found, one)) for one in found.behind]
    return states.card(title, html.Ul(rows, className="behind"))


def _list(view: View, found: Provenance, one: Behind) -> list[Any]:
    lang, capped = view.lang, "figure.more_than" if one.is_capped else "figure.items"
    count = plain("list", t(lang, capped, count=amount(lang, one.count)))
    is_alone = found.metric is not None and found.metric.den is None
    role = "count" if is_alone and one.listed.role == "num" else one.listed.role
    link = dcc.Link([t(lang, f"figure.role_{role}"), " ", html.B(count)], href=one.href)
    if one.is_capped or one.listed.amount is None:
        return [link]
    same = one.count == round(one.listed.amount)
    told = t(lang, "figure.same" if same else "figure.other")
    return [link, html.Span([mark("good" if same else "watch"), told], className="status")]

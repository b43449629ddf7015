"""The page of one case: its clock, its time line, its facts, what changed, the source's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from dash import dcc, html
from sqlalchemy import Connection

from centre.domain.records import Case
from centre.domain.scope import Scope
from centre.store import queries
from centre.store.queries import Version
from components.desk import links, pauses, states
from components.desk.clock import drawn, stage
from components.desk.facts import facts
from components.desk.point import point_map
from components.desk.ranks import key_name
from components.desk.steps import STEPS, at_words, steps
from components.desk.table import Column, table
from components.marks import mark, plain
from components.tags import data
from components.text import DASH, number, t
from components.view import View

FACTS = ("unit", "street", "handler", "handler_kind", "channel", "category", "nature", "applicant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is known of one case, or was of one that is gone. `row`: masked, as it was sent."""

    case: Case
    versions: tuple[Version, ...]
    row: Mapping[str, Any] | None
    linked: Case | None

    @property
    def gone_at(self) -> datetime | None:
        """When it was removed; None while it is there."""
        return self.versions[-1].ended_at if self.versions and self.versions[-1].gone else None


def find(conn: Connection, id: str, scope: Scope, at: int | None = None) -> Told | None:
    """The case of "source:key", or of a bare key that only one source has; as known at `at`."""
    one = _one(conn, id, scope, at)
    if one is None:
        return _gone(conn, id, scope, at)
    linked = None
    if one.linked_key:
        linked = queries.case(conn, one.source, one.linked_key, scope, at=at)
    return Told(
        case=one,
        versions=queries.versions(conn, one.source, one.key, scope, at=at),
        row=queries.row(conn, one.source, one.key, scope, at=at),
        linked=linked,
    )


def _gone(conn: Connection, id: str, scope: Scope, at: int | None) -> Told | None:
    """What was known last of a case that is no longer there; its row was not kept."""
    source, _, key = id.partition(":")
    known = queries.versions(conn, source, key, scope, at=at)
    if not known or not known[-1].gone:
        return None
    return Told(case=known[-1].case, versions=known, row=None, linked=None)


def _one(conn: Connection, id: str, scope: Scope, at: int | None) -> Case | None:
    source, colon, key = id.partition(":")
    found = queries.case(conn, source, key, scope, at=at) if colon else None
    if found:
        return found
    bare = queries.numbered(conn, id, scope, at=at)
    return bare[0] if len(bare) == 1 else None


def page(view: View, told: Told, now: datetime) -> Any:
    """The whole page; of a case that is gone as it stood then."""
    one, lang, now = told.case, view.lang, told.gone_at or now
    left = [
        states.card(t(lang, "case.steps"), steps(view, one, now)),
        pauses.card(view, one, now),
        states.card(
            t(lang, "case.versions"),
            _versions(view, told.versions),
            note=t(lang, "case.versions_note"),
            class_name="fits",
        ),
        point_map(view, one),
    ]
    right = [
        states.card(t(lang, "case.facts"), _facts(view, told)),
        states.card(
            t(lang, "case.row"),
            _row(view, told),
            note=t(lang, "case.row_note"),
            class_name="fits",
        ),
    ]
    return [
        *_removed(view, told),
        _head(view, one, now),
        states.columns(left, right, class_name="even"),
    ]


def _removed(view: View, told: Told) -> list[Any]:
    """That the case is gone, and since when; nothing while it is there."""
    if told.gone_at is None:
        return []
    words = t(view.lang, "case.gone", at=at_words(view, told.gone_at))
    return [html.Div([mark("watch"), plain("date", words)], className="notice", role="status")]


def _head(view: View, one: Case, now: datetime) -> Any:
    title = one.title or key_name(view, "category", one.category or "")
    return html.Section(
        [
            html.H2(title, **data(plain="text")),
            html.Span(t(view.lang, f"stage.{stage(one, now)}")),
            drawn(one, now, view.city, view.lang),
            _ticket(view.lang, one),
        ],
        className="box case-head",
    )


def _ticket(lang: str, one: Case) -> Any:
    """Back into the ticket's own system; only over http, for the address comes from outside."""
    if not one.url or urlsplit(one.url).scheme not in ("http", "https"):
        return None
    return html.A(t(lang, "case.ticket"), href=one.url, target="_blank", rel="noreferrer")


def _facts(view: View, told: Told) -> Any:
    one, lang = told.case, view.lang
    pairs: list[tuple[str, Any]] = [(f"field.{name}", _named(view, one, name)) for name in FACTS]
    pairs += [
        ("case.path", one.category_path or DASH),
        ("case.resolved", _yes(lang, one.resolved)),
        ("case.satisfied", _yes(lang, one.satisfied)),
        ("case.contacted", _yes(lang, one.contacted)),
        ("case.counts", t(lang, "case.counts_words", returns=one.returns, reopens=one.reopens)),
        ("case.reply_workdays", number(lang, one.reply_workdays, 2)),
        ("case.linked", _linked(lang, told)),
        ("field.source", dcc.Link(one.source, href=links.source(one.source))),
        ("case.version", str(one.source_version)),
    ]
    if one.dissatisfied_reason:
        reason = view.city.code_name("dissatisfied_reason", one.dissatisfied_reason, lang)
        pairs.insert(-3, ("case.reason", reason))
    return facts(lang, pairs, plain="text")


def _named(view: View, one: Case, name: str) -> Any:
    value = getattr(one, name)
    words = DASH if value is None else key_name(view, name, value, one.unit)
    return dcc.Link(words, href=links.district(one.unit)) if name == "unit" else words


def _yes(lang: str, said: bool | None) -> str:
    """None is not no: nobody asked, or nobody answered."""
    return t(lang, "case.unknown" if said is None else "case.yes" if said else "case.no")


def _linked(lang: str, told: Told) -> Any:
    if told.linked:
        return dcc.Link(told.linked.key, href=links.case(told.linked))
    return told.case.linked_key or DASH


def _versions(view: View, versions: tuple[Version, ...]) -> Any:
    """Newest first: change number, when it came to us, and what was different."""
    lang = view.lang
    columns = [
        Column(words=t(lang, "case.change"), is_number=True),
        Column(words=t(lang, "case.came")),
        Column(words=t(lang, "case.version"), is_number=True),
        Column(words=t(lang, "case.what"), class_name="wide"),
    ]
    before = [None, *versions[:-1]]
    rows: list[list[Any]] = []
    for old, one in zip(before, versions, strict=True):
        version = plain("id", str(one.case.source_version))
        rows.append([*_since(view, one.change, one.at), version, _changed(view, old, one)])
        if one.gone and one.ended is not None:
            rows.append([*_since(view, one.ended, one.ended_at), DASH, t(lang, "case.removed")])
    return table(columns, rows[::-1], caption=t(lang, "case.versions"))


def _since(view: View, change: int, at: datetime | None) -> list[Any]:
    return [plain("id", number(view.lang, change)), at_words(view, at)]


BY_HAND = ("sweep", "reread", "replay")
"""Kinds of changes that did not come by a fetch of the source."""


def _changed(view: View, old: Version | None, new: Version) -> Any:
    told = _differences(view, old, new)
    if new.kind not in BY_HAND:
        return told
    return [html.Div(t(view.lang, f"case.by_{new.kind}"), className="weak"), html.Div(told)]


def _differences(view: View, old: Version | None, new: Version) -> Any:
    if old is None:
        return t(view.lang, "case.first")
    names = [
        one.name
        for one in fields(Case)
        if one.name != "source_version"
        and getattr(old.case, one.name) != getattr(new.case, one.name)
    ]
    lines = [
        html.Div(
            f"{_label(view.lang, name)}{t(view.lang, 'mark.colon')}"
            f"{_value(view, old.case, name)} → {_value(view, new.case, name)}",
            **data(plain="text"),
        )
        for name in names
    ]
    return lines or t(view.lang, "case.nothing")


def _label(lang: str, name: str) -> str:
    return t(lang, f"step.{name}") if name in STEPS else t(lang, f"changed.{name}")


def _value(view: View, one: Case, name: str) -> str:
    value = getattr(one, name)
    if value is None:
        return DASH
    if isinstance(value, bool):
        return _yes(view.lang, value)
    if isinstance(value, datetime):
        return at_words(view, value)
    if name == "pauses":
        return pauses.said(view.city, view.lang, value)
    return key_name(view, name, value, one.unit) if name in FACTS else str(value)


def _row(view: View, told: Told) -> Any:
    """The source's own row, masked, of the last version; of an earlier one none is kept."""
    lang, row = view.lang, told.row
    if not row:
        is_earlier = view.at is not None or told.gone_at is not None
        return states.empty(lang, "case.no_row_then" if is_earlier else "case.no_row")
    columns = [
        Column(words=t(lang, "case.column")),
        Column(words=t(lang, "case.value"), class_name="wide"),
    ]
    cells = [
        [plain("text", str(key), class_name="mono"), plain("text", raw_text(value))]
        for key, value in row.items()
    ]
    return table(columns, cells, caption=t(lang, "case.row"))


def raw_text(value: Any) -> str:
    """A raw value as text; "—" where the source had none."""
    return DASH if value is None or value == "" else str(value)

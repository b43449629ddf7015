"""A frame: one slot drawn from one snapshot, as the bytes that every viewer of it is sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from dash import html

from centre.domain.places import City
from centre.live.html_text import html_text
from centre.live.slotname import SlotName
from centre.metrics.metric import Metric
from centre.snapshots.cells import Snapshot
from components.slots import slot
from components.solid import solid
from components.view import Panel, View

_LOG = logging.getLogger(__name__)

_BROKEN = {
    "zh": "此面板暂时无法显示",
    "en": "This panel cannot be shown at the moment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`body` is JSON: a list of (component id, props) for the page, or a string of HTML."""

    seq: int
    body: bytes
    digest: bytes


@dataclass(kw_only=True, eq=False)
class Painter:
    """Draws slots. A panel that raises says so in its own place and is logged once."""

    panels: Mapping[str, Panel]
    city: City
    metrics: Mapping[str, Metric]
    _told: set[tuple[str, str]] = field(default_factory=set)

    def paint(self, name: SlotName, lang: str, form: str, snapshot: Snapshot) -> Frame:
        """Draw one slot as JSON props (form "props") or as a JSON string of HTML ("html")."""
        view = View(
            lang=lang, surface=name.surface, key=name.key, city=self.city, metrics=self.metrics
        )
        try:
            body = self._body(name, view, form, snapshot)
        except Exception as error:  # any panel may be wrong; the others go on
            self._tell(name, error)
            body = _dumps(_broken(name, view, form))
        return Frame(seq=snapshot.seq, body=body, digest=blake2b(body, digest_size=12).digest())

    def _body(self, name: SlotName, view: View, form: str, snapshot: Snapshot) -> bytes:
        panel = self.panels[name.panel]
        if form == "html":
            return _dumps(html_text(panel.render(snapshot, view)))
        if panel.update is None:
            moved: Mapping[str, Mapping[str, Any]] = {
                "": {"children": panel.render(snapshot, view)}
            }
        else:
            moved = panel.update(snapshot, view)
        entries = [(slot(panel.id, view.key, part), _solid(props)) for part, props in moved.items()]
        return _dumps(entries)

    def _tell(self, name: SlotName, error: Exception) -> None:
        key = (name.panel, f"{type(error).__name__}: {error}")
        if key not in self._told and len(self._told) < 1_000:
            self._told.add(key)
            _LOG.error("panel %s cannot be drawn", name, exc_info=error)


def _solid(props: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**props, "children": solid(props["children"])} if "children" in props else props


def _broken(name: SlotName, view: View, form: str) -> Any:
    note = html.P(_BROKEN[view.lang], className="panel-error", role="status")
    if form == "html":
        return html_text(note)
    return [(slot(name.panel, name.key), {"children": note})]


def _dumps(value: Any) -> bytes:
    """JSON of component trees, plotly dicts and numpy values."""
    return orjson.dumps(
        value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    )


def _plain(value: Any) -> Any:
    if hasattr(value, "to_plotly_json"):
        return value.to_plotly_json()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} in the props of a panel")

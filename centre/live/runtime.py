"""What pages, callbacks and routes may ask for, set once by create_app.

A page imports `runtime` and asks at the time of the request, never at import:

    from centre.live.runtime import runtime

    def layout(code: str = "", lang: str = "zh", **query: str) -> Component:
        run = runtime()
        view = run.view(lang, surface="desk", key=code)
        return place(run.panels["headline"], run.snapshot(), view)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from centre.citypack.files import SourceFiles
from centre.citypack.finding import Finding
from centre.domain.places import City
from centre.domain.sources import SourceConfig
from centre.live.hub import Hub
from centre.metrics.metric import Metric
from centre.settings import Settings
from centre.snapshots.bus import Bus
from centre.snapshots.cells import Snapshot
from components.view import Panel, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The rooms of this process, wired. `build` changes when the server is upgraded."""

    settings: Settings
    city: City
    files: SourceFiles
    metrics: Mapping[str, Metric]
    panels: Mapping[str, Panel]
    engine: Engine
    bus: Bus
    hub: Hub
    build: str

    @property
    def sources(self) -> tuple[SourceConfig, ...]:
        """The sources as their files say by now; a look at the disk."""
        return self.files.look().sources

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with source files that were refused; a look at the disk."""
        return self.files.look().findings

    def snapshot(self) -> Snapshot:
        """The latest one; an empty one of seq 0 before the first."""
        return self.hub.snapshot or self.bus.latest() or self._nothing_yet()

    def view(self, lang: str = "zh", *, surface: str = "desk", key: str = "") -> View:
        """How a panel is to be drawn for a page."""
        return View(
            lang=lang,
            surface=surface,
            key=key,
            city=self.city,
            metrics=self.metrics,
            tiles=self.settings.tiles_url or "",
        )

    def now(self) -> datetime:
        """The city's clock: this moment, or the end of the data where the clock is "latest"."""
        return datetime.now(UTC) if self.city.clock == "now" else self.snapshot().city_now

    def _nothing_yet(self) -> Snapshot:
        now = datetime.now(UTC)
        return Snapshot(seq=0, published_at=now, city_now=now, clock=self.city.clock)


class _Unset(RuntimeError):
    def __str__(self) -> str:
        return "no runtime yet: create_app() sets it; call runtime() in a request, not at import"


_held: list[Runtime] = []


def provide(given: Runtime) -> None:
    """Make this the runtime of the process; create_app calls it once (tests: once for each app)."""
    _held[:] = [given]


def runtime() -> Runtime:
    """The wired rooms. Raises before create_app."""
    if not _held:
        raise _Unset
    return _held[0]

"""A source file in the making, for the desk: drafted, tried without a trace, saved whole."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import Engine

from centre.citypack.files import SourceFiles
from centre.citypack.finding import BadPack, Finding
from centre.citypack.load import load_source
from centre.collector.ground import surroundings
from centre.collector.trial import sample, trial
from centre.domain.places import City
from centre.domain.sources import Limits, SourceConfig
from centre.settings import Settings
from datasources.kit.draft import Facts, draft
from datasources.kit.judge import judge
from datasources.kit.reach import Reach
from datasources.kit.report import Report
from datasources.registry import adapters, build
from datasources.sampling import Drafted, Drafting, unmapped
from datasources.source import SourceError, Surroundings

ID = re.compile(r"[0-9a-z_-]{2,32}")
LIMITS = Limits(deadline_seconds=20.0)
"""What somebody who waits in front of a screen may ask of a source."""

_ROWS = 200
_AT_ONCE = BoundedSemaphore(2)
_CLEAR = re.compile(
    r"""((?:password|passwd|secret|token|api_?key|private_key|authorization)["']?\s*=\s*)"""
    r"""("[^"\n]*"|'[^'\n]*')|(://[^/@\s:"]+):[^/@\s"]+@""",
    re.IGNORECASE,
)


class NotDone(Exception):
    """A wish that cannot be met: says why, by a key of the locales ("editor.…") or in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a trial. `said`: what the source, or its adapter, complained of."""

    findings: tuple[Finding, ...] = ()
    said: str = ""
    report: Report | None = None
    config: SourceConfig | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a collector would take it."""
        return self.report is not None and self.report.is_ready

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wrong, but there were no rows to judge by."""
        return self.report is not None and not self.report.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The source files of one city, for whoever may edit them in a browser."""

    settings: Settings
    city: City
    files: SourceFiles
    engine: Engine  # what was pushed waits in it; nothing is written there

    @property
    def reach(self) -> Reach:
        """Where a file may lead."""
        return Reach(hosts=self.settings.sources_hosts, data_dir=self.settings.data_dir)

    def text(self, id: str) -> tuple[str, str]:
        """(text of a file without secrets, what to name when it is saved); "" for a new one."""
        file = self._file(id)
        try:
            raw = file.read_bytes()
        except FileNotFoundError:
            return "", ""
        return masked(raw.decode("utf-8-sig", "replace")), _digest(raw)

    def draft(self, facts: Facts, given: Mapping[str, Any], now: datetime) -> str:
        """The text of a file for a system, from a look at it. Raises NotDone, SourceError."""
        known = adapters().get(facts.adapter)
        if known is None:
            raise NotDone("editor.no_adapter")
        for key, problem, remedy in self.reach.complaints(given):
            raise NotDone(f"{key}: {problem}; {remedy}")
        with _turn():
            found = _look(known, facts, given, self._around(LIMITS), now)
        merged = replace(found, connection={**given, **found.connection})
        has_changes = "changed_at" in known.connection_keys
        return masked(draft(merged, facts, self.city, has_changes=has_changes))

    def tried(self, id: str, text: str, now: datetime) -> Tried:
        """Read some rows as a collector would, and keep nothing."""
        try:
            config = self._config(id, text)
        except BadPack as error:
            return Tried(findings=tuple(_named(one, self._file(id)) for one in error.findings))
        findings = (*self._led_astray(config), *judge(self.city, self.settings.data_dir)(config))
        if findings:
            return Tried(findings=findings, config=config)
        limits = Limits(
            deadline_seconds=min(config.limits.deadline_seconds, LIMITS.deadline_seconds),
            most_bytes=min(config.limits.most_bytes, LIMITS.most_bytes),
        )
        try:
            with _turn():
                report = trial(config, self.city, self._around(limits), now)
        except SourceError as error:
            return Tried(said=str(error).replace(str(config.path), config.path.name), config=config)
        return Tried(report=report, config=config)

    def save(self, id: str, text: str, base: str, tried: Tried, *, is_empty_right: bool) -> str:
        """Write the file whole, the old one beside it as .bak; what to name at the next save.

        Raises NotDone when the trial refuses it, or when somebody has changed the file since.
        """
        if not (tried.is_ready or (tried.is_empty and is_empty_right)):
            raise NotDone("editor.not_ready")
        file = self._file(id)
        if self.text(id)[1] != base:
            raise NotDone("editor.changed" if base else "editor.exists")
        raw = text.encode()
        try:
            _write(file, raw)
        except OSError as error:
            raise NotDone(f"{file}: {error.strerror}") from error
        self.files.look(at_once=True)
        return _digest(raw)

    def _file(self, id: str) -> Path:
        if not ID.fullmatch(id):
            raise NotDone("editor.bad_id")
        return self.files.folder / f"{id}.toml"

    def _config(self, id: str, text: str) -> SourceConfig:
        """As a file of this name would be read."""
        path = self._file(id)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path.name
            file.write_text(text, "utf-8")
            return replace(load_source(file, self.city), path=path)

    def _led_astray(self, config: SourceConfig) -> Iterator[Finding]:
        for key, problem, remedy in self.reach.complaints(config.connection):
            yield Finding(file=config.path, key=key, problem=problem, remedy=remedy)

    def _around(self, limits: Limits) -> Surroundings:
        return surroundings(self.settings, self.city, limits, self.engine)


def masked(text: str) -> str:
    """Without what looks like a secret in clear: no file has one, and no screen shows one."""
    return _CLEAR.sub(lambda one: f'{one[1]}"***"' if one[1] else f"{one[3]}:***@", text)


def _look(
    known: Any, facts: Facts, given: Mapping[str, Any], around: Surroundings, now: datetime
) -> Drafted:
    """What an adapter that drafts sees there; of another one what it fetches without a map."""
    if isinstance(known, type) and issubclass(known, Drafting):
        where = next((str(given[one]) for one in ("url", "path", "folder") if given.get(one)), "")
        if not where:
            raise NotDone("editor.no_place")
        options = {key: one for key, one in given.items() if isinstance(one, str)}
        password = given.get("password")
        if isinstance(password, Mapping) and password.get("env"):
            options["password_env"] = str(password["env"])
        return known.draft(where, {**options, "id": facts.id}, around)
    rows = sample(build(unmapped(facts.adapter, given), around), _ROWS, now)
    columns = dict.fromkeys(str(name) for row in rows for name in row)
    return Drafted(connection=given, rows=rows, columns=tuple(columns))


@contextmanager
def _turn() -> Iterator[None]:
    """A few at once: a trial holds a connection and a thread."""
    if not _AT_ONCE.acquire(timeout=5):
        raise NotDone("editor.busy")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _named(one: Finding, file: Path) -> Finding:
    return replace(one, file=file)


def _digest(raw: bytes) -> str:
    return blake2b(raw, digest_size=8).hexdigest()


def _write(file: Path, raw: bytes) -> None:
    """In one step, on the disk; a reader sees the old one or the new one."""
    draft_ = file.with_name(f".{file.name}.new")
    with draft_.open("wb") as opened:
        opened.write(raw)
        opened.flush()
        os.fsync(opened.fileno())
    if file.exists():
        file.with_name(f"{file.name}.bak").write_bytes(file.read_bytes())
    os.replace(draft_, file)

"""What [connection] says, read with the name of the file and the key in every complaint."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from centre.domain.sources import SourceConfig
from datasources.source import Denied, Malformed, Surroundings

_MISSING: Any = object()
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|min|h|d)\s*")


class Keys:
    """One table of a source file. Every reader raises Malformed with a remedy, a secret Denied."""

    def __init__(
        self,
        config: SourceConfig,
        around: Surroundings,
        table: Mapping[str, Any] | None = None,
        path: str = "connection",
    ) -> None:
        self._config, self._around, self._path = config, around, path
        self._table = config.connection if table is None else table

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that nobody reads."""
        for key in self._table:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0)
                raise self.wrong(key, f"there is no such key; nearest: {near[0] if near else '—'}")

    def wrong(self, key: str, remedy: str) -> Malformed:
        """A complaint about a key."""
        return Malformed(f"{self._config.path}: {self._path}.{key}: {remedy}")

    def text(self, key: str, default: str = _MISSING) -> str:
        """Text that is not blank."""
        value = self._value(key, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value
        raise self.wrong(key, f'{value!r}; write text: {key} = "…"')

    def one_of(self, key: str, known: Collection[str], default: str = _MISSING) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in known:
            raise self.wrong(key, f'"{value}"; write one of {", ".join(known)}')
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"{value!r}; write true or false")
        return value

    def whole(self, key: str, default: int, least: int = 1) -> int:
        """A whole number."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(key, f"{value!r}; write a whole number from {least} on")
        return value

    def seconds(self, key: str, default: float) -> float:
        """A length of time: "2 min", or a number of seconds."""
        value = self._value(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise self.wrong(key, f'{value!r}; write a length like "30 s", "5 min", "1 h", "1 d"')
        return float(match[1]) * _SECONDS[match[2]]

    def moment(self, key: str) -> datetime | None:
        """A day or a time; without an offset it is local time of the source. None: not given."""
        value = self._table.get(key)
        if value is None:
            return None
        try:
            # TOML knows days and times; both print as ISO writes them.
            value = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise self.wrong(key, f'{value!r}; write a day or a time like "2026-06-01"') from error
        return value if value.tzinfo else value.replace(tzinfo=self._zone())

    def table(self, key: str) -> Keys:
        """The keys of a table within; empty where it is not given."""
        value = self._table.get(key, {})
        if not isinstance(value, Mapping):
            raise self.wrong(key, f"{value!r}; write a table: [{self._path}.{key}]")
        return Keys(self._config, self._around, value, f"{self._path}.{key}")

    def tables(self, key: str) -> list[Keys]:
        """A list of tables; at least one."""
        value = self._table.get(key)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(o, Mapping) for o in value)
        ):
            raise self.wrong(key, f"write at least one table: [[{self._path}.{key}]]")
        return [
            Keys(self._config, self._around, one, f"{self._path}.{key}[{number}]")
            for number, one in enumerate(value)
        ]

    def words(self, key: str) -> tuple[str, ...]:
        """A list of text; empty where it is not given."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, f'{value!r}; write a list of text: {key} = ["…"]')
        return tuple(value)

    def plain(self, key: str) -> dict[str, str]:
        """A table of text, numbers and secrets, as a query or header has them."""
        inside = self.table(key)
        return {name: inside.said(name) for name in inside._table}

    def said(self, key: str) -> str:
        """Text, a number, yes or no as a query has them; of `{ env = "NAME" }` what NAME holds."""
        value = self._table[key]
        if isinstance(value, Mapping):
            return self.secret(key)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise self.wrong(key, f"{value!r}; write text or a number")

    def secret(self, key: str) -> str:
        """The value of `{ env = "NAME" }`; Denied when it is not set."""
        value = self._table.get(key)
        if not (isinstance(value, Mapping) and set(value) == {"env"}):
            raise self.wrong(key, f'write {key} = {{ env = "NAME" }}, and set NAME for the centre')
        found = self._around.secrets.get(str(value["env"]))
        if not found:
            where = f"{self._config.path}: {self._path}.{key}"
            raise Denied(f"{where}: {value['env']} is not set in the environment of the centre")
        return found

    def _value(self, key: str, default: Any) -> Any:
        value = self._table.get(key, default)
        if value is _MISSING:
            raise self.wrong(key, f"is missing; add {key} = …")
        return value

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._config.zone) if self._config.zone else self._around.city.tz

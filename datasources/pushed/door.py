"""How a source may be pushed to: by whose key, how much at once, how often."""

from __future__ import annotations

from dataclasses import dataclass

from centre.domain.sources import SourceConfig
from datasources.pushed.signature import LEAST_KEY
from datasources.source import Surroundings
from datasources.web.keys import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`secrets`: any of them may have signed."""

    secrets: tuple[str, ...]
    most_bytes: int
    most_rows: int
    per_minute: int


def door(config: SourceConfig, around: Surroundings) -> Door:
    """What [connection] says; raises Malformed and Denied with the key and a remedy."""
    keys = Keys(config, around)
    names = [name for name in ("key", "former_key") if name == "key" or name in keys]
    return Door(
        secrets=tuple(_secret(keys, name) for name in names),
        most_bytes=keys.whole("max_mb", 4) * 2**20,
        most_rows=keys.whole("max_rows", 10_000),
        per_minute=keys.whole("per_minute", 600),
    )


def _secret(keys: Keys, name: str) -> str:
    found = keys.secret(name)
    if len(found) < LEAST_KEY:
        raise keys.wrong(name, f"a key has {LEAST_KEY} characters or more: `openssl rand -hex 32`")
    return found

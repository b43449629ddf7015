"""Values of [connection] that may be secrets: written `{ env = "NAME" }`, never in clear."""

from __future__ import annotations

from collections.abc import Mapping

from centre.domain.sources import SourceConfig
from datasources.source import Denied, Malformed, Surroundings


def said(config: SourceConfig, around: Surroundings, key: str) -> str | None:
    """What the key says, from the environment where it names a variable; None without the key.

    Raises Denied when the variable is not set, and Malformed for what is neither text nor a name.
    """
    given = config.connection.get(key)
    if given is None or isinstance(given, str):
        return given
    name = given.get("env") if isinstance(given, Mapping) else None
    if not isinstance(name, str):
        raise Malformed(
            f'{config.path}: connection.{key}: {given!r}; write text or {{ env = "NAME" }}'
        )
    if not around.secrets.get(name):
        raise Denied(
            f"{config.path}: connection.{key}: {name} is not set in the environment of the centre"
        )
    return around.secrets[name]

"""Reads a file of locked requirements: which packages, where they are wanted, with which hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bundle.target import Target, environments

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^    #   (?:via )?(\S.*)$|^    # via (\S.*)$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One locked package. `via`: who asks for it; a name that begins with "-r" is ourselves."""

    name: str
    version: str
    marker: Marker | None
    hashes: frozenset[str]
    via: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def read(text: str) -> tuple[Pin, ...]:
    """The packages of a file that `uv pip compile --generate-hashes` has written."""
    return tuple(_pin(entry) for entry in _entries(text))


def wanted(pins: Iterable[Pin], target: Target, python: str) -> tuple[Pin, ...]:
    """Those that some patch release of this Python asks for on the target."""
    asked = environments(target, python)
    return tuple(
        pin for pin in pins if pin.marker is None or any(pin.marker.evaluate(env) for env in asked)
    )


def _entries(text: str) -> Iterator[str]:
    """Each package with the lines that belong to it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(lines) if not line.startswith(" ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield "\n".join(lines[start:end])


def _pin(entry: str) -> Pin:
    asked = Requirement(entry.partition("\n")[0].removesuffix("\\").strip())
    (version,) = (one.version for one in asked.specifier)
    return Pin(
        name=canonicalize_name(asked.name),
        version=version,
        marker=asked.marker,
        hashes=frozenset(_HASH.findall(entry)),
        via=tuple(one or other for one, other in _VIA.findall(entry)),
    )

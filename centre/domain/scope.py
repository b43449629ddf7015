"""What a session may see. An argument of every read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Units and kinds a reader may see; None means all of them."""

    units: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    personal_data: bool = False

    def allows_unit(self, unit: str) -> bool:
        """Say whether rows of this unit may be read."""
        return self.units is None or unit in self.units

    def allows_source(self, unit: str | None) -> bool:
        """Say whether a source of this unit may be seen; None: it answers for many.

        Such a one is of those who see all units.
        """
        return self.units is None or unit in self.units

    @property
    def key(self) -> str:
        """A short canonical text, for cache keys and stream subscriptions."""
        units = "*" if self.units is None else ",".join(sorted(self.units))
        kinds = "*" if self.kinds is None else ",".join(sorted(self.kinds))
        return f"{units}|{kinds}|{int(self.personal_data)}"


EVERYTHING = Scope()

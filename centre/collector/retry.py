"""Retry: history that cannot be read is tried again later and later; the newest state goes on."""

from __future__ import annotations

from dataclasses import dataclass

from centre.collector.schedule import Uniform, back_off


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    told: str
    failures: int
    again_at: float  # monotonic


class Retry:
    """What is wrong with the history of some sources. Entries are replaced whole: thread-safe."""

    def __init__(self, uniform: Uniform) -> None:
        self._uniform = uniform
        self._troubles: dict[str, _Trouble] = {}

    @property
    def troubles(self) -> dict[str, str]:
        """Source -> what was told of its last failure."""
        return {source: one.told for source, one in self._troubles.copy().items()}

    def is_due(self, source: str, now: float) -> bool:
        """Whether a step into history may be tried."""
        trouble = self._troubles.get(source)
        return trouble is None or trouble.again_at <= now

    def failed(self, source: str, told: str, now: float) -> None:
        """Wait with full jitter, longer each time."""
        before = self._troubles.get(source)
        failures = before.failures + 1 if before else 1
        again_at = now + back_off(failures, self._uniform)
        self._troubles[source] = _Trouble(told=told, failures=failures, again_at=again_at)

    def succeeded(self, source: str) -> bool:
        """Forget; whether there was anything to forget."""
        return self._troubles.pop(source, None) is not None

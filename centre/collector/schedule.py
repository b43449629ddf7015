"""When each source is asked next; pure in the monotonic seconds it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

BACK_OFF_BASE_SECONDS = 1.0  # reliability 2.6
BACK_OFF_CAP_SECONDS = 300.0
RETURN_SECONDS = 8.0  # a source that is back is seen within its interval and 10 s: 2 s to answer
RETRY_AFTER_CAP_SECONDS = 3600.0  # whoever asks for more rest is asked once an hour all the same

Uniform = Callable[[float, float], float]


@dataclass(slots=True)
class _Turn:
    """One source's place in the day."""

    every: float
    phase: float
    next_at: float
    failures: int = 0
    running: bool = False
    paused: bool = False
    skipped: int = 0


class Schedule:
    """Due sources, back-off after failures, pause, and "run now".

    Sources that are asked each second share one beat, so that one tick shows all of them; slower
    ones are spread over their interval by a phase of their own. All are asked at the start.
    """

    def __init__(self, every_seconds: Mapping[str, float], now: float, uniform: Uniform) -> None:
        self._origin, self._uniform = now, uniform
        self._turns = {
            id_: _Turn(every=every, phase=_phase(id_, every), next_at=now)
            for id_, every in every_seconds.items()
        }

    def due(self, now: float) -> tuple[str, ...]:
        """Sources to ask now; they count as running until `ended`.

        One that still runs misses this turn and is counted, it is not asked twice.
        """
        ready = [id_ for id_, turn in self._turns.items() if turn.next_at <= now]
        return tuple(id_ for id_ in ready if self._starts(self._turns[id_], now))

    def ended(
        self,
        source: str,
        now: float,
        *,
        failed: bool,
        is_open: bool = False,
        at_least: float | None = None,
    ) -> float:
        """Note the end of a turn; returns the seconds that a failure waits, else 0.

        It waits with full jitter, longer each time; behind an open breaker at least half of the
        longest wait, and in any case as long as the source asks for (`at_least`).
        """
        turn = self._turns[source]
        turn.running = False
        turn.failures = turn.failures + 1 if failed else 0
        if not failed:
            return 0.0
        cap = _cap(turn.every)
        wait = (
            self._uniform(cap / 2, cap) if is_open else back_off(turn.failures, self._uniform, cap)
        )
        wait = max(wait, min(at_least or 0.0, RETRY_AFTER_CAP_SECONDS))
        turn.next_at = now + wait
        return wait

    def add(self, source: str, every_seconds: float, now: float) -> None:
        """One more source, asked at the next chance; nobody else's turn moves."""
        phase = _phase(source, every_seconds)
        self._turns[source] = _Turn(every=every_seconds, phase=phase, next_at=now)

    def remove(self, source: str) -> None:
        """Ask a source no more."""
        del self._turns[source]

    def rest(self, source: str, now: float, seconds: float) -> None:
        """Ask it first after some seconds: it was down when the collector stopped."""
        self._turns[source].next_at = now + min(seconds, RETRY_AFTER_CAP_SECONDS)

    def want(self, sources: Iterable[str], now: float) -> None:
        """Ask these at the next chance, whatever their back-off or pause says."""
        for source in sources:
            self._turns[source].next_at = now
            self._turns[source].paused = False

    def pause(self, sources: Iterable[str]) -> None:
        """Let exactly these rest."""
        resting = set(sources)
        for source, turn in self._turns.items():
            turn.paused = source in resting

    def skipped(self, source: str) -> int:
        """Turns that were missed because the one before still ran."""
        return self._turns[source].skipped

    def failures(self, source: str) -> int:
        """Failures in a row."""
        return self._turns[source].failures

    def _starts(self, turn: _Turn, now: float) -> bool:
        """Move a turn on, and say whether it is to be asked this time."""
        if turn.paused:
            return False
        turn.next_at = self._following(turn, now)
        turn.skipped += turn.running
        started = not turn.running
        turn.running = True
        return started

    def _following(self, turn: _Turn, now: float) -> float:
        """The next moment on the source's own grid, so that a late beat does not drift."""
        start = self._origin + turn.phase
        return start + ((now - start) // turn.every + 1) * turn.every


def back_off(failures: int, uniform: Uniform, cap: float = BACK_OFF_CAP_SECONDS) -> float:
    """Full jitter: anywhere between 0 and the doubling limit, so that returns are spread."""
    doubled = BACK_OFF_BASE_SECONDS * 2.0 ** min(failures, 20)  # 2^20 s is far above the cap
    return uniform(0.0, min(cap, doubled))


def _cap(every: float) -> float:
    """The longest wait after a failure, in seconds."""
    return min(BACK_OFF_CAP_SECONDS, every + RETURN_SECONDS)


def _phase(source: str, every: float) -> float:
    return float(crc32(source.encode()) % int(every)) if every >= 2 else 0.0

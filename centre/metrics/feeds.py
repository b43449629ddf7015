"""How fresh each unit's data is, from the states of the sources; and of what is made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from centre.domain.places import UNASSIGNED, City
from centre.domain.status import Clocks, Freshness, standing, together, worst
from centre.snapshots.cells import SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What stands behind a unit's figures: how fresh, and complete until when."""

    freshness: Freshness = Freshness.MISSING
    as_of: datetime | None = None
    event_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def clocks(self) -> Clocks:
        """Its three clocks."""
        return Clocks(event_at=self.event_at, as_of=self.as_of, received_at=self.received_at)

    @property
    def is_there(self) -> bool:
        """Whether what the unit says about today may be counted."""
        return self.freshness not in {Freshness.DOWN, Freshness.MISSING}


NO_FEED = Feed()
Feeds = Mapping[str, Feed]


def feeds(city: City, sources: Sequence[SourceState]) -> Feeds:
    """One feed for each unit and for "unassigned".

    A unit's own sources answer for it; where it has none, those that answer for many units do.
    """
    general = join(feed(one, city) for one in sources if one.unit is None)
    made = {UNASSIGNED: general if general is not NO_FEED else _of_those_there(city, sources)}
    for unit in city.units:
        own = join(feed(one, city) for one in sources if one.unit == unit.code)
        made[unit.code] = own if own is not NO_FEED else general
    return made


def measured(city: City, sources: Sequence[SourceState], ids: Collection[str]) -> Feeds:
    """The feeds of readings or assets that some sources deliver, for whatever unit they are.

    A unit's desk may be silent while the hotline goes on to count the calls from there.
    """
    one = join(feed(source, city) for source in sources if source.id in ids)
    return dict.fromkeys((*city.by_code, UNASSIGNED), one)


def _of_those_there(city: City, sources: Sequence[SourceState]) -> Feed:
    """Anybody may deliver cases without a unit: one silent desk does not darken them."""
    known = [feed(one, city) for one in sources]
    return join([one for one in known if one.is_there] or known)


def feed(source: SourceState, city: City) -> Feed:
    """One source's feed; of finished data its last success counts where it names no watermark."""
    is_finished = city.clock == "latest"
    known = source.as_of or (source.succeeded_at if is_finished else None)
    return Feed(
        freshness=standing(source.state, known, is_finished=is_finished),
        as_of=known,
        event_at=source.event_at,
        received_at=source.received_at,
    )


def join(some: Iterable[Feed]) -> Feed:
    """What several inputs together are: the worst freshness, the oldest watermark."""
    known = tuple(some)
    if not known:
        return NO_FEED
    clocks = together(one.clocks for one in known)
    return Feed(
        freshness=worst([one.freshness for one in known]),
        as_of=clocks.as_of,
        event_at=clocks.event_at,
        received_at=clocks.received_at,
    )


def of_now(units: Iterable[str], by_unit: Feeds) -> Feed:
    """What a figure of today or of this moment made of some units is."""
    return join(by_unit.get(unit, NO_FEED) for unit in _named(units))


def _named(units: Iterable[str]) -> list[str]:
    """Units that somebody answers for; "unassigned" only when it stands alone."""
    known = list(units)
    return [unit for unit in known if unit != UNASSIGNED] or known


def of_days(units: Iterable[str], by_unit: Feeds, end: datetime) -> Feed:
    """What a figure of complete days until `end` made of some units is.

    A centre that fell silent after `end` has said all it had to: it does not darken the city.
    One that fell silent before leaves the last days incomplete, which is stale.
    """
    known = [by_unit.get(unit, NO_FEED) for unit in _named(units)]
    if len(known) == 1:
        return known[0]
    whole = join(known)
    cut = any(one.as_of is None or one.as_of < end for one in known if not one.is_there)
    there = [one.freshness for one in known if one.is_there]
    if not there:
        return whole
    state = worst([*there, Freshness.STALE]) if cut else worst(there)
    return replace(whole, freshness=state)

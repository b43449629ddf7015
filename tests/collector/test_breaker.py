"""When a source is asked by probes alone, and what a restart of the collector knows of it."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event
from threading import enumerate as threads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.collector.breaker import IN_A_ROW, WINDOW, Breaker
from centre.domain.sources import Limits
from centre.store import health
from centre.store.engine import connect, reading
from datasources.source import Denied, Unavailable
from tests.collector.scripted import Clock, Running, Script, collecting, config, row
from tests.collector.test_faults import received, state

HASTY = Limits(deadline_seconds=0.02)


def after(answers: str, breaker: Breaker | None = None) -> Breaker:
    """The breaker after answers ("+") and failures ("-"), each asked for as a collector does."""
    breaker = breaker or Breaker()
    for one in answers:
        asked = breaker.probing()
        breaker = asked.answered() if one == "+" else asked.failed()
    return breaker


def test_five_failures_in_a_row_open_it_and_four_do_not() -> None:
    assert after("+++----").is_closed
    assert after("+++-----").state == "open"


def test_half_of_twenty_open_it_and_fewer_do_not() -> None:
    assert after("+-" * 9 + "++").is_closed
    assert after("+-" * 10).state == "open"
    assert after("-+" * 9 + "-").is_closed, "nineteen are not twenty"


def test_a_failed_probe_opens_it_again_without_counting_another_outage() -> None:
    once = after("-----")
    assert once.probing().state == "half"
    assert after("---", once) == Breaker(state="open", recent="-" * 8, opened=1)


def test_an_answered_probe_closes_it_and_forgives_what_was() -> None:
    closed = after("+", after("-----"))
    assert closed == Breaker(state="closed", recent="+", opened=1)
    assert after("----", closed).is_closed


@given(st.text("+-", max_size=60))
def test_whatever_comes_it_remembers_twenty_and_ends_closed_by_an_answer(answers: str) -> None:
    breaker = after(answers)
    assert len(breaker.recent) <= WINDOW
    assert after("+", breaker).is_closed or after("+", breaker).recent.count("-") >= WINDOW / 2
    assert breaker.state in {"closed", "open"}
    assert not breaker.is_closed or not breaker.recent.endswith("-" * IN_A_ROW)


def kept(running: Running, source: str = "north-desk") -> health.Health:
    """What the store knows of a source's outages."""
    engine = connect(running.url)
    with reading(engine) as conn:
        found = health.read(conn).get(source, health.Health(source=source))
    engine.dispose()
    return found


def test_a_source_that_keeps_failing_is_kept_as_open_and_closed_by_its_first_answer(
    tmp_path: Path,
) -> None:
    script = Script(error=Unavailable("connection refused"))
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: state(s).failures >= IN_A_ROW)
        down = kept(running)
        assert (down.breaker, down.opened, down.condition) == ("open", 1, "unavailable")
        assert down.retry_at is not None
        script.error = None
        running.until(lambda s: state(s).state == "live" and state(s).error is None)
        back = kept(running)
    assert (back.breaker, back.opened, back.condition, back.retry_at) == ("closed", 1, "", None)


def test_a_collector_that_starts_anew_does_not_ask_what_was_down_before_its_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    script = Script(error=Denied("401: the password is wrong"))
    other = Script(pages=[[row("S1", "south")]])
    scripts = {"north-desk": script, "south-desk": other}
    caplog.set_level(logging.WARNING)
    with collecting(tmp_path, scripts, clock=clock) as running:
        running.until(lambda s: state(s).failures >= IN_A_ROW)
    engine = connect(running.url)
    health.note(engine, "north-desk", retry_at=clock.now.replace(minute=59))
    engine.dispose()
    asked, fetched = script.fetches, other.fetches
    with collecting(tmp_path, scripts, clock=clock) as running:
        running.until(lambda _: other.fetches > fetched + 5)
        assert script.fetches == asked
        script.error = None
        engine = connect(running.url)
        from centre.store import sources

        sources.want(engine, "north-desk")
        engine.dispose()
        running.until(lambda s: state(s).state == "live")
        assert kept(running).breaker == "closed"
    told = [one.getMessage() for one in caplog.records if one.name == "centre.collector.health"]
    assert told == ["north-desk is down: 401: the password is wrong", "north-desk is back"]


def test_history_rests_behind_an_open_breaker(tmp_path: Path) -> None:
    """The newest state fails, while a fetch with history is open."""
    script = Script(error=Unavailable("gone"), pages=[[row(f"N{n}")] for n in range(9)])
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: state(s).failures >= IN_A_ROW)
        assert running.source().stored == 0
        script.error = None
        running.until(lambda s: received(s, "north") == 9)


def test_what_ignores_its_deadline_is_replaced_once_and_threads_stay_bounded(
    tmp_path: Path,
) -> None:
    hanging, other = Script(hang=Event()), Script(pages=[[row("S1", "south")]])
    configs = [config("north-desk", limits=HASTY), config("south-desk", "south")]
    with collecting(tmp_path, {"north-desk": hanging, "south-desk": other}, configs) as running:
        running.until(lambda _: hanging.fetches == 2)
        fetched = other.fetches
        running.until(lambda _: other.fetches > fetched + 8)
        assert hanging.fetches == 2, "the second one hangs too, and nobody else is sent after it"
        assert [one.name for one in threads()].count("source-north-desk") == 2
        hanging.pages.append([row("N1")])
        assert hanging.hang is not None
        hanging.hang.set()
        running.until(lambda s: received(s, "north") == 1 and state(s).error is None)
        assert kept(running).replaced == 1
        assert running.source().sent == 1, "the one that was left behind wrote nothing"

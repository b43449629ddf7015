"""One source fails; all others go on, and nothing is lost, doubled or made up."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event

import pytest

from centre.domain.sources import Limits
from centre.snapshots.cells import Snapshot, SourceState
from centre.store import sources
from centre.store.engine import connect
from datasources.source import Unavailable
from tests.collector.scripted import Clock, Script, collecting, config, row

HASTY = Limits(deadline_seconds=0.2)
RECEIVED = "appeal.received.count"


def received(snapshot: Snapshot, unit: str = "city") -> float | None:
    return snapshot.cell(RECEIVED, unit).num


def state(snapshot: Snapshot, unit: str = "north") -> SourceState:
    found = snapshot.source(unit)
    assert found is not None
    return found


def test_what_is_delivered_is_counted_and_acknowledged_after_its_commit(tmp_path: Path) -> None:
    pages = [[row("A1"), row("A2")], [row("A2"), row("A3", unit="Nowhere"), row("A4")]]
    script = Script(pages=pages)
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: received(s, "north") == 3)
        stored = running.source()
    assert (stored.sent, stored.stored, stored.duplicate, stored.rejected) == (5, 3, 1, 1)
    assert stored.cursor == {"page": 2}
    assert [page for page in script.settled if page] == sorted(p for p in script.settled if p)
    assert script.settled[-1] == 2


def test_a_source_that_hangs_delays_nobody(tmp_path: Path) -> None:
    hanging, other = Script(hang=Event()), Script(pages=[[row("S1", "south")]])
    scripts = {"north-desk": hanging, "south-desk": other}
    configs = [config("north-desk", limits=HASTY), config("south-desk", "south")]
    with collecting(tmp_path, scripts, configs) as running:
        running.until(lambda s: received(s, "south") == 1, 4)
        down = running.until(lambda s: state(s).error)
        assert state(down).error == "no answer within 0.6 s"
        fetched = other.fetches
        running.until(lambda s: other.fetches > fetched + 1, 4)
        assert hanging.fetches == 1
        assert state(down).state == "missing"
        hanging.pages.append([row("N1")])
        assert hanging.hang is not None
        hanging.hang.set()
        back = running.until(lambda s: received(s, "north") == 1)
        assert state(back).error is None


def test_an_outage_is_logged_when_it_begins_and_when_it_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = Script(error=Unavailable("connection refused"))
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: state(s).failures >= 3)
        assert running.source().error == "connection refused"
        script.error = None
        running.until(lambda s: state(s).error is None and state(s).state == "live")
    told = [one.getMessage() for one in caplog.records if one.name == "centre.collector.health"]
    assert told == ["north-desk is down: connection refused", "north-desk is back"]


def test_a_fault_of_ours_keeps_its_trace_once_and_stops_only_its_source(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scripts = {
        "north-desk": Script(error=ZeroDivisionError("citizen 13800000000")),
        "south-desk": Script(pages=[[row("S1", "south")]]),
    }
    with collecting(tmp_path, scripts) as running:
        running.until(lambda s: state(s).failures >= 3 and received(s, "south") == 1)
        error = running.source().error
    assert error == "fault of this system: ZeroDivisionError (see the collector's log)"
    traces = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert len(traces) == 1
    assert "scripted.py" in traces[0].getMessage()
    assert "13800000000" not in caplog.text


def test_a_drifted_batch_is_refused_and_its_cursor_stays(tmp_path: Path) -> None:
    renamed = [{**row(f"N{n}"), "received": None, "received_time": "x"} for n in range(60)]
    for one in renamed:
        del one["received"]
    script = Script(pages=[renamed])
    with collecting(tmp_path, {"north-desk": script}) as running:
        down = running.until(lambda s: state(s).error)
        asked = script.fetches
        running.until(lambda s: script.fetches > asked + 5)
        refused = running.source()
        assert "60 of 60 rows are bad (received_at: missing_column 60)" in str(state(down).error)
        assert (refused.stored, refused.rejected, refused.sent) == (0, 50, 50)
        assert refused.cursor == {"page": 0}
        script.pages[0] = [row(f"N{n}") for n in range(60)]
        running.until(lambda s: received(s, "north") == 60 and state(s).error is None)


def test_a_silent_source_grows_late_stale_and_down_and_returns_by_itself(tmp_path: Path) -> None:
    clock, script = Clock(), Script(pages=[[row("N1")]])
    with collecting(tmp_path, {"north-desk": script}, clock=clock) as running:
        running.until(lambda s: state(s).state == "live" and received(s, "north") == 1)
        script.error = Unavailable("gone")
        running.until(lambda s: state(s).failures)
        for minutes, expected in ((1.6, "late"), (2, "stale"), (15, "down")):
            clock.pass_(minutes=minutes)
            running.until(lambda s, word=expected: state(s).state == word)
        script.error = None
        running.until(lambda s: state(s).state == "live")


def test_a_paused_source_rests_and_run_now_wakes_one_that_backs_off(tmp_path: Path) -> None:
    script = Script(error=Unavailable("gone"))
    with collecting(tmp_path, {"north-desk": script}, uniform=lambda _a, _b: 300.0) as running:
        running.until(lambda s: state(s).failures == 1)
        engine = connect(running.url)
        script.error = None
        sources.want(engine, "north-desk")
        running.until(lambda s: state(s).state == "live")
        assert not running.source().wanted
        sources.pause(engine, "north-desk", True)
        running.until(lambda s: state(s).state == "paused")
        fetched = script.fetches
        sources.pause(engine, "north-desk", False)
        running.until(lambda s: state(s).state == "live" and script.fetches > fetched)
        engine.dispose()


def test_a_second_collector_takes_over_and_the_first_stops(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = Script(pages=[[row("N1")]])
    with collecting(tmp_path, {"north-desk": script}) as first:
        first.until(lambda s: received(s, "north") == 1)
        with collecting(tmp_path, {"north-desk": script}) as second:
            first.thread.join(8)
            assert not first.thread.is_alive()
            script.pages.append([row("N2")])
            second.until(lambda s: received(s, "north") == 2)
            assert (first.collector.fenced, second.collector.fenced) == (True, False)
    assert "another collector has taken over, this one stops" in caplog.text


def test_a_source_whose_adapter_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    scripts = {"south-desk": Script(pages=[[row("S1", "south")]])}
    configs = [config("north-desk"), config("south-desk", "south")]
    with collecting(tmp_path, scripts, configs) as running:
        running.until(lambda s: received(s, "south") == 1 and state(s).error)


def test_a_fault_of_ours_while_publishing_is_traced_once_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The bus raises what no database raises, three beats in a row."""
    script = Script(pages=[[row("N1")]])
    with collecting(tmp_path, {"north-desk": script}) as running:
        before = running.until(lambda s: received(s, "north") == 1)
        publish, faults = running.bus.publish, [ValueError("citizen 13800000000")] * 3

        def faulty(snapshot: Snapshot) -> None:
            if faults:
                raise faults.pop()
            publish(snapshot)

        running.bus.publish = faulty  # type: ignore[method-assign]
        script.pages.append([row("N2")])
        after = running.until(lambda s: received(s, "north") == 2)
        assert after.seq > before.seq
        assert faults == []
    traces = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert len(traces) == 1
    assert "ValueError at" in traces[0].getMessage()
    assert "13800000000" not in caplog.text
    assert "collecting goes on" in caplog.text


def test_a_paused_source_does_not_go_on_with_its_history(tmp_path: Path) -> None:
    """Pages are history: they come one a batch after the newest state."""
    gate = Event()
    script = Script(pages=[[row(f"N{n}")] for n in range(400)])
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: (received(s, "north") or 0) > 3)
        engine = connect(running.url)
        sources.pause(engine, "north-desk", True)
        running.until(lambda s: state(s).state == "paused")
        gate.wait(0.3)  # the step that ran at the pause
        stored = running.source().stored
        gate.wait(0.5)
        assert running.source().stored == stored < 400
        sources.pause(engine, "north-desk", False)
        running.until(lambda s: (received(s, "north") or 0) > stored)
        engine.dispose()


def test_a_quiet_source_that_answers_stays_live_unless_its_silence_promises_nothing(
    tmp_path: Path,
) -> None:
    clock = Clock()
    scripts = {
        "north-desk": Script(pages=[[row("N1")]], quiet=True),
        "south-desk": Script(pages=[[row("S1", "south")]], quiet=True, stands_still=True),
    }
    with collecting(tmp_path, scripts, clock=clock) as running:
        running.until(lambda s: received(s) == 2 and state(s).state == "live")
        clock.pass_(minutes=30)
        running.until(lambda s: (state(s).state, state(s, "south").state) == ("live", "down"))
        north = running.source()
        assert north.watermark == clock.now
        assert running.source("south-desk").failures == 0

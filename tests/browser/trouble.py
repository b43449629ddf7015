"""A city in trouble: a centre is down since yesterday, a day is partial, a note is attached."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from centre.domain.notes import Note
from centre.store import notes
from centre.store.engine import connect

DOWN = "510129"  # 大邑县
PARTIAL = "510116"  # 双流区: said nothing on one day
NOTED = "510116"
PAGES = (
    "/",
    "/wall",
    f"/district/{DOWN}",
    f"/district/{NOTED}",
    "/sources",
    "/quality",
    f"/metric/appeal.received.count?unit={DOWN}",
    "/metric/appeal.on_time_rate",
    "/embed/received_today?key=",
    "/district",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def trouble(pack: Path, filled: Path, folder: Path, since: datetime) -> Path:
    """A copy of a filled store in trouble; the source that is down stays so."""
    file = pack / "sources.d" / f"{DOWN}.toml"
    (folder / "outage").touch()
    never = f'[connection]\noutage_file = "{folder / "outage"}"'
    file.write_text(file.read_text("utf-8").replace("[connection]", never), "utf-8")
    store = folder / "trouble.db"
    shutil.copy(filled, store)
    _silence(store, since)
    engine = connect(f"sqlite:///{store}")
    notes.add(engine, _note(since))
    engine.dispose()
    return store


def _silence(store: Path, since: datetime) -> None:
    """The one that is down said its last word then; the other left out the day before."""
    stamp = (since - _EPOCH) // timedelta(microseconds=1)
    day = since.astimezone(ZoneInfo("Asia/Shanghai")).toordinal()
    with closing(sqlite3.connect(store)) as conn, conn:
        times = "UPDATE source SET watermark = ?, succeeded_at = ? WHERE id = ?"
        conn.execute(times, (stamp, stamp, DOWN))
        conn.execute("DELETE FROM presence WHERE unit = ? AND day > ?", (DOWN, day))
        half = 'UPDATE presence SET "until" = ? WHERE unit = ? AND day = ? AND "until" > ?'
        conn.execute(half, (stamp, DOWN, day, stamp))
        conn.execute("DELETE FROM presence WHERE unit = ? AND day = ?", (PARTIAL, day - 1))


def _note(since: datetime) -> Note:
    return Note(
        id="",
        unit=NOTED,
        start=since,
        end=None,
        zh="重复上报",
        en="Reported twice",
        by="duty",
        at=since,
    )

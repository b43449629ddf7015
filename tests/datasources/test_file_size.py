"""Large files, and files full of chance."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

from datasources.source import Malformed
from tests.datasources.make import NOW
from tests.datasources.test_file_drop import TEXT, judged, place, read


def test_twenty_thousand_rows_come_in_bounded_memory_with_growing_progress(
    tmp_path: Path,
) -> None:
    lines = (f"A-{n},2026-06-01 08:00:00,{'路灯' * 20}\n" for n in range(20_000))
    (tmp_path / "a.csv").write_text("编号,时间,内容\n" + "".join(lines))
    adapter, rows, progress = place(tmp_path, "a.csv", batch_rows=200), 0, []
    tracemalloc.start()
    for batch in adapter.fetch(None, NOW):
        rows += len(batch.rows)
        progress.append(batch.filled)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 20_000
    assert progress == sorted(progress)
    assert progress[-1] == (tmp_path / "a.csv").stat().st_size
    assert peak < 5 * 2**20  # all rows at once take 9 MB


def test_random_bytes_never_raise_anything_but_a_source_error(tmp_path: Path) -> None:
    chance = random.Random(20181228)
    for number in range(300):
        content = bytearray(TEXT.encode(chance.choice(["utf-8", "gbk"])))
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        (tmp_path / f"{number}.csv").write_bytes(bytes(content))
        try:
            judged(read(place(tmp_path, f"{number}.csv")))
        except Malformed as error:
            assert f"{number}.csv" in str(error)

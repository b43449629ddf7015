"""A small city pack on disk, to be broken in one place at a time."""

from __future__ import annotations

import json
from pathlib import Path

from centre.citypack.check import check
from centre.citypack.finding import Finding

PLACES = """
[city]
zh = "河镇市"
en = "Riverton"
title = { zh = "河镇市智慧治理中心", en = "Riverton Operations Centre" }
zone = "Asia/Shanghai"
clock = "now"
calendar = "CN"

[[units]]
code = "old-town"
zh = "老城区"
en = "Old Town"
kind = "district"
neighbours = ["harbour"]
former_codes = ["100101"]
label = [104.5, 30.5]
streets = [{ code = "bridge", zh = "桥头街道", en = "Bridge", lon = 104.4, lat = 30.6 }]

[[units]]
code = "harbour"
zh = "港区"
en = "Harbour"
kind = "zone"
neighbours = ["old-town"]

[codes.channel]
phone = { zh = "12345电话", en = "Hotline" }

[[due]]
kind = "appeal"
working_days = 5
"""

TARGETS = """
[coverage]
minimum = 0.6
watch = 0.1

[definition]
"appeal.on_time_rate" = 1

[target."appeal.on_time_rate"]
value = 0.95
note_zh = "年度目标"
note_en = "Aim of the year"
"""

SOURCE = """
name = { zh = "热线", en = "Hotline" }
adapter = "file_drop"
contact = "extension 12"
unit = "harbour"
zone = "Asia/Shanghai"
crs = "gcj02"

[connection]
path = "tickets.csv"
password = { env = "HOTLINE_PASSWORD" }

[schedule]
every = "30 s"

[promise]
interval = "5 min"

[fields]
key = "ticket"
received_at = { column = "created", format = "%Y-%m-%d %H:%M:%S" }
channel = { column = "via", codes = { "来电" = "phone" } }
"""

SQUARE = [[104.0, 30.0], [105.0, 30.0], [105.0, 31.0], [104.0, 31.0], [104.0, 30.0]]

METRICS = {"appeal.on_time_rate": (1, 2), "appeal.received.count": (1,)}
ADAPTERS = {"file_drop": ("path", "format", "password"), "simulated": ("seed",)}
ENV = {"HOTLINE_PASSWORD": "x"}


def boundaries(code: str = "old-town", ring: object = SQUARE) -> str:
    """One square as GeoJSON."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "id": code, "properties": {}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def write(
    folder: Path,
    *,
    places: str = PLACES,
    targets: str = TARGETS,
    shapes: str | None = None,
    **sources: str,
) -> Path:
    """Write a pack; `sources` are file stems with their text, one good one by default."""
    (folder / "sources.d").mkdir(parents=True)
    (folder / "places.toml").write_text(places, "utf-8")
    (folder / "targets.toml").write_text(targets, "utf-8")
    (folder / "boundaries.geojson").write_text(shapes or boundaries(), "utf-8")
    for stem, text in (sources or {"hotline": SOURCE}).items():
        (folder / "sources.d" / f"{stem}.toml").write_text(text, "utf-8")
    return folder


def findings(folder: Path, env: dict[str, str] | None = None) -> tuple[Finding, ...]:
    """What `check` says of a pack."""
    return check(
        folder,
        metrics=METRICS,
        adapters=ADAPTERS,
        env=ENV if env is None else env,
        counting=("file_drop",),
    )


def the_only(folder: Path) -> Finding:
    """The one finding of a pack."""
    (one,) = findings(folder)
    return one

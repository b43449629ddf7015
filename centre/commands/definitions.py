"""`python -m centre definitions`: what every metric means, written to docs/definitions.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from centre.citypack.load import load_city
from centre.domain.places import City, Name
from centre.metrics import breakdown, explain
from centre.metrics.metric import Metric, Shape
from centre.metrics.registry import METRICS
from centre.settings import ROOT

WRITTEN = ROOT / "docs" / "definitions.md"
PACK = ROOT / "conf" / "chengdu"

Out = Annotated[Path, typer.Argument(help="The file to write.")]
Pack = Annotated[Path, typer.Option("--city", help="Whose published figures stand beside.")]

_HEAD = """\
# What the numbers mean 指标口径

<!-- Written by `python -m centre definitions`; change centre/metrics/families, not this file. -->

Each metric is data in one file of `centre/metrics/families`. Wall, desk, panels, interface and this
page read it from there; there is no other formula. A rate is the sum of its numerators divided by
the sum of its denominators, over exactly those units and days that delivered both; it is never an
average of rates. The SQL is what each part sums up from the records; what screens read are the
cubes, which are kept equal to it.

A definition that changes gets a new version with its date, and the one before stays: any period
can be asked by any version (`version=` of the interface, the choice on `/metric/<id>`). A line
breaks on the day of the change, and a figure whose period lies under another definition says so.
A city counts by the newest unless `[definition]` in its targets.toml names another.

每个指标只在 `centre/metrics/families` 的一个文件中定义一次。比率一律先求和、后相除，只计分子分母都
已报送的单位和日期，不对各单位的比率再取平均。

口径改变时另立版本、注明起用日期，旧版本保留：任何时段都可按任一版本查询（接口 `version=`，或在
`/metric/<id>` 页上选择）。折线在改变之日断开；时段内口径有变的数会写明。各市默认按最新版本计算，
targets.toml 的 `[definition]` 另有指定的除外。
"""

_WINDOWS = {
    Shape.COUNT: Name(zh="今日截至当前", en="today so far"),
    Shape.STOCK: Name(zh="当前", en="this moment"),
    Shape.GAUGE: Name(zh="当前", en="this moment"),
}
_THIRTY_DAYS = Name(zh="截至昨日的 30 个完整自然日", en="the 30 complete days that end yesterday")
_DIRECTIONS = {
    "up": Name(zh="越高越好", en="higher is better"),
    "down": Name(zh="越低越好", en="lower is better"),
    "neutral": Name(zh="无优劣之分", en="neither is better"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("definitions")(definitions)


def definitions(file: Out = WRITTEN, city_dir: Pack = PACK) -> None:
    """Write what every metric means: definition, formula, SQL, window, version, caveats."""
    file.write_text(page(load_city(city_dir)), encoding="utf-8")
    typer.echo(f"{file}: {len(METRICS)} metrics")


def page(city: City) -> str:
    """The whole page as Markdown: metrics by platform, in the order of their ids."""
    platforms = sorted({metric.platform for metric in METRICS.values()})
    return "\n".join([_HEAD, *(line for one in platforms for line in _platform(one, city))])


def _platform(platform: str, city: City) -> Iterator[str]:
    mine = sorted((one for one in METRICS.values() if one.platform == platform), key=_id)
    yield f"## {platform}\n"
    for metric in mine:
        yield f"- [{metric.name.zh} · {metric.name.en}](#{_anchor(metric)})"
    yield ""
    for metric in mine:
        yield from _metric(metric, city)


def _id(metric: Metric) -> str:
    return metric.id


def _anchor(metric: Metric) -> str:
    """As GitHub makes them: without the points, underscores stay."""
    return metric.id.replace(".", "")


def _metric(metric: Metric, city: City) -> Iterator[str]:
    yield f"### {metric.id}"
    yield f"**{metric.name.zh} · {metric.name.en}**\n"
    yield f"{metric.definition.zh}  \n{metric.definition.en}\n"
    yield "| | |\n|---|---|"
    yield from map(_row, _rows(metric, city))
    yield ""
    yield from _sql(metric)
    for one, next_one in reversed(list(pairwise(metric.versions))):
        yield from _before(one, next_one)


def _before(metric: Metric, after: Metric) -> Iterator[str]:
    """An earlier definition: what it said, and until when it was in force."""
    last = after.valid_from - timedelta(days=1)
    yield f"#### 版本 version {metric.version}, {metric.valid_from} – {last}"
    yield f"{metric.definition.zh}  \n{metric.definition.en}\n"
    yield "| | |\n|---|---|"
    yield from map(_row, _formula(metric))
    yield _row(_caveats(metric))
    yield ""
    yield from _sql(metric)


def _row(pair: tuple[str, str]) -> str:
    return f"| {pair[0]} | {pair[1].replace('|', chr(92) + '|')} |"


def _rows(metric: Metric, city: City) -> Iterator[tuple[str, str]]:
    yield from _formula(metric)
    yield "单位 unit", _both(metric.unit)
    yield "方向 direction", _both(_DIRECTIONS[metric.direction])
    yield "时段 window", _both(_WINDOWS.get(metric.shape, _THIRTY_DAYS))
    yield "分组 breakdowns", ", ".join(breakdown.offered(metric))
    yield "版本 version", f"{metric.version}, {metric.valid_from.isoformat()}"
    if metric.id in city.definitions:
        used = f"{city.definitions[metric.id]}"
        yield (
            "在用 in use",
            f"{city.name.zh}按版本 {used} · {city.name.en} counts by version {used}",
        )
    yield "口径负责 owner", _both(metric.owner)
    yield "数据 records", ", ".join(metric.datasets)
    yield _caveats(metric)
    yield "公布 published", _published(metric, city)


def _formula(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "公式 formula", f"{explain.words(metric, 'zh')}<br>{explain.words(metric, 'en')}"
    if metric.needs is not None:
        yield "前提 needs", f"{metric.needs.id}: 全市从未报送时不计算 · unknown until seen once"


def _caveats(metric: Metric) -> tuple[str, str]:
    return "注意 caveats", f"{metric.caveats.zh}<br>{metric.caveats.en}"


def _both(name: Name) -> str:
    return name.zh if name.zh == name.en else f"{name.zh} · {name.en}"


def _published(metric: Metric, city: City) -> str:
    one = city.published.get(metric.id)
    if one is None:
        return "—"
    value = f"{one.value:.2%}" if metric.is_rate else f"{one.value:,.{metric.digits}f}"
    return f"{one.bound} {value}, {one.period}, {city.name.zh}: “{one.phrase}”"


def _sql(metric: Metric) -> Iterator[str]:
    parts = explain.sql(metric)
    if not parts:
        return
    written = "\n\n".join(f"-- {role}\n{_tidy(text)};" for role, text in parts.items())
    yield f"```sql\n{written}\n```\n"


def _tidy(sql: str) -> str:
    return "\n".join(line.rstrip() for line in sql.splitlines())

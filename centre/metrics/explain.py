"""A metric explained: its formula in words, and the SQL of its parts."""

from __future__ import annotations

from sqlalchemy import Dialect, func, select
from sqlalchemy.dialects import sqlite

from centre.domain.places import Name
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part

_DIVIDED = Name(
    zh="{num} 的合计 ÷ {den} 的合计（先求和，后相除）",
    en="sum of {num} ÷ sum of {den} (added first, divided last)",
)
_FORMULAS = {
    Shape.COUNT: Name(zh="时段内 {num} 的合计", en="sum of {num} in the period"),
    Shape.RATIO: _DIVIDED,
    Shape.MEAN: _DIVIDED,
    Shape.PER_DAY: Name(
        zh="{num} 的合计 ÷ 时段内有数据的自然日数",
        en="sum of {num} ÷ calendar days of the period that were delivered",
    ),
    Shape.STOCK: Name(
        zh="截至该时刻 {num} 的合计 − {minus} 的合计",
        en="sum of {num} − sum of {minus}, both from the beginning to that moment",
    ),
    Shape.GAUGE: Name(
        zh="该时刻之前 {num} 最近一次读数，各单位、各账号相加",
        en="last reading of {num} until that moment, added over units and accounts",
    ),
}
_STOCK_ALONE = Name(
    zh="截至该时刻 {num} 的合计", en="sum of {num} from the beginning to that moment"
)


def words(metric: Metric, lang: str) -> str:
    """The formula in words, each part with the time that it is counted at."""
    formula = _FORMULAS[metric.shape]
    if metric.shape is Shape.STOCK and metric.minus is None:
        formula = _STOCK_ALONE
    return formula.of(lang).format(
        num=_part(metric.num, lang) if metric.num else metric.series,
        den=_part(metric.den, lang),
        minus=_part(metric.minus, lang),
    )


def _part(part: Part | None, lang: str) -> str:
    if part is None:
        return ""
    at = Name(zh="按 {anchor} 计", en="at {anchor}").of(lang).format(anchor=part.anchor.name)
    return f"{part.id}（{at}）" if lang != "en" else f"{part.id} ({at})"


def sql(metric: Metric, dialect: Dialect | None = None) -> dict[str, str]:
    """{role: SELECT} of the parts as they are summed, values written out; empty for a gauge."""
    parts = {"num": metric.num, "den": metric.den, "minus": metric.minus}
    chosen = dialect or sqlite.dialect()
    return {role: _select(part, chosen) for role, part in parts.items() if part is not None}


def _select(part: Part, dialect: Dialect) -> str:
    statement = (
        select(part.anchor.table.c.unit, func.sum(part.amount).label("amount"))
        .where(part.anchor.is_not(None), part.where)
        .group_by(part.anchor.table.c.unit)
    )
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

"""What 12345 counts for the whole city beside its cases: calls, services, mailboxes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from datasources.simulation import shape
from datasources.simulation.calendar import Times, almanac, stamp
from datasources.simulation.draw import generator
from datasources.simulation.rows import Row, local_texts
from datasources.simulation.setting import Setting

BUCKETS = 288
"""Five minutes each."""

_ANSWERED = 0.966
_SERVICES = 163_000  # “成都服务”微博: 提供政务服务超过 16.3 万次
_SERVICES_A_DAY = 38.0
_LEVELS = (("市级", 0.022), ("区县级", 0.190), ("乡镇级", 0.788))  # 市县乡三级; shares are ours


def readings(setting: Setting, day: date, start: date, after: int, until: int) -> list[Row]:
    """Rows of the five-minute counts and daily gauges that are finished in (after, until]."""
    if not setting.municipal:
        return []
    begins = _edges(setting, day)
    finished = (begins[1:] > after) & (begins[1:] <= until)
    offered, answered = _calls(setting, day)
    which = np.flatnonzero(finished)
    texts = local_texts(begins[which], setting.text_zone)
    found = [
        _reading(setting, series, text, int(values[bucket]))
        for series, values in (("calls.offered", offered), ("calls.answered", answered))
        for bucket, text in zip(which.tolist(), texts, strict=True)
    ]
    if after < begins[0] <= until:
        midnight = local_texts(begins[:1], setting.text_zone)[0]
        services = _services(setting, start, day)
        found.append(_reading(setting, "weibo.services", midnight, services, key="成都服务"))
    return found


def _reading(setting: Setting, series: str, at: str, value: int, key: str = "") -> Row:
    return {
        "record": "reading",
        "指标": series,
        "区划": setting.unit.code,
        "时间": at,
        "数值": value,
        "版本": 1,
        "工单编号": key,
    }


def _edges(setting: Setting, day: date) -> Times:
    begins = stamp(day, setting.zone)
    ends = stamp(day + timedelta(days=1), setting.zone)
    return np.linspace(begins, ends, BUCKETS + 1).astype(np.int64)


@lru_cache(maxsize=64)
def _calls(setting: Setting, day: date) -> tuple[Times, Times]:
    """(offered, answered) in each five minutes; busy hours answer a little less."""
    rng = generator(setting.seed, setting.source, day, "calls")
    share = np.diff(shape.arrived_by(np.linspace(0.0, 1.0, BUCKETS + 1)))
    level = almanac(setting.city.calendar, setting.zone, day.year).level(day)
    offered = rng.poisson(setting.calls_per_day * level * share)
    # Weighted by calls the strain is zero on average, so the day keeps its rate.
    strain = share / share.max() - float(np.sum(share**2) / share.max())
    answered = rng.binomial(offered, np.clip(_ANSWERED - 0.02 * strain, 0.0, 1.0))
    return offered.astype(np.int64), answered.astype(np.int64)


def _services(setting: Setting, start: date, day: date) -> int:
    """Services given until a day's midnight, since the beginning of the account."""
    days = (date.fromordinal(i) for i in range(start.toordinal(), day.toordinal()))
    return _SERVICES + sum(_services_on(setting.seed, setting.source, one) for one in days)


@lru_cache(maxsize=2048)
def _services_on(seed: int, source: str, day: date) -> int:
    return int(generator(seed, source, day, "weibo").poisson(_SERVICES_A_DAY))


def mailboxes(setting: Setting) -> list[Row]:
    """Rows of the leaders' mailboxes of three levels, spread over the units."""
    if not setting.municipal:
        return []
    return [_mailbox(setting, number) for number in range(setting.mailboxes)]


def _mailbox(setting: Setting, number: int) -> Row:
    level = _level(number / max(setting.mailboxes, 1))
    centres = setting.city.centres
    unit = setting.unit if level == 0 or not centres else centres[number % len(centres)]
    streets = unit.streets if level == 2 else ()
    street = streets[number // len(centres) % len(streets)] if streets else None
    place = street.name.zh if street else unit.name.zh
    return {
        "record": "asset",
        "工单编号": f"MB-{number + 1:04d}",
        "版本": 1,
        "种类": "信箱",
        "区划": unit.code,
        "状态": "在用",
        "启用时间": f"20{15 + number % 4}-{number % 12 + 1:02d}-01T09:00:00",
        "一级分类": _LEVELS[level][0],
        "标题": f"{place}{_OFFICES[level][number % len(_OFFICES[level])]}信箱",
        "镇街": street.name.zh if street else "",
        "经度": None,
        "纬度": None,
    }


_OFFICES = (
    ("市委办公厅", "市发改委", "市住建局", "市教育局", "市公安局", "市人社局", "市卫健委"),
    ("区（市）县委书记", "区（市）县长", "住建局长", "教育局长", "综合执法局长"),
    ("党工委书记", "街道办主任", "便民服务中心主任"),
)


def _level(share: float) -> int:
    """0 city, 1 county, 2 town."""
    city = _LEVELS[0][1]
    return 0 if share < city else 1 if share < city + _LEVELS[1][1] else 2

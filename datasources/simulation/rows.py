"""Rows of a made-up district ticket system: its own words, its own local time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from centre.domain.geo import gcj02_to_bd09, wgs84_to_gcj02
from datasources.simulation import shape
from datasources.simulation.calendar import Times
from datasources.simulation.day import Indexes, SourceDay
from datasources.simulation.life import NEVER, Stage
from datasources.simulation.setting import Setting
from datasources.simulation.words import words

Row = Mapping[str, Any]

_HOUR_US = 3_600_000_000

_TIMES = {
    "派单时间": (Stage.DISPATCHED,),
    "签收时间": (Stage.SIGNED,),
    "答复时间": (Stage.REPLIED, Stage.REPLIED_AGAIN),
    "回访时间": (Stage.FOLLOWED_UP, Stage.FOLLOWED_UP_AGAIN),
    "办结时间": (Stage.CLOSED, Stage.CLOSED_AGAIN),
}
"""Columns of a row and the stages that fill them, the later over the earlier."""

_STOPS = {
    "退单": (Stage.RETURNED, Stage.SIGNED),
    "挂起": (Stage.SUSPENDED, Stage.RESUMED),
    "第三方办理": (Stage.SUSPENDED, Stage.RESUMED),
    "延期": (Stage.EXTENDED, Stage.EXTENDED),
}
"""Pauses and the stages with which they begin and end."""


def case_key(setting: Setting, day: date, serial: int) -> str:
    """The number of a case, "JJ-20261122-00042"; serials begin with 1."""
    return f"{_stem(setting.prefix, day)}{serial + 1:05d}"


def day_of(setting: Setting, key: str) -> date | None:
    """The day that the number of a case names; None for one that is not of this system."""
    prefix, _, rest = key.rpartition("-")[0].rpartition("-")
    try:
        return datetime.strptime(rest, "%Y%m%d").date() if prefix == setting.prefix else None  # noqa: DTZ007 - a day
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _stem(prefix: str, day: date) -> str:
    return f"{prefix}-{day:%Y%m%d}-"


def local_texts(times: Times, zone: ZoneInfo) -> list[str]:
    """Instants as local time without offset, "2026-11-22T09:13:05.123456"; "" for NEVER."""
    reached = times != NEVER
    if not reached.any():
        return [""] * len(times)
    hours, inverse = np.unique(np.where(reached, times, 0) // _HOUR_US, return_inverse=True)
    offsets = np.array([_offset_us(int(hour), zone) for hour in hours], dtype=np.int64)
    local = np.where(reached, times + offsets[inverse], 0).astype("M8[us]")
    texts: list[str] = np.datetime_as_string(local, unit="us").tolist()
    return [text if known else "" for text, known in zip(texts, reached.tolist(), strict=True)]


def _offset_us(hour: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds() * 1_000_000) if offset else 0


def rows(setting: Setting, day: SourceDay, which: Indexes, at: int) -> list[Row]:
    """Cases of a day as their system shows them at the instant `at` (microseconds)."""
    times = np.where(day.times[which] <= at, day.times[which], NEVER)
    versions = (times != NEVER).sum(axis=1).tolist()
    columns = {
        name: local_texts(_latest(times, stages), setting.text_zone)
        for name, stages in _TIMES.items()
    }
    columns["登记时间"] = local_texts(times[:, Stage.RECEIVED], setting.text_zone)
    columns |= _pauses(setting, day, which, times)
    reached = times != NEVER
    return [
        {
            **_fixed(setting, day, case),
            "版本": version,
            **{name: texts[i] for name, texts in columns.items()},
            **_so_far(setting, day, case, flags),
        }
        for i, (case, version, flags) in enumerate(
            zip(which.tolist(), versions, reached.tolist(), strict=True)
        )
    ]


def _pauses(setting: Setting, day: SourceDay, which: Indexes, times: Times) -> dict[str, list[str]]:
    """Beginnings and ends of the pauses as they are known so far."""
    columns = {}
    is_third = day.for_third_party[which]
    for name, (first, last) in _STOPS.items():
        begun, ended = times[:, first], times[:, last]
        if name == "延期":
            ended = day.extended_until[which]
        elif first is Stage.SUSPENDED:
            begun = np.where(is_third == (name == "第三方办理"), begun, NEVER)
        ended = np.where(begun != NEVER, ended, NEVER)
        columns[f"{name}开始"] = local_texts(begun, setting.text_zone)
        columns[f"{name}结束"] = local_texts(ended, setting.text_zone)
    return columns


def _latest(times: Times, stages: Sequence[Stage]) -> Times:
    """The time of the last of some stages; a reopened case has lost its closing."""
    result: Times = times[:, stages[0]]
    if stages[0] is Stage.CLOSED:
        result = np.where(times[:, Stage.REOPENED] != NEVER, NEVER, result)
    for stage in stages[1:]:
        result = np.where(times[:, stage] != NEVER, times[:, stage], result)
    return result


def _fixed(setting: Setting, day: SourceDay, case: int) -> dict[str, Any]:
    """What is known from the first call on."""
    category = words().categories[day.category[case]]
    streets = setting.unit.streets
    street = streets[day.street[case]] if streets else None
    pick, linked = int(day.pick[case]), int(day.linked[case])
    place = street.name.zh if street else setting.unit.name.zh
    lon, lat = _point(setting, day, case)
    return {
        "record": "case",
        "工单编号": case_key(setting, day.day, case),
        "种类": "诉求",
        "区划": setting.unit.code,
        "问题性质": _NATURES[day.nature[case]],
        "来源渠道": _CHANNELS[day.channel[case]],
        "诉求人": "企业" if day.is_enterprise[case] else "群众",
        "一级分类": category.name,
        "分类": f"{category.name}/{category.kinds[pick % len(category.kinds)]}",
        "标题": words().title(int(day.category[case]), pick, place),
        "镇街": street.name.zh if street else "",
        "经度": lon,
        "纬度": lat,
        "关联工单": case_key(setting, day.day, linked) if linked >= 0 else "",
    }


_NATURES = tuple(shape.NATURES)
_CHANNELS = tuple(shape.CHANNELS)
_REASONS = tuple(shape.REASONS)


def _point(setting: Setting, day: SourceDay, case: int) -> tuple[float | None, float | None]:
    """A point near the street, in the coordinates of this system."""
    streets = setting.unit.streets
    street = streets[day.street[case]] if streets else None
    middle = (street.lon, street.lat) if street else (None, None)
    lon, lat = middle if None not in middle else setting.unit.label or (None, None)
    if lon is None or lat is None:
        return None, None
    lon, lat = _displaced(setting.crs, lon, lat)
    return round(lon + float(day.east[case]), 6), round(lat + float(day.north[case]), 6)


@lru_cache(maxsize=4096)
def _displaced(crs: str, lon: float, lat: float) -> tuple[float, float]:
    """The middle of a street as this system's map shows it; around it all moves alike."""
    return _DISPLACED.get(crs, _plain)(lon, lat)


def _plain(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat


def _baidu(lon: float, lat: float) -> tuple[float, float]:
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


_DISPLACED: Mapping[str, Callable[[float, float], tuple[float, float]]] = {
    "gcj02": wgs84_to_gcj02,
    "bd09": _baidu,
}


def _so_far(setting: Setting, day: SourceDay, case: int, reached: list[bool]) -> dict[str, Any]:
    """What the stages that were reached have brought."""
    handler, handler_kind = _handler(setting, day, case, reached)
    return {
        "承办单位": handler,
        "承办类型": handler_kind,
        "退单次数": int(reached[Stage.RETURNED]),
        "重办次数": int(reached[Stage.REOPENED]),
        **_said(day, case, reached),
    }


def _handler(setting: Setting, day: SourceDay, case: int, reached: list[bool]) -> tuple[str, str]:
    """Who has the ticket: nobody before dispatch, somebody else after a return."""
    if not reached[Stage.DISPATCHED]:
        return "", ""
    category = words().categories[day.category[case]]
    is_department = bool(day.to_department[case]) != reached[Stage.RETURNED]
    if is_department or not setting.unit.is_centre:
        return f"市{category.office}", "部门"
    return setting.unit.name.zh, "区（市）县"


_BLANK = {"是否联系": "", "是否解决": "", "是否满意": "", "不满意原因": ""}


def _said(day: SourceDay, case: int, reached: list[bool]) -> dict[str, str]:
    """What the citizen answered; blank where nobody asked or nothing was said."""
    if not reached[Stage.FOLLOWED_UP]:
        return _BLANK
    again, said = reached[Stage.FOLLOWED_UP_AGAIN], day.outcome
    resolved = (said.resolved_again if again else said.resolved)[case]
    satisfied = (said.satisfied_again if again else said.satisfied)[case]
    evaluated = bool(said.evaluated[case])
    return {
        "是否联系": _yes(day.contacted[case]),
        "是否解决": _yes(resolved) if said.answered[case] else "",
        "是否满意": _yes(satisfied) if evaluated else "",
        "不满意原因": _REASONS[said.reason[case]] if evaluated and not satisfied else "",
    }


def _yes(flag: object) -> str:
    return "是" if flag else "否"

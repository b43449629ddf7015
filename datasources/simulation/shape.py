"""What a day of the city looks like: hours, natures, channels, outcomes.

Shares are those of the platform's published monthly bulletins (March 2018 and a later November).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from datasources.simulation.calendar import Amounts

MEAN_DAY = 8700.0
"""日均受理 8,700 余件, the whole city."""

RESOLUTION = 0.8394
SATISFACTION = 0.8571
ON_TIME = 0.96
REPLY_WORKDAYS = 4.7
LIMIT_WORKDAYS = 10.0

NATURES = {"反映": 115_071, "咨询": 49_148, "求助": 5_411, "建议": 4_115, "表扬": 270}
"""March 2018: 66 % 反映 … 0.2 % 表扬."""

CHANNELS = {
    "来电": 304_373,
    "来信": 9_861,
    "书记信箱": 2_200,
    "服务企业信箱": 1_200,
    "政务新媒体": 4_201,
    "短信": 580,
    "网络留言": 1_905,
    "移动客户端": 719,
}
"""November; its 来信 split into the named mailboxes, its 微博微信 are the new-media hall.

The mobile client is small there too: 0.22 %, some 16 to 20 cases a day of the whole city.
"""

REASONS = {
    "现行政策等客观因素": 1_328,
    "问题反复性强": 1_329,
    "办理部门法定流程时限过长": 1_062,
    "部门职能交叉或管辖范围交叉": 440,
    "其他": 2_320,
}

ENTERPRISE_SHARE = 0.075


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How often things happen to a case, as fractions."""

    dispatched: float = 0.4186  # March 2018: 72,838 of 174,015
    to_department: float = 0.18  # and all of the municipal ones: 18,568 of 72,838 together
    returned: float = 0.04  # of the dispatched
    replied_late: float = 0.0041  # of the dispatched: 301 of 72,838
    contacted: float = 0.968  # of the followed up
    answered: float = 0.90  # of the followed up say whether it is resolved
    evaluated: float = 0.44  # of the closed: 21,979 of 49,954
    reopened: float = 0.13  # of the unresolved
    resolved_again: float = 0.45  # of the reopened
    linked: float = 0.06  # of the received
    suspended: float = 0.03  # of the dispatched; invented, as are the two below
    third_party: float = 0.35  # of the suspended wait for somebody outside
    extended: float = 0.10  # of those that take long


SHARES = Shares()

# Half-hours of a day: trough 3-5 a.m., peaks 9-11 and 14-17, a small evening wave.
_HALF_HOURS = np.interp(
    np.arange(48) / 2,
    [0, 2, 3, 5, 6.5, 8, 9, 10, 11, 12, 13, 14, 15.5, 17, 18, 20, 21.5, 23, 24],
    [9, 4, 2, 2, 8, 32, 78, 96, 88, 48, 42, 82, 90, 80, 48, 40, 34, 18, 9],
)


@cache
def _clock() -> tuple[Amounts, Amounts]:
    edges = np.concatenate(([0.0], np.cumsum(_HALF_HOURS)))
    return edges / edges[-1], np.linspace(0.0, 1.0, 49)


def share_of_day(uniform: Amounts) -> Amounts:
    """Times of arrival as fractions of the day, by the shape of its hours."""
    edges, clock = _clock()
    return np.interp(uniform, edges, clock)


def arrived_by(clock: Amounts) -> Amounts:
    """The share of a day's cases that has arrived by these fractions of the day."""
    edges, fractions = _clock()
    return np.interp(clock, fractions, edges)


def weights(table: dict[str, int]) -> Amounts:
    """The numbers of a table of shares, in its order."""
    return np.array(list(table.values()), dtype=np.float64)

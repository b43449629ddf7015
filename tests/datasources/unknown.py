"""A district's table as nobody has described it: 20 columns, pinyin names, dirty words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

COLUMNS = """
ID GDBH LYQD SQLX WTXZ SQBT SQNR LXDH QXMC JDMC DJSJ PDSJ BJSJ HFSJ MYD CBDW JINGDU WEIDU GXSJ BZ
"""
TABLE = sa.Table(
    "T_SQGD",
    sa.MetaData(),
    *(
        sa.Column(name, sa.Integer if name == "ID" else sa.Text, primary_key=name == "ID")
        for name in COLUMNS.split()
    ),
)
_CHANNELS = ("来电", "来电", "来电", "微信", "网上留言", "书记信箱", "来电 ", "电话热线", "抖音号")
_CATEGORIES = (
    "噪声扰民",
    "噪声",
    "物业管理",
    "供水",
    "道路交通",
    "市容",
    "环境污染",
    "供水供电供气",
    "井盖",
)
_DEPARTMENTS = ("市住建局", "新津区", "五津街道办", "区综合执法局", "某公司")
_WORDS = ("满意", "不满意", "满意", "未评价", "")
_DISTRICTS = ("新津区", "新津区", "新津区", "新津县")


def rows(count: int, newest: datetime) -> Sequence[dict[str, Any]]:
    """Tickets, one every seven minutes until `newest` (local time); times are text with slashes."""
    return [
        _row(number, newest - (count - 1 - number) * timedelta(minutes=7), newest)
        for number in range(count)
    ]


def _row(number: int, received: datetime, newest: datetime) -> dict[str, Any]:
    def after(minutes: int, is_there: bool = True) -> str | None:
        return f"{received + timedelta(minutes=minutes):%Y/%m/%d %H:%M:%S}" if is_there else None

    closed = number % 3 == 0 and received < newest - timedelta(hours=9)
    return {
        "ID": 70_000 + number,
        "GDBH": f"XJ2026{number:06d}",
        "LYQD": _CHANNELS[number % len(_CHANNELS)],
        "SQLX": _CATEGORIES[number % len(_CATEGORIES)],
        "WTXZ": ("求助", "投诉举报", "咨询", "意见建议")[number % 4],
        "SQBT": f"五津街道第{number}号诉求",
        "SQNR": f"市民反映夜间施工，请致电1380013{number % 10000:04d}",
        "LXDH": f"1380013{number % 10000:04d}",
        "QXMC": _DISTRICTS[number % len(_DISTRICTS)],
        "JDMC": ("五津街道", "花源街道", "普兴街道")[number % 3],
        "DJSJ": "2026/13/45 25:00:00" if number % 97 == 96 else after(0),
        "PDSJ": after(20, newest - received > timedelta(minutes=21)),
        "BJSJ": after(400, closed),
        "HFSJ": after(500, closed),
        "MYD": _WORDS[number % len(_WORDS)] if closed else None,
        "CBDW": _DEPARTMENTS[number % len(_DEPARTMENTS)],
        "JINGDU": f"{103.81 + number % 50 / 1000:.5f}",
        "WEIDU": f"{30.41 + number % 50 / 1000:.5f}",
        "GXSJ": after(501 if closed else 21 if newest - received > timedelta(minutes=21) else 0),
        "BZ": "",
    }

"""The place of tests/tiny.py: three units, a few codes, one target."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from centre.domain.places import City, Name, Street, Target, Unit

ZONE = ZoneInfo("Asia/Shanghai")


def _unit(code: str, zh: str, neighbours: tuple[str, ...]) -> Unit:
    street = Street(code=f"{code[0]}-1", name=Name(zh=f"{zh}一街", en=f"{code} first street"))
    return Unit(
        code=code,
        name=Name(zh=zh, en=code.title()),
        kind="district",
        population=1000,
        neighbours=neighbours,
        streets=(street,),
    )


CITY = City(
    id="tiny",
    name=Name(zh="小城", en="Tiny"),
    title=Name(zh="小城智慧治理中心", en="Tiny operations centre"),
    zone=ZONE.key,
    clock="now",
    calendar="CN",
    units=(
        _unit("north", "北区", ("river",)),
        _unit("south", "南区", ("river",)),
        _unit("river", "江区", ("north", "south")),
    ),
    codes={
        "channel": {
            "phone": Name(zh="12345电话", en="12345 phone"),
            "mobile": Name(zh="移动客户端", en="Mobile"),
            "secretary_mailbox": Name(zh="书记信箱", en="Secretary's mailbox"),
            "new_media": Name(zh="政务新媒体", en="New media"),
            "business_mailbox": Name(zh="服务企业信箱", en="Business mailbox"),
        },
        "category": {
            "noise": Name(zh="噪声", en="Noise"),
            "water": Name(zh="供水", en="Water"),
        },
    },
    targets={
        "appeal.on_time_rate": Target(
            metric="appeal.on_time_rate", value=0.95, note=Name(zh="试用", en="trial")
        )
    },
)

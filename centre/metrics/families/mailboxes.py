"""The leaders' mailboxes 政府领导网络信箱 as things that exist."""

from __future__ import annotations

from centre.domain.places import Name
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part
from centre.store.tables import asset

ACTIVE_MAILBOX = Part(
    id="mailbox.active",
    anchor=asset.c.since,
    where=(asset.c.kind == "mailbox") & (asset.c.state == "active"),
)

METRICS = (
    Metric(
        id="appeal.mailbox.count",
        platform="appeals",
        name=Name(zh="政府领导网络信箱数", en="Leader mailboxes"),
        definition=Name(
            zh="某一时刻已开通且处于启用状态的市、县、乡三级政府领导网络信箱数。",
            en="Mailboxes of city, county and town leaders that are open and active at a moment.",
        ),
        unit=Name(zh="个", en="count"),
        shape=Shape.STOCK,
        direction="neutral",
        num=ACTIVE_MAILBOX,
        datasets=("asset",),
        caveats=Name(
            zh="按当前状态计：已停用的信箱不出现在其停用之前的历史数值中。",
            en="By present state: a mailbox since closed is missing from its own past as well.",
        ),
    ),
)

"""Appeals by the door they came through; codes of channels stand in the city pack."""

from __future__ import annotations

from centre.domain.places import Name
from centre.metrics.families.volume import APPEAL
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part
from centre.store.tables import case

CAVEAT = Name(
    zh="按来源系统登记的渠道计；从未有过该渠道的城市不计算。",
    en="By the channel that the source registered; not computed for a city where the channel has"
    " never been seen.",
)


def through(channel: str) -> Part:
    """The appeals received through one channel."""
    return Part(
        id=f"appeal.received.{channel}",
        anchor=case.c.received_at,
        where=APPEAL & (case.c.channel == channel),
    )


def of_channel(metric: str, channel: str, name: Name, definition: Name, unit: Name) -> Metric:
    """The metric that counts one channel."""
    part = through(channel)
    return Metric(
        id=metric,
        platform="appeals",
        name=name,
        definition=definition,
        unit=unit,
        shape=Shape.COUNT,
        direction="neutral",
        num=part,
        needs=part,
        drill=f"channel={channel}",
        caveats=CAVEAT,
    )


LETTERS = Name(zh="封", en="letters")
ITEMS = Name(zh="件", en="items")

METRICS = (
    of_channel(
        "channel.secretary_mailbox.count",
        "secretary_mailbox",
        Name(zh="书记信箱来信量", en="Party-secretary mailbox letters"),
        Name(
            zh="时段内书记信箱收到并登记的来信数；按登记时间计。",
            en="Letters registered in the period that came to the Party secretary's mailbox.",
        ),
        LETTERS,
    ),
    of_channel(
        "channel.new_media_hall.count",
        "new_media",
        Name(zh="政务新媒体办事大厅量", en="New-media service-hall items"),
        Name(
            zh="时段内经政务新媒体服务群众办事大厅受理的件数；按登记时间计。",
            en="Items registered in the period through the new-media service hall.",
        ),
        ITEMS,
    ),
    of_channel(
        "channel.business_mailbox.count",
        "business_mailbox",
        Name(zh="服务企业信箱量", en="Business mailbox letters"),
        Name(
            zh="时段内服务企业信箱收到并登记的来信数；按登记时间计。",
            en="Letters from enterprises registered in the period in the business mailbox.",
        ),
        LETTERS,
    ),
    of_channel(
        "channel.mobile.count",
        "mobile",
        Name(zh="移动客户端诉求量", en="Mobile-client appeals"),
        Name(
            zh="时段内经移动客户端提交并登记的诉求数；按登记时间计。",
            en="Appeals registered in the period that were submitted through the mobile client.",
        ),
        ITEMS,
    ),
)

"""The 12345 mayor's hotline as a telephone exchange, and the city's weibo matrix: readings."""

from __future__ import annotations

from centre.domain.places import Name
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part
from centre.store.tables import reading

OFFERED = Part(
    id="calls.offered",
    anchor=reading.c.at,
    where=reading.c.series == "calls.offered",
    amount=reading.c.value,
)
ANSWERED = Part(
    id="calls.answered",
    anchor=reading.c.at,
    where=reading.c.series == "calls.answered",
    amount=reading.c.value,
)

METRICS = (
    Metric(
        id="channel.12345.calls",
        platform="appeals",
        name=Name(zh="12345来电量", en="12345 calls"),
        definition=Name(
            zh="时段内 12345 市长公开电话的呼入总数，含接通的和接通前放弃的。",
            en="Inbound calls offered to the 12345 hotline in the period, answered and abandoned.",
        ),
        unit=Name(zh="次", en="calls"),
        shape=Shape.COUNT,
        direction="neutral",
        num=OFFERED,
        datasets=("reading",),
        caveats=Name(
            zh="来电不等于受理：咨询当场答复、重拨、误拨均计入来电。",
            en="A call is not an appeal: redials, wrong numbers and questions answered on the spot"
            " are calls too.",
        ),
    ),
    Metric(
        id="channel.12345.connect_rate",
        platform="appeals",
        name=Name(zh="接通率", en="Connect rate"),
        definition=Name(
            zh="时段内人工接通的来电数 ÷ 呼入总数。",
            en="Calls answered in the period divided by calls offered.",
        ),
        unit=Name(zh="%", en="%"),
        shape=Shape.RATIO,
        direction="up",
        num=ANSWERED,
        den=OFFERED,
        datasets=("reading",),
        digits=2,
        caveats=Name(
            zh="只计同一天内两项数据都有的；未考核接听等待时长。",
            en="Only days for which both numbers were delivered; waiting time is not judged.",
        ),
    ),
    Metric(
        id="channel.weibo.services_total",
        platform="appeals",
        name=Name(zh="“成都服务”微博服务次数", en="Weibo matrix services (cumulative)"),
        definition=Name(
            zh="“成都服务”微博矩阵自开通以来为网民提供服务的累计次数，取各账号最近一次读数之和。",
            en="Services given to netizens by the weibo matrix since it began: the sum of each"
            " account's latest reading.",
        ),
        unit=Name(zh="次", en="services"),
        shape=Shape.GAUGE,
        direction="up",
        series="weibo.services",
        datasets=("reading",),
        caveats=Name(
            zh="累计值由来源报送，来源更正时可能下降。",
            en="The running total is the source's own; it may fall when the source corrects it.",
        ),
    ),
)

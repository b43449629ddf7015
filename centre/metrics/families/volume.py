"""How many appeals come in, go out to be handled, are closed, and are still open."""

from __future__ import annotations

from centre.domain.places import Name
from centre.metrics.metric import Metric, Shape
from centre.store.parts import Part
from centre.store.tables import case

APPEAL = case.c.kind == "appeal"
ITEMS = Name(zh="件", en="items")
TICKETS = Name(zh="件", en="tickets")

RECEIVED = Part(id="appeal.received", anchor=case.c.received_at, where=APPEAL)
DISPATCHED = Part(id="appeal.dispatched", anchor=case.c.dispatched_at, where=APPEAL)
CLOSED = Part(id="appeal.closed", anchor=case.c.closed_at, where=APPEAL)
ANSWERED_DIRECTLY = Part(
    id="appeal.answered_directly",
    anchor=case.c.received_at,  # not closed_at: numerator and denominator are the same appeals
    where=APPEAL & case.c.dispatched_at.is_(None) & case.c.closed_at.is_not(None),
    matures=True,
)
LINKED = Part(
    id="appeal.linked",
    anchor=case.c.received_at,
    where=APPEAL & case.c.linked_key.is_not(None),
    matures=True,
)

METRICS = (
    Metric(
        id="appeal.received.count",
        platform="appeals",
        name=Name(zh="受理量", en="Appeals received"),
        definition=Name(
            zh="时段内登记的来电来信总数（含电话、信件、网络各渠道，转办之前）；按登记时间计。",
            en="Calls and letters registered in the period, through every channel and before"
            " dispatch; by time of registration.",
        ),
        unit=ITEMS,
        shape=Shape.COUNT,
        direction="neutral",
        num=RECEIVED,
        caveats=Name(
            zh="重复诉求不合并计数；由受理地所属单位计一次，转办不改变归属。",
            en="Repeated appeals are not merged; each counts once, at the unit that accepted it,"
            " and dispatch does not move it.",
        ),
    ),
    Metric(
        id="appeal.received.daily_avg",
        platform="appeals",
        name=Name(zh="日均受理量", en="Daily average received"),
        definition=Name(
            zh="时段内受理量 ÷ 时段内有数据的自然日数（含周末和节假日）。",
            en="Appeals received in the period divided by its calendar days for which there is"
            " data, weekends and holidays included.",
        ),
        unit=Name(zh="件/日", en="items/day"),
        shape=Shape.PER_DAY,
        direction="neutral",
        num=RECEIVED,
        caveats=Name(
            zh="回填未完成时只除以已回填的天数。",
            en="While history is being filled in, only the days that are there are counted.",
        ),
    ),
    Metric(
        id="appeal.dispatched.count",
        platform="appeals",
        name=Name(zh="转办工单量", en="Tickets dispatched"),
        definition=Name(
            zh="时段内转交承办单位的工单数（受理量减去当场直接答复的）；按转办时间计。",
            en="Tickets forwarded to a handling unit in the period (received less those answered"
            " at the desk); by time of dispatch.",
        ),
        unit=TICKETS,
        shape=Shape.COUNT,
        direction="neutral",
        num=DISPATCHED,
        needs=DISPATCHED,
        drill="anchor=dispatched_at&status=dispatched",
        caveats=Name(
            zh="同一工单退单后再次转办不重复计数，以最近一次转办时间为准。",
            en="A ticket that is returned and dispatched again counts once, at its latest.",
        ),
    ),
    Metric(
        id="appeal.direct_answer_rate",
        platform="appeals",
        name=Name(zh="直接答复率", en="Direct-answer rate"),
        definition=Name(
            zh="时段内受理的诉求中，未经转办即已办结的件数 ÷ 时段内受理量。",
            en="Of the appeals received in the period: closed without ever being dispatched,"
            " divided by all received.",
        ),
        unit=Name(zh="%", en="%"),
        shape=Shape.RATIO,
        direction="up",
        num=ANSWERED_DIRECTLY,
        den=RECEIVED,
        needs=DISPATCHED,
        digits=2,
        drill="status=direct",
        caveats=Name(
            zh="按受理时间归集：最近受理、尚未答复的暂计为未直接答复；不报转办时间的来源不计算。",
            en="A cohort by time of receipt: an appeal not yet answered counts as not directly"
            " answered for now. Not computed where no source tells of dispatches.",
        ),
    ),
    Metric(
        id="appeal.closed.count",
        platform="appeals",
        name=Name(zh="办结量", en="Tickets closed"),
        definition=Name(
            zh="时段内办结的工单数；按办结时间计。",
            en="Tickets closed in the period; by time of closing.",
        ),
        unit=TICKETS,
        shape=Shape.COUNT,
        direction="up",
        num=CLOSED,
        drill="anchor=closed_at&status=closed",
        caveats=Name(
            zh="重办的工单在再次办结前不计入，再次办结后计入新的办结日。",
            en="A re-opened ticket leaves its old day and counts again when it is closed again.",
        ),
    ),
    Metric(
        id="appeal.backlog.count",
        platform="appeals",
        name=Name(zh="在办量", en="Open backlog"),
        definition=Name(
            zh="某一时刻已受理而尚未办结的工单数：截至该时刻的受理量减去办结量。",
            en="Tickets open at a moment: all received until then less all closed until then.",
        ),
        unit=TICKETS,
        shape=Shape.STOCK,
        direction="down",
        num=RECEIVED,
        minus=CLOSED,
        drill="status=open",
        caveats=Name(
            zh="以接入的历史为界：接入起点之前受理且未报送的工单不在其中。",
            en="Reaches back as far as the connected history: tickets received before it and never"
            " delivered are not in it.",
        ),
    ),
    Metric(
        id="appeal.repeat_rate",
        platform="appeals",
        name=Name(zh="重复诉求率", en="Repeat-appeal rate"),
        definition=Name(
            zh="时段内受理的诉求中，关联到先前同一事件的件数 ÷ 时段内受理量。",
            en="Of the appeals received in the period: linked to an earlier one about the same"
            " event, divided by all received.",
        ),
        unit=Name(zh="%", en="%"),
        shape=Shape.RATIO,
        direction="down",
        num=LINKED,
        den=RECEIVED,
        needs=LINKED,
        digits=2,
        drill="status=repeat",
        caveats=Name(
            zh="关联由来源系统判定；不报送关联的来源不计算。",
            en="The link is the source system's judgement; not computed where none is delivered.",
        ),
    ),
)

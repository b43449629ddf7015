"""Were the legal and promised times kept, and how long did an answer take."""

from __future__ import annotations

from centre.domain.places import Name
from centre.metrics.families.volume import APPEAL, DISPATCHED
from centre.metrics.metric import PERCENT, Metric, Shape
from centre.store.parts import Part
from centre.store.tables import case

IN_TIME = case.c.closed_at <= case.c.due_at

DUE = Part(id="appeal.due", anchor=case.c.due_at, where=APPEAL)
DUE_IN_TIME = Part(id="appeal.due_in_time", anchor=case.c.due_at, where=APPEAL & IN_TIME)
CLOSED_WITH_DUE = Part(
    id="appeal.closed_with_due",
    anchor=case.c.closed_at,
    where=APPEAL & case.c.due_at.is_not(None),
)
CLOSED_IN_TIME = Part(id="appeal.closed_in_time", anchor=case.c.closed_at, where=APPEAL & IN_TIME)
# Still unreplied and past due is not in it: that grows by the clock alone, without any row being
# written, so no cube could hold it. The clock's own figures are `Due` of the snapshot.
REPLIED_LATE = Part(
    id="appeal.replied_late",
    anchor=case.c.dispatched_at,
    where=APPEAL & (case.c.replied_at > case.c.due_at),
    matures=True,
)
REPLY_WORKDAYS = Part(
    id="appeal.reply_workdays",
    anchor=case.c.closed_at,
    where=APPEAL & case.c.reply_workdays.is_not(None),
    amount=case.c.reply_workdays,
)
CLOSED_WITH_REPLY = Part(
    id="appeal.closed_with_reply",
    anchor=case.c.closed_at,
    where=APPEAL & case.c.reply_workdays.is_not(None),
)

METRICS = (
    Metric(
        id="appeal.on_time_rate",
        platform="appeals",
        name=Name(zh="按期办结率", en="On-time closure rate"),
        definition=Name(
            zh="时段内到期的工单中，在到期时间之前办结的件数 ÷ 全部到期件数（含到期仍未办结的）；"
            "按到期时间计。",
            en="Of the tickets due in the period: closed by their due time, divided by all that"
            " fell due, those still open included; by due time.",
        ),
        unit=PERCENT,
        shape=Shape.RATIO,
        direction="up",
        num=DUE_IN_TIME,
        den=DUE,
        digits=2,
        drill="anchor=due_at&status=not_on_time",
        caveats=Name(
            zh="没有到期时间的工单不计入；时段截至当前时刻，未到期的不计入。",
            en="Tickets without a due time are not in it, and none whose due time is yet to come.",
        ),
    ),
    Metric(
        id="appeal.on_time_closed_rate",
        platform="appeals",
        name=Name(zh="办结件按期率", en="On-time rate of closed tickets"),
        definition=Name(
            zh="时段内办结且有到期时间的工单中，按期办结的件数 ÷ 这些办结件数；按办结时间计。"
            "不含到期未办结的工单。",
            en="Of the tickets with a due time closed in the period: closed by it, divided by all"
            " of them; by time of closing. Tickets open past due are not in it.",
        ),
        unit=PERCENT,
        shape=Shape.RATIO,
        direction="up",
        num=CLOSED_IN_TIME,
        den=CLOSED_WITH_DUE,
        digits=2,
        drill="anchor=closed_at&status=late",
        caveats=Name(
            zh="不反映超期仍未办结的工单，通常高于按期办结率；仅供对照，不单独使用。",
            en="Hides what is open past due and usually flatters; stands beside the on-time closure"
            " rate, never in its place.",
        ),
    ),
    Metric(
        id="appeal.overdue_rate",
        platform="appeals",
        name=Name(zh="超期率", en="Overdue rate"),
        definition=Name(
            zh="时段内转办的工单中，答复晚于到期时间的件数 ÷ 转办工单量"
            "（与 2018 年 3 月公报核对一致：301 ÷ 72,838）；按转办时间计。",
            en="Of the tickets dispatched in the period: replied to after their due time, divided"
            " by all dispatched (as in the bulletin of March 2018: 301 of 72,838); by time of"
            " dispatch.",
        ),
        unit=PERCENT,
        shape=Shape.RATIO,
        direction="down",
        num=REPLIED_LATE,
        den=DISPATCHED,
        digits=2,
        drill="anchor=dispatched_at&status=replied_late",
        caveats=Name(
            zh="只计已答复且晚于到期的；到期仍未答复的在答复后才计入，近期值因此偏低，见按期办结率。",
            en="Counts late replies only: a ticket still without a reply enters once it is replied"
            " to, so recent values are low; see the on-time closure rate.",
        ),
    ),
    Metric(
        id="appeal.reply_workdays.mean",
        platform="appeals",
        name=Name(zh="平均回复周期", en="Mean reply time"),
        definition=Name(
            zh="时段内办结的工单，自转办至答复的工作日数之和 ÷ 件数（扣除节假日，计入调休上班日）；"
            "按办结时间计。",
            en="Over the tickets closed in the period: working days from dispatch to reply, summed"
            " and divided by their number (public holidays out, adjusted working weekends in); by"
            " time of closing.",
        ),
        unit=Name(zh="工作日", en="working days"),
        shape=Shape.MEAN,
        direction="down",
        num=REPLY_WORKDAYS,
        den=CLOSED_WITH_REPLY,
        digits=2,
        drill="anchor=closed_at&status=closed",
        caveats=Name(
            zh="直接答复、未转办的不计入；未公布放假安排的年份按周末推算，为暂定值。",
            en="Tickets answered at the desk are not in it. For years whose holidays are not yet"
            " announced, weekends alone are used and the value is provisional.",
        ),
    ),
)

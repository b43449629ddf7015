"""What citizens got: solved, content, or sent back to be done again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from centre.domain.places import Name
from centre.metrics.families.volume import APPEAL, CLOSED, TICKETS
from centre.metrics.metric import PERCENT, Metric, Shape
from centre.store.parts import Part
from centre.store.tables import case

RESOLVED = Part(
    id="appeal.resolved",
    anchor=case.c.followed_up_at,
    where=APPEAL & case.c.resolved.is_(True),
)
ANSWERED_FOLLOW_UP = Part(
    id="appeal.follow_up_answered",
    anchor=case.c.followed_up_at,
    where=APPEAL & case.c.resolved.is_not(None),
)
SATISFIED = Part(
    id="appeal.satisfied",
    anchor=case.c.followed_up_at,
    where=APPEAL & case.c.satisfied.is_(True),
)
EVALUATED = Part(
    id="appeal.evaluated",
    anchor=case.c.followed_up_at,
    where=APPEAL & case.c.satisfied.is_not(None),
)
DISSATISFIED = Part(
    id="appeal.dissatisfied",
    anchor=case.c.followed_up_at,
    where=APPEAL & case.c.satisfied.is_(False),
    dims=("reason",),
)
CLOSED_NOT_DISSATISFIED = Part(
    id="appeal.closed_not_dissatisfied",
    anchor=case.c.closed_at,
    where=APPEAL & case.c.satisfied.is_not(False),
    matures=True,
)
REOPENED = Part(
    id="appeal.closed_after_reopening",
    anchor=case.c.closed_at,
    where=APPEAL & (case.c.reopens >= 1),
)

SATISFACTION_2018 = Metric(
    id="appeal.satisfaction_rate",
    platform="appeals",
    name=Name(zh="群众满意率", en="Satisfaction rate"),
    definition=Name(
        zh="时段内回访的工单中，1 − 不满意件数 ÷ 已评价件数（2018 年口径，分母为已评价）；"
        "基本满意计为满意；按回访时间计。",
        en="Of the tickets followed up in the period: one less dissatisfied divided by"
        ' evaluated (the 2018 reading); "fairly satisfied" counts as satisfied; by time of'
        " follow-up.",
    ),
    unit=PERCENT,
    shape=Shape.RATIO,
    direction="up",
    num=SATISFIED,
    den=EVALUATED,
    version=1,
    valid_from=date(2018, 1, 1),  # the bulletin of 2018-03: 4,209 of 21,979 evaluated
    digits=2,
    drill="anchor=followed_up_at&status=dissatisfied",
    caveats=Name(
        zh="未评价不计入；2019 年起公报改以办结量为分母，同一数据两种口径可相差十个百分点。",
        en="Tickets without an evaluation are in neither part. From 2019 the city's bulletins"
        " divide by closed tickets: the same data can differ by ten points.",
    ),
)
SATISFACTION = replace(
    SATISFACTION_2018,
    definition=Name(
        zh="时段内办结的工单中，1 − 不满意件数 ÷ 办结量（2019 年起的公报口径，分母为办结量）；"
        "未评价和基本满意均不计为不满意；按办结时间计。",
        en="Of the tickets closed in the period: one less dissatisfied divided by closed (the"
        ' reading of the bulletins from 2019); neither "fairly satisfied" nor a missing evaluation'
        " counts as dissatisfied; by time of closing.",
    ),
    num=CLOSED_NOT_DISSATISFIED,
    den=CLOSED,
    needs=EVALUATED,  # without any evaluation everybody would be content
    version=2,
    valid_from=date(2019, 1, 1),  # the bulletin of a later November: 6,479 of 107,957 closed
    drill="anchor=closed_at&status=dissatisfied",
    caveats=Name(
        zh="未评价的视同满意，通常高于 2018 年口径；公报未载明改变的日期，按 2019 年 1 月 1 日计；"
        "从无评价数据时不计算。",
        en="Who was not asked counts as content, so it lies above the 2018 reading. The bulletins"
        " do not name the day of the change; 1 January 2019 is assumed. Not computed where no"
        " source delivers evaluations.",
    ),
    earlier=(SATISFACTION_2018,),
)

METRICS = (
    Metric(
        id="appeal.resolution_rate",
        platform="appeals",
        name=Name(zh="诉求解决率", en="Resolution rate"),
        definition=Name(
            zh="时段内回访的工单中，回访答复“已解决”的件数 ÷ 回访有答复（已解决或未解决）的件数；"
            "按回访时间计。",
            en='Of the tickets followed up in the period: answered "resolved", divided by those'
            " that gave an answer (resolved or not); by time of follow-up.",
        ),
        unit=PERCENT,
        shape=Shape.RATIO,
        direction="up",
        num=RESOLVED,
        den=ANSWERED_FOLLOW_UP,
        digits=2,
        drill="anchor=followed_up_at&status=unresolved",
        caveats=Name(
            zh="未回访、回访无人接听或未作答的不计入分母；2018 年公布值未说明口径，不可直接比较。",
            en="Tickets not followed up, not reached or without an answer are in neither part. The"
            " value published in 2018 gives no formula and cannot be compared directly.",
        ),
    ),
    SATISFACTION,
    Metric(
        id="appeal.dissatisfied.count",
        platform="appeals",
        name=Name(zh="不满意件数", en="Dissatisfied tickets"),
        definition=Name(
            zh="时段内回访的工单中，评价为不满意的件数；按回访时间计，可按不满意原因分组。",
            en="Of the tickets followed up in the period: evaluated as dissatisfied; by time of"
            " follow-up, and by reason.",
        ),
        unit=TICKETS,
        shape=Shape.COUNT,
        direction="down",
        num=DISSATISFIED,
        needs=EVALUATED,
        drill="anchor=followed_up_at&status=dissatisfied",
        caveats=Name(
            zh="未评价的不在其中；来源未说明原因的归入“未分配”。",
            en="Tickets without an evaluation are not in it; those without a reason are grouped"
            ' as "unassigned".',
        ),
    ),
    Metric(
        id="appeal.reopen_rate",
        platform="appeals",
        name=Name(zh="重办率", en="Re-open rate"),
        definition=Name(
            zh="时段内办结的工单中，曾被发回重办至少一次的件数 ÷ 办结量；按最近一次办结时间计。",
            en="Of the tickets closed in the period: sent back at least once, divided by all"
            " closed; by time of the latest closing.",
        ),
        unit=PERCENT,
        shape=Shape.RATIO,
        direction="down",
        num=REOPENED,
        den=CLOSED,
        needs=REOPENED,
        digits=2,
        drill="anchor=closed_at&status=reopened",
        caveats=Name(
            zh="正在重办、尚未再次办结的不计入；不报送重办次数的来源不计算。",
            en="Tickets being done again are not in it until they are closed. Not computed where no"
            " source delivers re-openings.",
        ),
    ),
)

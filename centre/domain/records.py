"""The three things the outside world delivers, and the row that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NATURES = ("report", "inquiry", "help", "suggestion", "praise")
"""反映 咨询 求助 建议 表扬, in the order of the city's bulletins."""

APPLICANTS = ("person", "enterprise")
"""群众 企业."""

HANDLER_KINDS = ("district", "department")
"""区（市）县 and 部门: the two kinds of 承办单位."""

KINDS = (
    "appeal",  # 诉求
    "approval",  # 办件
    "enforcement",  # 执法案件
    "disclosure",  # 依申请公开
    "project",  # 工程审批
    "trade",  # 公共资源交易
    "it_project",  # 电子政务项目
    "instruction",  # 批示
    "onsite",  # 现场办公问题
)

PAUSES = ("returned", "extended", "suspended", "third_party")
"""退单 延期 挂起 第三方办理: why the clock of a case may rest, or be given more time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """An interval that the clock of a case does not run as usual. `end` None: it is not over.

    "extended" grants more time instead: as much as counts between start and end, or as much as
    the due rule says where there is no end.
    """

    reason: str  # one of PAUSES
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something with a life cycle and a clock, as the source knew it at `source_version`.

    All times are aware UTC. `unit` accepted the case and never changes; `handler` may.
    `category` is the first step of `category_path` ("物业管理/停车"). None means: not said.
    """

    source: str
    key: str  # unique within the source; shown as the case number
    source_version: int  # grows with each change at the source
    unit: str  # code of a unit of the city, or "unassigned"
    received_at: datetime
    kind: str = "appeal"
    nature: str | None = None
    applicant: str | None = None
    channel: str | None = None
    category: str | None = None
    category_path: str | None = None
    title: str | None = None
    handler: str | None = None
    handler_kind: str | None = None
    street: str | None = None
    lon: float | None = None  # WGS-84
    lat: float | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    due_at: datetime | None = None  # the source's own, else by the city's rule and the pauses
    replied_at: datetime | None = None
    followed_up_at: datetime | None = None
    closed_at: datetime | None = None
    contacted: bool | None = None
    resolved: bool | None = None
    satisfied: bool | None = None  # None = not asked or no answer
    dissatisfied_reason: str | None = None
    returns: int = 0  # 退单次数
    reopens: int = 0  # 重办次数
    linked_key: str | None = None  # an earlier case about the same event
    url: str | None = None  # back into the ticket's own system
    reply_workdays: float | None = None  # working days from dispatch to reply, set by parse
    pauses: tuple[Pause, ...] = ()  # by start; may overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number measured at a time and place: `value` of `series` in the bucket that begins `at`."""

    source: str
    series: str  # "calls.offered"
    unit: str
    at: datetime
    value: float
    source_version: int
    key: str = ""  # tells two readings of one series, unit and moment apart (an account, a line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Something that exists and has a state: a mailbox, a kiosk, a window."""

    source: str
    key: str
    source_version: int
    kind: str  # "mailbox"
    unit: str
    state: str  # "active" counts
    since: datetime
    category: str | None = None  # of a mailbox: its level, city | county | town
    title: str | None = None
    street: str | None = None
    lon: float | None = None
    lat: float | None = None


Record = Case | Reading | Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that was refused whole: which field, why, and the row (masked), to be replayed."""

    source: str
    key: str | None
    field: str  # in our words: "received_at"
    reason: str  # machine code, one of words.REASONS
    detail: str  # for people: 'unknown unit "Nowhere"; nearest: nob-hill'
    raw: Mapping[str, Any]

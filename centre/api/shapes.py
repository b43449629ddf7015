"""The shapes of answers, so that /openapi.json is complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from centre.domain.notes import Note
from centre.domain.places import Name
from centre.metrics.questions import Coverage, Group
from centre.snapshots.cells import Cell


class Words(BaseModel):
    """One text in the two languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, name: Name) -> Words:
        """From a name of the domain."""
        return cls(zh=name.zh, en=name.en)


class Definition(BaseModel):
    """What a metric means, at a version."""

    version: int
    valid_from: date
    name: Words
    definition: Words
    unit: Words
    owner: Words
    caveats: Words


class MetricBody(Definition):
    """One metric, as the city counts it. A rate is a fraction 0..1; `by`: what it can be broken
    down by; `versions`: all its definitions, oldest first, each to be asked for.
    """

    id: str
    platform: str
    shape: str
    direction: str
    by: tuple[str, ...]
    target: float | None
    versions: list[Definition]


class MetricsBody(BaseModel):
    """All metrics."""

    metrics: list[MetricBody]


class CoverageBody(BaseModel):
    """Centres that are in the figure, of those expected; `missing`: codes of units.

    `usual_share`: of the missing in the metric's volume of the last 28 days; null: not known.
    """

    present: int
    expected: int
    missing: tuple[str, ...]
    usual_share: float | None = None

    @classmethod
    def of(cls, there: Coverage | Cell) -> CoverageBody:
        """From what evaluation or a screen says."""
        return cls(
            present=there.present,
            expected=there.expected,
            missing=there.missing,
            usual_share=there.usual_share,
        )


class NoteBody(BaseModel):
    """What people know about the data that the figure is made of; `end` null: it goes on."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    unit: str | None
    source: str | None
    start: datetime
    end: datetime | None
    zh: str
    en: str
    by: str
    at: datetime


class GroupBody(BaseModel):
    """One part of a breakdown, with what is missing from it.

    `notes`: ids of those on its data. `in_force`: by=day, the version of the definition by which
    the city counted on that day, whichever one the answer is by.
    """

    key: str
    num: float | None
    den: float | None
    value: float | None
    coverage: CoverageBody
    withheld: bool
    revised: bool
    notes: list[str]
    in_force: int | None

    @classmethod
    def of(cls, one: Group, notes: Sequence[Note], in_force: int | None) -> GroupBody:
        """From a group of an answer."""
        return cls(
            key=one.key,
            num=one.num,
            den=one.den,
            value=one.value,
            coverage=CoverageBody.of(one.coverage),
            withheld=one.coverage.withheld,
            revised=one.revised,
            notes=[note.id for note in notes],
            in_force=in_force,
        )


class SpellBody(BaseModel):
    """A definition that was in force in the period, from a day on."""

    model_config = ConfigDict(populate_by_name=True)

    version: int
    start: date = Field(alias="from")


class ValueBody(BaseModel):
    """One figure: sums, and their quotient. `den` is null for counts; a missing number is null.

    `withheld`: too much is missing to say a number. `revised`: late data changed a closed day.
    `notes`: what people say of the data that it is made of. All of it is by `definition`;
    `in_force`: the definitions by which the city counted in the period, more than one where it
    spans a change.
    """

    model_config = ConfigDict(populate_by_name=True)

    metric: str
    scope: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    num: float | None
    den: float | None
    value: float | None
    freshness: str
    event_at: datetime | None
    as_of: datetime | None
    received_at: datetime | None
    coverage: CoverageBody
    withheld: bool
    revised: bool
    figure: str
    in_force: list[SpellBody]
    definition: Definition
    notes: list[NoteBody]
    groups: list[GroupBody]


class PauseBody(BaseModel):
    """When the clock of a case rested or was given more time; `end` null: not over."""

    model_config = ConfigDict(from_attributes=True)

    reason: str
    start: datetime
    end: datetime | None


class CaseBody(BaseModel):
    """One case as we know it; free text is masked."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    key: str
    source_version: int
    kind: str
    unit: str
    nature: str | None
    applicant: str | None
    channel: str | None
    category: str | None
    category_path: str | None
    title: str | None
    handler: str | None
    handler_kind: str | None
    street: str | None
    lon: float | None
    lat: float | None
    received_at: datetime
    dispatched_at: datetime | None
    signed_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    followed_up_at: datetime | None
    closed_at: datetime | None
    contacted: bool | None
    resolved: bool | None
    satisfied: bool | None
    dissatisfied_reason: str | None
    returns: int
    reopens: int
    linked_key: str | None
    url: str | None
    reply_workdays: float | None
    pauses: list[PauseBody]


class CasesBody(BaseModel):
    """A page of cases. `total_is_capped`: there are more than `total`."""

    cases: list[CaseBody]
    total: int
    total_is_capped: bool
    next_cursor: str | None


class ReconciledBody(BaseModel):
    """How a source compares with what is here. `compared_at` null: not yet.

    `nightly`: it is agreed to be compared every night. `differences`: day -> cases that the source
    has and we lack, below 0 that we have and it no longer does; days that agree are not in it.
    """

    nightly: bool
    compared_at: datetime | None
    differences: dict[date, int]


class SourceBody(BaseModel):
    """One outside system. sent = stored + duplicate + rejected; state: a freshness or "paused".

    condition: "" while it answers, else unavailable, denied, malformed, refused (more than a fifth
    of its rows are bad) or fault (ours). breaker: "open" while it is asked by probes alone. drift:
    how the columns of its rows have changed: "+new kind", "-gone", "~name kind kind".
    """

    id: str
    state: str
    condition: str
    breaker: str
    error: str | None
    failures: int
    drift: list[str]
    sent: int
    stored: int
    duplicate: int
    rejected: int
    event_at: datetime | None
    as_of: datetime | None
    received_at: datetime | None
    last_success: datetime | None
    lag_seconds: float | None
    reconciled: ReconciledBody


class FindingBody(BaseModel):
    """A source file that was refused. `goes_on`: its source runs as the file said before."""

    file: str
    key: str
    problem: str
    remedy: str
    goes_on: bool


class SourcesBody(BaseModel):
    """All sources, in the order of their files; of now also the files that were refused."""

    sources: list[SourceBody]
    refused_files: list[FindingBody] = []

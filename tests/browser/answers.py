"""What /api/v1/figures says of a number, written by the screen's own formatter."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

import httpx

from centre.domain.places import City
from centre.metrics.metric import Metric
from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address
from centre.snapshots.figures import cell_query, figure_code, figure_id, share_query
from components.desk.quality_cells import in_percent
from components.text import number
from tests.browser.seen import Seen

_SHOWN = re.compile(r"([+−-]?)([\d,]+(?:\.(\d+))?)\s*(万|亿|k\b|M\b|thousand|million|千|百万)?")
_SCALES = {"万": 1e4, "亿": 1e8, "k": 1e3, "千": 1e3, "thousand": 1e3}
_SCALES |= {"M": 1e6, "million": 1e6, "百万": 1e6}
Answer = dict[str, Any]


AT_ONCE = 200
"""Ids of one request: of the same moment together, whose board is then computed once."""


class Answers:
    """Asks for each id once: a number that does not move keeps its id."""

    def __init__(self, url: str, city: City) -> None:
        self._http = httpx.Client(base_url=url, timeout=120)
        self._city = city
        self._known: dict[str, Answer] = {}

    @property
    def count(self) -> int:
        """How many distinct figures were asked for."""
        return len(self._known)

    def wrong(self, seen: Seen) -> list[str]:
        """Figures whose shown text is not what the interface gives for their id."""
        self._learn({id_ for one in seen.figures for id_ in one["id"].split()})
        self._learn({id_ for one in seen.figures if (id_ := self._other(one, seen.seq))})
        return [
            problem for one in seen.figures if (problem := self._wrong(one, seen.seq)) is not None
        ]

    def coverage(self, id_: str) -> list[str]:
        """What a title says of a figure beside its number: how much of it is there, and is not."""
        self._learn({id_})
        there = self._known[id_].get("coverage")
        if there is None:
            return []
        lost = number("zh", (there["usual_share"] or 0.0) * 100, 1)
        return [str(there["present"]), str(there["expected"]), lost]

    def differing(self, each: int) -> list[str]:
        """Which of every so many figures the interface tells otherwise when it is asked alone."""
        found = []
        for id_ in sorted(self._known)[::each]:
            told = self._known[id_]
            alone = self._http.get(f"/api/v1/figures/{figure_code(id_)}").json()
            if told != {name: alone.get(name) for name in told}:
                found.append(f"{id_}: {told} is {alone} alone")
        return found

    def _learn(self, ids: Set[str]) -> None:
        new = sorted(ids - self._known.keys(), key=lambda one: figure_code(one).seq)
        for some in (new[at : at + AT_ONCE] for at in range(0, len(new), AT_ONCE)):
            names = {str(figure_code(one)): one for one in some}
            answer = self._http.get("/api/v1/figures", params={"ids": ",".join(names)})
            assert answer.status_code == httpx.codes.OK, answer.text
            told = {one["id"]: one for one in answer.json()["figures"]}
            self._known |= {one: told.get(name, {"id": one}) for name, one in names.items()}

    def _wrong(self, one: dict[str, Any], seq: int) -> str | None:
        if not re.search(r"\d", one["text"]):
            return None  # "—": nothing is claimed
        answers = [self._known[id_] for id_ in one["id"].split()]
        gone = [answer["id"] for answer in answers if "value" not in answer]
        if gone:
            return f'"{one["text"]}" leads nowhere: {gone[0]} in {one["where"]}'
        try:
            expected = self._expected(one, answers, seq)
        except (KeyError, TypeError, ZeroDivisionError) as error:
            return f'"{one["text"]}" of {one["id"]} cannot be made: {error!r} of {answers[0]}'
        if expected == _numbers(one["text"]):
            return None
        asked = {key: answers[0].get(key) for key in ("metric", "scope", "window", "value", "num")}
        made = f"{one['how']} {one['against']}".strip()
        return f'"{one["text"]}" should be {expected}: {one["id"]} {made} {asked} in {one["where"]}'

    def _expected(self, one: dict[str, Any], answers: list[Answer], seq: int) -> list[str]:
        first, how = answers[0], one["how"]
        if how == "coverage":
            return [str(first["coverage"][key]) for key in ("present", "expected")]
        if first.get("ledger") == "punctual":  # never 100.0 % by rounding
            return [_numbers(in_percent("zh", float(first["value"])))[0]]
        scale = 100.0 if how in _PERCENT or (how not in _AMOUNTS and _is_rate(first)) else 1.0
        return [_as_shown(one["text"], self._made(one, answers, seq) * scale)]

    def _made(self, one: dict[str, Any], answers: list[Answer], seq: int) -> float:
        first, how = answers[0], one["how"]
        if how == "sum":
            return sum(float(answer["value"] or 0.0) for answer in answers)
        if how in ("num", "den"):
            return float(first[how])
        if how in _OF_ALL:
            return float(first[_OF_ALL[how]]) / float(answers[1][_OF_ALL[how]])
        if how == "lost":
            return float(first["coverage"]["usual_share"])
        value = float(first["value"])
        return _MADE[how](value, self._against(one, seq)) if how else value

    def _against(self, one: dict[str, Any], seq: int) -> float:
        if one["against"] == "target":
            metric = str(self._known[one["id"].split()[0]]["metric"])
            return self._city.targets[metric].value
        return float(self._known[str(self._other(one, seq))]["value"])

    def _other(self, one: dict[str, Any], seq: int) -> str | None:
        """The id of what a figure is compared with; None for one that stands for itself."""
        first, word = self._known[one["id"].split()[0]], one["against"]
        if one["how"] not in _MADE or word == "target" or "metric" not in first:
            return None
        metric, unit = str(first["metric"]), str(first["scope"])
        if word != "whole" and first.get("dim"):
            asked = share_query(metric, unit, first["dim"], first["key"], word)
        else:
            window = "now" if word == "whole" else word
            asked = cell_query(Address(metric, unit, window))
        return figure_id(asked, int(first["version"]), seq)


_OF_ALL = {"part": "num", "weight": "den"}
_PERCENT = frozenset({"points", "growth", "share", "lost", *_OF_ALL})
_AMOUNTS = frozenset({"num", "den", "times"})
_MADE = {
    "less": lambda a, b: abs(a - b),
    "points": lambda a, b: abs(a - b),
    "gap": lambda a, b: abs(a - b),
    "growth": lambda a, b: abs(a / b - 1),
    "share": lambda a, b: a / b,
    "times": lambda a, b: a / b,
}


def _is_rate(answer: Answer) -> bool:
    metric: Metric | None = METRICS.get(str(answer.get("metric")))
    return metric is not None and metric.is_rate


def _numbers(text: str) -> list[str]:
    return [found[1] for found in _SHOWN.findall(text)]


def _as_shown(text: str, value: float) -> str:
    """The value in the form of the text: its digits, and 万 or k where it says so; no sign."""
    found = _SHOWN.search(text)
    if found is None:
        return ""
    return number("zh", abs(value) / _SCALES.get(found[4] or "", 1.0), len(found[3] or ""))

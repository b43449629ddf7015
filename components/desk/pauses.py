"""The clock of a case in full: its rule, what is used, what stopped it and why; its pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dash import html

from centre.domain.due import EXTENDED, DueRule, Run
from centre.domain.places import City
from centre.domain.records import Case, Pause
from centre.domain.standing import Standing, standing
from components.desk import states
from components.desk.clock import reasons, spell
from components.desk.facts import facts
from components.text import DASH, full_day, number, t
from components.view import View


def card(view: View, case: Case, now: datetime) -> Any:
    """How the clock of a case has run; nothing for a case that has neither rule nor due time."""
    stand = standing(case, view.city, now)
    if stand.rule is None and not stand.is_own:
        return None
    listed = facts(view.lang, _pairs(view, stand), plain="date")
    return states.card(t(view.lang, "clock.title"), listed)


def _pairs(view: View, stand: Standing) -> Iterator[tuple[str, str]]:
    lang = view.lang
    if stand.is_own:
        yield "clock.rule", t(lang, "clock.own")
        return
    if stand.rule is None:
        return
    yield "clock.rule", rule_words(lang, stand.rule)
    if stand.run is None:
        yield "clock.state", t(lang, "limit.not_yet")
        return
    run, rule = stand.run, stand.rule
    yield "clock.state", _state(view, stand, run)
    yield "clock.used", spell(lang, rule, run.used)
    if run.stopped:
        yield "clock.stopped", spell(lang, rule, run.stopped)
    granted = run.allowed - rule.length * rule.unit
    if granted:
        yield "clock.granted", spell(lang, rule, granted)
    is_up = run.left < 0 * run.left
    yield (
        ("clock.over", spell(lang, rule, -run.left))
        if is_up
        else (
            "clock.left",
            spell(lang, rule, run.left),
        )
    )


def _state(view: View, stand: Standing, run: Run) -> str:
    if stand.is_stopped and run.by is not None:
        why, since = reasons(view.lang, run.by), moment(view.city, view.lang, run.by.start)
        return t(view.lang, "clock.stops", why=why, since=since)
    return t(view.lang, "clock.runs")


def rule_words(lang: str, rule: DueRule) -> str:
    """派单起 10 个工作日, and from when it holds."""
    length = t(lang, f"clock.{rule.clock}", number=number(lang, rule.length))
    words = t(lang, "clock.rule_words", anchor=t(lang, f"step.{rule.anchor}"), length=length)
    if rule.valid_from is None:
        return words
    day = full_day(lang, rule.valid_from)
    return t(lang, "clock.since", rule=words, day=day)


def lines(view: View, case: Case, now: datetime) -> list[tuple[datetime, Any]]:
    """(when it began, its line) of each pause, for the time line of a case."""
    stand = standing(case, view.city, now)
    return [(one.start, _line(view, one, stand)) for one in case.pauses if one.start <= now]


def _line(view: View, one: Pause, stand: Standing) -> Any:
    city, lang = view.city, view.lang
    end = moment(city, lang, one.end) if one.end else t(lang, "clock.not_over")
    span = t(lang, "clock.span", start=moment(city, lang, one.start), end=end)
    effect = html.Span(t(lang, f"clock.{_effect(one, stand)}"), className="gap")
    return html.Li([html.B(t(lang, f"pause.{one.reason}")), span, effect], className="pause")


def _effect(one: Pause, stand: Standing) -> str:
    """What a pause does to the clock, as the key of its word."""
    if stand.is_own or stand.rule is None:
        return "no_effect"
    if one.reason == EXTENDED and (one.end is not None or stand.rule.extension):
        return "grants"
    return "halts" if one.reason in (EXTENDED, *stand.rule.stops) else "no_effect"


def said(city: City, lang: str, pauses: tuple[Pause, ...]) -> str:
    """Pauses in one line, for the list of changes."""
    if not pauses:
        return DASH
    colon, apart = t(lang, "mark.colon"), t(lang, "mark.list")
    return apart.join(
        f"{t(lang, f'pause.{one.reason}')}{colon}"
        + t(
            lang,
            "clock.span",
            start=moment(city, lang, one.start),
            end=moment(city, lang, one.end) if one.end else t(lang, "clock.not_over"),
        )
        for one in pauses
    )


def moment(city: City, lang: str, at: datetime) -> str:
    """2026年6月16日 14:05 in the city's zone."""
    local = at.astimezone(city.tz)
    return f"{full_day(lang, local.date())} {local:%H:%M}"

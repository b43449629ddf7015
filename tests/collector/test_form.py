"""How the columns of a source's rows change, and what is said of it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.collector.form import ENOUGH, Forms, differences, form, newer
from centre.domain.sources import FieldMap
from centre.store.health import Health
from tests.collector.scripted import Running, Script, collecting, config, row
from tests.collector.test_breaker import kept
from tests.collector.test_faults import received, state

WORDS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.just("2026-06-01 08:00")),
    *(st.lists(st.integers(), max_size=1), st.dictionaries(st.text(max_size=2), st.none())),
)
ROWS = st.lists(st.dictionaries(st.sampled_from("abcd"), WORDS), max_size=30)


def rows(count: int = ENOUGH, **columns: Any) -> list[dict[str, Any]]:
    return [{"a": "x", "b": n, **columns} for n in range(count)]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *((1, "number"), (1.5, "number"), (True, "boolean"), ("12", "digits"), ("-1.5", "digits")),
        *(("2026-06-01", "time"), ("2026年6月1日", "time"), ("路灯", "text"), ("", "blank")),
        *((None, "blank"), (" ", "blank"), ([1], "list"), ({"x": 1}, "object")),
    ],
)
def test_the_kind_of_a_word(word: object, kind: str) -> None:
    assert form([{"a": word}]) == {"a": kind}


def test_a_column_added_gone_or_of_another_kind_is_named() -> None:
    base = form(rows(amount=1, note="n"))
    now = newer(base, form(rows(amount="12", street="s")), ENOUGH)
    assert differences(base, now) == ("+street text", "-note", "~amount number digits")


def test_in_a_few_rows_a_column_may_be_left_out_by_chance() -> None:
    base = form(rows(note="n"))
    assert differences(base, newer(base, form(rows(ENOUGH - 1)), ENOUGH - 1)) == ()
    assert differences(base, newer(base, form(rows(ENOUGH)), ENOUGH)) == ("-note",)


def test_blank_words_and_kinds_within_the_known_one_are_no_change() -> None:
    base = form([{"a": "x"}, {"a": "12"}])
    assert base == {"a": "text"}
    for word in (None, "", "12", "2026-06-01"):
        assert differences(base, newer(base, form([{"a": word}] * ENOUGH), ENOUGH)) == ()


@given(ROWS, ROWS)
def test_the_same_rows_never_differ_and_their_order_changes_nothing(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    assert differences(form(one), newer(form(one), form(one), len(one))) == ()
    assert form([*one, *other]) == form([*other, *one])


def test_a_new_field_map_takes_the_form_as_it_is() -> None:
    known = Health(source="s", map="v1", base={"a": "text"}, form={"b": "text"})
    some = [{"b": "x"}] * ENOUGH
    assert Forms(known, config("s", map="v1")).seen(some) == {}
    learnt = Forms(known, config("s", map="v2")).seen(some)
    assert learnt == {"map": "v2", "base": {"b": "text"}, "form": {"b": "text"}}


def test_rows_of_several_records_have_a_form_each() -> None:
    mixed = config("s", record="mixed", fields={"record": FieldMap(column="what")})
    forms = Forms(Health(source="s"), mixed)
    cases = [{"what": "case", "a": "x"}] * ENOUGH
    readings = [{"what": "reading", "b": 1}] * ENOUGH
    assert forms.seen(cases)["base"] == {"case: a": "text", "case: what": "text"}
    assert "reading: b" in forms.seen(readings)["base"]
    assert forms.seen(cases) == forms.seen(readings) == forms.seen([*cases, *readings]) == {}
    changed = forms.seen([{"what": "case", "c": "x"}] * ENOUGH)
    base = {"case: a": "text", "case: what": "text", "reading: b": "number"}
    assert differences({**base, "reading: what": "text"}, changed["form"]) == (
        "+case: c text",
        "-case: a",
    )


def drifting(running: Running) -> tuple[str, ...]:
    known = kept(running)
    return differences(known.base or {}, known.form or {})


def test_a_change_that_nobody_reads_loses_no_row_and_is_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    script = Script(pages=[[row(f"A{n}", street="s") for n in range(60)]])
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: received(s, "north") == 60)
        script.pages.append([row(f"B{n}", road="s") for n in range(60)])
        shown = running.until(lambda s: received(s, "north") == 120 and state(s).drift)
        assert state(shown).drift == "+road text\n-street"
        assert (running.source().rejected, state(shown).condition) == (0, "")
        assert drifting(running) == ("+road text", "-street")
    told = [one for one in caplog.messages if "columns" in one]
    assert told == ["north-desk: the columns of its rows changed: +road text, -street"]


def test_a_mapped_column_that_is_gone_refuses_the_batch_by_name_and_the_state_says_so(
    tmp_path: Path,
) -> None:
    script = Script(pages=[[row(f"A{n}") for n in range(60)]])
    with collecting(tmp_path, {"north-desk": script}) as running:
        running.until(lambda s: received(s, "north") == 60)
        before = running.source()
        renamed = [row(f"B{n}") for n in range(60)]
        script.pages.append([{**one, "came": one["received"]} for one in renamed])
        for one in script.pages[1]:
            del one["received"]
        shown = running.until(lambda s: state(s).condition == "refused")
        assert "received_at: missing_column 60" in str(state(shown).error)
        assert "-received" in state(shown).drift
        refused = running.source()
        assert (refused.stored, refused.rejected) == (60, 50)
        assert refused.watermark is not None
        assert before.watermark is not None
        script.pages[1] = renamed
        mended = running.until(lambda s: received(s, "north") == 120 and not state(s).error)
        assert (state(mended).condition, state(mended).drift) == ("", "")

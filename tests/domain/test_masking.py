"""Numbers of persons in free text and in kept rows, over a corpus with noise."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, timedelta

import pytest

from centre.domain.masking import mask, masked
from centre.domain.sources import FieldMap
from tests.domain.make import source

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("13812345678", "138****5678"),
        ("电话138 1234 5678。", "电话138****5678。"),
        ("138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("86-13812345678", "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("13812345678/13987654321", "138****5678/139****4321"),
        ("028-86123456", "028-****3456"),
        ("(028)8612 3456", "028-****3456"),
        ("0838-5123456", "0838-****3456"),
        ("11010519491231002X", "110***********002X"),
        ("身份证11010519491231002x,", "身份证110***********002x,"),
        ("110105194912310021", "110105194912310021"),  # the check digit is wrong
        ("110105491231002", "110********1002"),
        ("110105491331002", "110105491331002"),  # no month 13
        ("zhang.san@example.com.cn", "z***@example.com.cn"),
        ("小区＠ ａｂｃ", "小区＠ ａｂｃ"),
        ("", ""),
    ],
)
def test_a_number_of_a_person_becomes_unreadable(text: str, hidden: str) -> None:
    assert mask(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "2018-12-28 13:45:59",
        "1-870704831",
        "工单号 20181228134559001",
        "101004143000",
        "104.13912345678, 30.65955",
        "12345",
        "POINT (-122.45468056 37.73449882)",
        "面积 1300 平方米, 预算 15000000 元",
        "3月15日-3月18日 13:00",
        "https://x.example/media/13/8123/45678.jpg",
        "川A12345",
        "统一社会信用代码 91510100MA61R0X00X",
    ],
)
def test_other_numbers_survive(text: str) -> None:
    assert mask(text) == text


def _identity(rng: random.Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(25_000))
    digits = f"{rng.choice((510104, 510107, 110105))}{born:%Y%m%d}{rng.randrange(1000):03}"
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


def _mobile(rng: random.Random) -> str:
    digits = f"1{rng.choice('3456789')}{rng.randrange(10**9):09}"
    sep = rng.choice(["", "", "", " ", "-", "－", "  ", "·", "—"])
    parts = rng.choice([(3, 4, 4), (3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3)])
    cut = [digits[: parts[0]], digits[parts[0] : parts[0] + parts[1]], digits[-parts[2] :]]
    text = rng.choice(["", "", "", "+86", "86 ", "+86-", "0086"]) + sep.join(cut)
    return (
        text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        if rng.random() < 0.1
        else text
    )


def _landline(rng: random.Random) -> str:
    area, digits = rng.choice([("028", 7), ("0838", 6)])
    local = f"{rng.randrange(2, 10)}{rng.randrange(10**digits):0{digits}}"
    return rng.choice([f"{area}-{local}", f"{area}{local}", f"({area}){local}", f"{area} {local}"])


_AROUND = ("请尽快联系{}，谢谢", "电话:{}", "{}", "王女士{}反映停车难", "tel {} 微信同号", "（{}）")
_NOISE = (
    "2026-06-{:02} 13:45:59",
    "工单202606{:02}138123456789 已转",
    "锦江区春熙路{}号3栋2单元1305",
    "104.0{}57139, 30.65955138",
    "合同编号 CD-2026-{:04}-138",
    "金额 {}3800000.00 元",
    "SR 1-8707{:05}",
    "川A{:05}在此违停 3 小时",
    "第{}号令 2018.12.28-2019.01.05",
    "510104{:04}00000000",
)


def _corpus() -> list[tuple[str, str]]:
    """(line, digits that must not be read any more) of 2,000 lines with a number each."""
    rng = random.Random(5101)
    lines = []
    for _ in range(2000):
        number = rng.choice([_mobile, _mobile, _identity, _landline])(rng)
        lines.append((rng.choice(_AROUND).format(number), number))
    return lines


def test_at_least_99_of_100_numbers_are_found() -> None:
    missed = [line for line, number in _corpus() if number in mask(line) or "**" not in mask(line)]
    assert len(missed) <= 20, missed[:20]


def test_at_most_1_of_100_innocent_lines_is_touched() -> None:
    rng = random.Random(1637)
    lines = [rng.choice(_NOISE).format(rng.randrange(1, 30)) for _ in range(2000)]
    assert len(set(lines)) > 200
    touched = {line: mask(line) for line in lines if mask(line) != line}
    assert sum(lines.count(line) for line in touched) <= 20, touched


def test_what_is_around_a_number_stays_as_it_was() -> None:
    for line, number in _corpus()[:500]:
        before, after = line.split(number, 1)
        hidden = mask(line)
        assert hidden.startswith(before)
        assert hidden.endswith(after)
        assert re.search(r"\d\*+", hidden) or "-*" in hidden


def test_every_string_of_a_kept_row_is_masked_at_any_depth() -> None:
    row = {
        "tel": 13812345678,
        "as_float": 13812345678.0,
        "people": [{"id": "11010519491231002X"}, "13987654321"],
        "n": 5,
        "ok": True,
        "none": None,
        "nan": float("nan"),
        "big": 2**70,
        "when": datetime(2026, 6, 15, 9),  # noqa: DTZ001 - as a spreadsheet gives it
        7: b"13812345678",
    }
    assert masked(row) == {
        "tel": "138****5678",
        "as_float": "138****5678",
        "people": [{"id": "110***********002X"}, "139****4321"],
        "n": 5,
        "ok": True,
        "none": None,
        "nan": "nan",
        "big": str(2**70),
        "when": "2026-06-15T09:00:00",
        "7": "b'138****5678'",
    }


def test_what_identifies_the_row_stays_readable_so_that_it_can_be_replayed() -> None:
    config = source({"key": FieldMap(column="ticket.no"), "title": FieldMap(column="what")})
    row = {"ticket": {"no": 13812345678, "by": "13812345678"}, "what": "13812345678"}
    assert masked(row, config) == {
        "ticket": {"no": 13812345678, "by": "138****5678"},
        "what": "138****5678",
    }


def test_text_that_no_database_takes_is_replaced() -> None:
    assert masked({"a": "x\x00y\ud800"}) == {"a": "x\ufffdy\ufffd"}


def test_a_megabyte_of_digits_takes_no_time() -> None:
    for text in ("1" * 300_000, "1 " * 150_000, "0" * 300_000, "a@" * 150_000, "13-" * 100_000):
        assert len(mask(text)) > 0

"""Answers that nobody should give: whole ones that are broken, and rows that are."""

from __future__ import annotations

import csv
import io
import json
import random
import string
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.faults.world import COLUMNS, rows

_NASTY: tuple[Any, ...] = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\u202e右", "\ufeffx", "x" * 200, "x" * 70_000),
    *("NULL", "None", "NaN", "-Infinity", "1e309", "-1", "0x1F", "１２３", "٣", "1,234", "=1+1"),
    *("<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "../../etc/passwd", "%00", "\r\n"),
    *("2026-02-30T08:00:00", "2099-01-01T00:00:00", "0000-00-00", "1970-01-01", "24:00", "now"),
    *("2026-06-17T08:00:00+25:00", "17/06/2026", "1781654400", "1781654400000", "🚧" * 50),
)
_NASTY_JSON: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, 10**400, 2**63, -(2**63) - 1, 0.1, [], {}, [[]], [None]),
    *({"a": {"b": {"c": None}}}, ["x"] * 50, {"received": "2026-06-17T08:00:00"}),
)


_LINES = ("NaN", "[]", "null", '"x"', "{", '{"a":}', "[" * 5000, "1e999")


def payloads(kind: str, count: int, seed: int = 4) -> Iterator[bytes]:
    """So many answers in "json", "csv", "xml" or "text", the same for the same seed."""
    chance = random.Random(seed)
    make = {"json": _json, "csv": _csv, "xml": _xml, "text": _text}[kind]
    for _ in range(count):
        yield _spoilt(make(_rows(chance, kind), chance), chance)


def _rows(chance: random.Random, kind: str) -> list[dict[str, Any]]:
    """Good rows of which some have lost, gained or changed words."""
    found = rows(chance.randrange(1000), chance.choice((0, 1, 2, 5, 60)))
    for row in found:
        if chance.random() < 0.5:
            _spoil_row(row, chance, kind)
    if found and chance.random() < 0.1:
        found += found[:3]
    return found


def _spoil_row(row: dict[str, Any], chance: random.Random, kind: str) -> None:
    words = (*_NASTY, *_NASTY_JSON) if kind == "json" else _NASTY
    for _ in range(chance.randint(1, 3)):
        column = chance.choice(COLUMNS)
        deed = chance.random()
        if deed < 0.7:
            row[column] = chance.choice(words)
        elif deed < 0.85:
            row.pop(column, None)
        else:
            row["".join(chance.choices(string.printable, k=chance.randint(0, 9)))] = "x"


def _json(found: Sequence[dict[str, Any]], chance: random.Random) -> bytes:
    lines = [json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in found]
    if chance.random() < 0.2:
        lines.append(chance.choice(_LINES))
    return "\n".join(lines).encode(errors="surrogatepass")


def _csv(found: Sequence[dict[str, Any]], chance: random.Random) -> bytes:
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in found for name in row)) or list(COLUMNS)
    writer = csv.writer(text)
    writer.writerow(names)
    for row in found:
        cells = [row.get(name, "") for name in names]
        writer.writerow(cells[: chance.choice((99, 99, 99, 3))] + ["x"] * chance.choice((0, 0, 4)))
    return text.getvalue().encode(chance.choice(("utf-8", "gb18030")), errors="replace")


def _xml(found: Sequence[dict[str, Any]], chance: random.Random) -> bytes:
    if chance.random() < 0.05:
        return _bomb()
    parts = []
    for row in found:
        inside = "".join(
            f"<{name}>{escape(str(word))}</{name}>" for name, word in row.items() if name in COLUMNS
        )
        parts.append(f"<row id={quoteattr(str(row.get('key')))}>{inside}</row>")
    return f"<?xml version='1.0'?><rows>{''.join(parts)}</rows>".encode(errors="replace")


def _bomb() -> bytes:
    """Entities that grow a thousandfold each, and one that asks for a file."""
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE r [<!ENTITY e0 "x">{grown}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return f"<?xml version='1.0'?>{head}<rows><row>&e8;&f;</row></rows>".encode()


def _text(found: Sequence[dict[str, Any]], chance: random.Random) -> bytes:
    return "\n".join(f"{key} {word}" for row in found for key, word in row.items()).encode(
        errors="replace"
    )


def _spoilt(body: bytes, chance: random.Random) -> bytes:
    """The whole answer, in six of ten cases as it is."""
    deeds: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: body[: chance.randrange(len(body) + 1)],
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body.decode(errors="replace").encode("utf-16"),
        lambda: body.decode(errors="replace").encode("gb18030", errors="replace"),
        lambda: b"<!doctype html><title>Login</title><form>" + body[:100],
        lambda: chance.randbytes(chance.randint(1, 3000)),
        lambda: _flipped(body, chance),
        lambda: body + b"\x00" * 64,
        lambda: b"x" * (3 * 2**20),
        lambda: b'{"a":' * 20_000,
    )
    return chance.choice(deeds)() if chance.random() < 0.4 else body


def _flipped(body: bytes, chance: random.Random) -> bytes:
    found = bytearray(body)
    for _ in range(min(8, len(found))):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)

"""Only who knows the key, and only now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasources.pushed.signature import NotSigned, Said, read, sign, verify
from tests.datasources.make import NOW

KEY = "a-key-of-some-length"
BODY = '[{"编号": 1}]'.encode()
SAID = Said(
    source="xinjin",
    seconds=str(int(NOW.timestamp())),
    nonce="0123456789abcdef",
    key="k1",
    signature="",
)
OPENSSL = "21740f5de913d7f8a8081d0b195c3ad744749219fd44c1a424f6b02c616be2a9"
# printf 'xinjin\n1781593200\n0123456789abcdef\nk1\n[{"编号": 1}]' |
#     openssl dgst -sha256 -hmac a-key-of-some-length
SIGNED = replace(SAID, signature=sign(KEY, SAID, BODY))
HEADERS = {
    "x-timestamp": SAID.seconds,
    "x-nonce": SAID.nonce,
    "idempotency-key": "k1",
    "x-signature": f"sha256={SIGNED.signature.upper()}",
}


def test_a_signature_is_what_the_manual_says() -> None:
    assert SAID.seconds == "1781593200"
    assert SIGNED.signature == OPENSSL


def test_who_knows_the_key_or_the_one_before_is_let_in() -> None:
    said = read("xinjin", HEADERS)
    verify([KEY], said, BODY, NOW)
    verify(["another-key-of-length", KEY], said, BODY, NOW)


@pytest.mark.parametrize(
    "other",
    [
        {"source": "pujiang"},
        {"seconds": str(int(NOW.timestamp()) + 1)},
        {"nonce": "0123456789abcdeF"},
        {"key": "k2"},
        {"signature": "0" * 64},
        {"signature": "é"},
    ],
)
def test_whoever_changes_anything_is_refused(other: dict[str, str]) -> None:
    with pytest.raises(NotSigned, match="X-Signature"):
        verify([KEY], replace(SIGNED, **other), BODY, NOW)


def test_another_body_or_key_is_refused() -> None:
    for key, body in ((KEY, BODY + b" "), ("a-key-of-some-lengtH", BODY)):
        with pytest.raises(NotSigned, match="X-Signature"):
            verify([key], SIGNED, body, NOW)


@pytest.mark.parametrize("off", [-301, 301])
def test_a_request_of_another_time_is_refused(off: int) -> None:
    said = replace(SAID, seconds=str(int(NOW.timestamp()) + off))
    said = replace(said, signature=sign(KEY, said, BODY))
    with pytest.raises(NotSigned, match="301 s off our clock"):
        verify([KEY], said, BODY, NOW)


@pytest.mark.parametrize(
    ("name", "word", "says"),
    [
        ("x-nonce", "short", "X-Nonce: write 16 to 64"),
        ("x-nonce", "", "X-Nonce is missing"),
        ("idempotency-key", "a b", "Idempotency-Key: write"),
        ("x-timestamp", "today", "X-Timestamp: write seconds"),
    ],
)
def test_an_odd_header_is_named(name: str, word: str, says: str) -> None:
    with pytest.raises(NotSigned, match=says):
        read("xinjin", {**HEADERS, name: word})

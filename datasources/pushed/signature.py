"""Who sent this: HMAC-SHA256 over the source, the time, a word used once, a key, and the body.

    source \\n seconds \\n nonce \\n idempotency key \\n body

Pure. Whoever changes a byte of it, or sends it again, is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

PATIENCE_SECONDS = 300
"""How far the sender's clock may be from ours."""

LEAST_KEY = 16
"""Characters of a key; a shorter one could be guessed."""

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_WORD = re.compile(r"[\x21-\x7e]{1,128}")


class NotSigned(Exception):
    """A request that nobody can have sent who knows the key, or not now; says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the headers of a request say. `seconds`: since 1970, as written."""

    source: str
    seconds: str
    nonce: str
    key: str  # the idempotency key
    signature: str  # hexadecimal


def read(source: str, headers: Mapping[str, str]) -> Said:
    """The words of the headers; raises NotSigned naming the one that is missing or odd."""
    nonce, key = _header(headers, "x-nonce"), _header(headers, "idempotency-key")
    seconds, signature = _header(headers, "x-timestamp"), _header(headers, "x-signature")
    if not _NONCE.fullmatch(nonce):
        raise NotSigned("X-Nonce: write 16 to 64 letters, digits, _ or -, new for each request")
    if not _WORD.fullmatch(key):
        raise NotSigned("Idempotency-Key: write 1 to 128 characters of ASCII without blanks")
    if not re.fullmatch(r"\d{9,11}", seconds):
        raise NotSigned("X-Timestamp: write seconds since 1970, as `date +%s` does")
    signature = signature.removeprefix("sha256=").lower()
    return Said(source=source, seconds=seconds, nonce=nonce, key=key, signature=signature)


def sign(secret: str, said: Said, body: bytes) -> str:
    """The signature, hexadecimal."""
    head = "\n".join((said.source, said.seconds, said.nonce, said.key, ""))
    return hmac.new(secret.encode(), head.encode() + body, hashlib.sha256).hexdigest()


def verify(secrets: Iterable[str], said: Said, body: bytes, now: datetime) -> None:
    """Raise NotSigned unless one of the secrets signed this, and just now."""
    ours = [sign(one, said, body).encode() for one in secrets]
    theirs = said.signature.encode()
    if not any([hmac.compare_digest(one, theirs) for one in ours]):  # noqa: C419 - all, always
        raise NotSigned("X-Signature: it is not the one that our key gives; is the key the same?")
    off = int(said.seconds) - now.timestamp()
    if abs(off) > PATIENCE_SECONDS:
        raise NotSigned(f"X-Timestamp: {abs(off):.0f} s off our clock; set the sender's clock")


def _header(headers: Mapping[str, str], name: str) -> str:
    found = headers.get(name)
    if not found:
        raise NotSigned(f"{name.title()} is missing")
    return found

"""MQTT 5 and 3.1.1, as far as a reader needs it: connect, subscribe, receive, acknowledge."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from datasources.errors import Denied, Malformed, SourceError, Unavailable
from datasources.streams.wire import Wire

CONNACK, PUBLISH, SUBACK, PINGRESP, DISCONNECT = 2, 3, 9, 13, 14
_DENIED = frozenset({4, 5, 0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C, 0x9C, 0x9D})
_REASONS = {
    1: "it does not speak this version",
    2: "it does not take our client_id",
    4: "wrong name or password",
    5: "we may not",
    0x84: "it does not speak this version",
    0x85: "it does not take our client_id",
    0x86: "wrong name or password",
    0x87: "we may not",
    0x8E: "somebody else has come with our client_id",
    0x97: "a quota is used up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who we are, and how much may be on its way unacknowledged; the last three for version 5."""

    version: int  # 5 or 4 (3.1.1)
    client_id: str
    user: str | None
    password: str | None
    is_clean: bool
    most_waiting: int
    kept_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`number`: what is acknowledged; None where nothing is to be."""

    topic: str
    payload: bytes
    number: int | None
    is_retained: bool


class Mqtt:
    """One connection. `had_session`: the broker knew us and has kept what came since."""

    def __init__(self, wire: Wire, hello: Hello) -> None:
        self._wire, self._version, self._waiting = wire, hello.version, list[Message]()
        wire.send(_packet(0x10, _connect(hello)))
        answer = self._until(CONNACK)
        self._judge(answer[1:2], "refuses us")
        self.had_session = bool(answer[0] & 1)

    def subscribe(self, topics: Sequence[str]) -> None:
        """Ask for all messages of some topics, once each at least. Raises Denied."""
        head = b"\x00\x01" + (b"\x00" if self._version == 5 else b"")
        # Version 5: what is retained comes with the first subscription alone.
        options = 0x11 if self._version == 5 else 1
        asked = b"".join(_text(one) + bytes((options,)) for one in topics)
        self._wire.send(_packet(0x82, head + asked))
        granted = self._until(SUBACK)[-len(topics) :]
        for topic, code in zip(topics, granted, strict=True):
            self._judge(bytes((code if code >= 0x80 else 0,)), f'refuses the topic "{topic}"')
            if code == 0:
                raise Malformed(f'the broker grants no QoS 1 on "{topic}": messages could be lost')

    def received(self, most: int) -> list[Message]:
        """What has come till the broker answers a ping, no more than so many; the others wait.

        Some brokers send more than was agreed.
        """
        self._ping()
        found, self._waiting = self._waiting[:most], self._waiting[most:]
        return found

    def listen(self) -> list[Message]:
        """What comes next, however long that takes."""
        while not self._waiting:
            self._next()
        found, self._waiting = self._waiting, []
        return found

    def acknowledge(self, numbers: Sequence[int]) -> None:
        """Let the broker forget messages; when this returns, it has."""
        if numbers:
            self._wire.send(b"".join(_packet(0x40, one.to_bytes(2, "big")) for one in numbers))
            self._ping()

    def close(self) -> None:
        """Say goodbye where that is possible, and let go."""
        with suppress(SourceError):
            self._wire.send(_packet(0xE0, b""))
        self._wire.close()

    def _ping(self) -> None:
        self._wire.send(_packet(0xC0, b""))
        self._until(PINGRESP)

    def _until(self, wanted: int) -> bytes:
        """The body of the next packet of a kind; messages before it wait."""
        while True:
            kind, body = self._next()
            if kind == wanted and (kind == PINGRESP or len(body) >= 2):
                return body
            if kind != PUBLISH:
                raise Malformed("what came is no answer of MQTT; is that the right port?")

    def _next(self) -> tuple[int, bytes]:
        """Kind and body of the next packet; a message waits from now on."""
        head = self._wire.read(1)[0]
        kind, body = head >> 4, self._wire.read(_length(self._wire))
        if kind == PUBLISH:
            self._waiting.append(self._message(head, body))
        if kind == DISCONNECT:
            self._judge(body[:1], "ends the connection")
            raise Unavailable("the broker ended the connection")
        return kind, body

    def _message(self, head: int, body: bytes) -> Message:
        try:
            size = int.from_bytes(body[:2], "big")
            topic, place = body[2 : 2 + size].decode(), 2 + size
            number = None
            if head & 0x06:
                number, place = int.from_bytes(body[place : place + 2], "big"), place + 2
            if self._version == 5:
                place = _beyond_properties(body, place)
        except (UnicodeDecodeError, IndexError) as error:
            raise Malformed("a message that is none; is that MQTT?") from error
        retained = bool(head & 1)
        return Message(topic=topic, payload=body[place:], number=number, is_retained=retained)

    def _judge(self, code: bytes, deed: str) -> None:
        reason = code[0] if code else 0
        if reason == 0 or (deed == "ends the connection" and reason < 0x80):
            return
        words = f"the broker {deed}: {_REASONS.get(reason, 'reason ' + hex(reason))}"
        raise Denied(words) if reason in _DENIED or reason < 3 else Unavailable(words)


def _connect(hello: Hello) -> bytes:
    flags = (0x80 if hello.user is not None else 0) | (0x40 if hello.password is not None else 0)
    flags |= 0x02 if hello.is_clean else 0
    head = _text("MQTT") + bytes((hello.version, flags)) + b"\x00\x00"  # no keep-alive: short calls
    if hello.version == 5:
        kept = b"\x11" + hello.kept_seconds.to_bytes(4, "big")
        waiting = b"\x21" + hello.most_waiting.to_bytes(2, "big")
        head += bytes((len(kept + waiting),)) + kept + waiting
    names = [one for one in (hello.user, hello.password) if one is not None]
    return head + b"".join(map(_text, (hello.client_id, *names)))


def _packet(head: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, digit = left >> 7, left & 0x7F
        length.append(digit | (0x80 if left else 0))
        if not left:
            return bytes((head,)) + bytes(length) + body


def _length(wire: Wire) -> int:
    size = 0
    for place in range(4):
        digit = wire.read(1)[0]
        size |= (digit & 0x7F) << (7 * place)
        if digit < 0x80:
            return size
    raise Malformed("a packet without a length; is that MQTT?")


def _beyond_properties(body: bytes, place: int) -> int:
    size = shift = 0
    while True:
        digit = body[place]
        place, size, shift = place + 1, size | (digit & 0x7F) << shift, shift + 7
        if digit < 0x80:
            return place + size


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data

"""How the browser names what it looks at, read back: "headline:510104:wall" in a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_SLOTS = 200  # a wall has about 20; more is a mistake or an attack
_SURFACES = ("wall", "desk", "embed")
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSlot(ValueError):
    """A slot that cannot be read; says the text and what is expected."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text[:_MAX_LENGTH]}" is not a slot; write panel:key:wall|desk|embed'


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotName:
    """One slot of a page: which panel, about what, for which surface."""

    panel: str
    key: str
    surface: str

    @classmethod
    def parse(cls, text: str) -> SlotName:
        """Read "panel:key:surface"; a key may be empty, never hold a colon."""
        parts = text.split(":")
        if len(parts) != 3 or not parts[0] or parts[2] not in _SURFACES or len(text) > _MAX_LENGTH:
            raise BadSlot(text=text)
        return cls(panel=parts[0], key=parts[1], surface=parts[2])

    def __str__(self) -> str:
        return f"{self.panel}:{self.key}:{self.surface}"


def parse_slots(texts: Iterable[str]) -> tuple[SlotName, ...]:
    """The slots of a subscription, each once, in one order, so that equal pages share frames."""
    names = {text: SlotName.parse(text) for text in texts}
    if len(names) > MAX_SLOTS:
        raise BadSlot(text=f"{len(names)} slots, at most {MAX_SLOTS}")
    return tuple(names[text] for text in sorted(names))

"""The tokens: equal in Python and CSS, and legible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.theme import DARK, LIGHT, SHAPES, STEPS, Palette, css, layout

ASSETS = Path(__file__).parents[2] / "assets"


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_style_sheet_is_what_the_theme_writes() -> None:
    remedy = "run: python -m components.theme > assets/tokens.css"
    assert (ASSETS / "tokens.css").read_text(encoding="utf-8") == css(), remedy


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(
    "token", ["text", "text2", "text3", "bad", "watch", "good", "unknown", "spark", "link"]
)
def test_every_text_colour_is_legible_on_ground_and_surface(palette: Palette, token: str) -> None:
    colour = getattr(palette, token)
    assert min(contrast(colour, palette.ground), contrast(colour, palette.surface)) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_the_ink_of_every_map_step_is_legible(palette: Palette) -> None:
    inks = [palette.ink1] * 4 + [palette.ink2] * 2
    ratios = [contrast(getattr(palette, step), ink) for step, ink in zip(STEPS, inks, strict=True)]
    assert min(ratios) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_map_steps_go_one_way(palette: Palette) -> None:
    lights = [_light(getattr(palette, step)) for step in STEPS]
    assert lights == sorted(lights, reverse=palette is LIGHT)


def test_style_sheets_use_no_colour_but_the_tokens() -> None:
    own = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\(")
    sheets = ("panels.css", "wall.css", "embed.css")
    found = {name: own.findall((ASSETS / name).read_text(encoding="utf-8")) for name in sheets}
    assert found == {name: [] for name in sheets}


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for sheet in ("panels.css", "wall.css", "embed.css", "tokens.css"):
        text = (ASSETS / sheet).read_text(encoding="utf-8")
        assert "http" not in text and "@import" not in text


def test_every_status_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES) == 7


def test_a_wall_layout_has_no_text_below_eighteen_pixels() -> None:
    assert layout("wall")["font"]["size"] == 18

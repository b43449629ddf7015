"""Colours, map steps, status shapes and plotly layouts: the one place that knows how it looks.

`python -m components.theme > assets/tokens.css` writes the same tokens out for the style sheets;
a test keeps the two equal and every text at a contrast of 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

FONT = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'Noto Sans',system-ui,sans-serif"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One set of colours; a field's name is its CSS custom property (text2 -> --text2)."""

    ground: str
    surface: str
    line: str
    text: str
    text2: str  # notes and units
    text3: str  # axes, the weakest text
    bad: str  # also the one accent: "look here"
    watch: str
    good: str
    unknown: str
    spark: str
    link: str
    seq1: str  # map and heat steps, least to most
    seq2: str
    seq3: str
    seq4: str
    seq5: str
    seq6: str
    ink1: str  # text on steps 1 to 4
    ink2: str  # text on steps 5 and 6


DARK = Palette(
    ground="#0A1017",
    surface="#121B25",
    line="#2A3746",
    text="#EEF2F6",
    text2="#B4C0CC",
    text3="#8A98A7",
    bad="#FF7A4D",
    watch="#F0C24A",
    good="#5FBFA5",
    unknown="#93A1AF",
    spark="#7FA8D6",
    link="#9CC4F0",
    seq1="#182837",
    seq2="#1F3A53",
    seq3="#295074",
    seq4="#386A97",
    seq5="#5E97CD",
    seq6="#9FD0FF",
    ink1="#FFFFFF",
    ink2="#0A1017",
)
"""The wall, and the desk by choice."""

LIGHT = Palette(
    ground="#F5F7F9",
    surface="#FFFFFF",
    line="#D9E0E7",
    text="#17212B",
    text2="#4A5866",
    text3="#5D6A78",
    bad="#BF3A0B",
    watch="#8A6100",
    good="#12705A",
    unknown="#5E6C79",
    spark="#3E6FA8",
    link="#1D5E9E",
    seq1="#E6F0FA",
    seq2="#C2DAF5",
    seq3="#96BFE9",
    seq4="#649DD7",
    seq5="#2C6FAE",
    seq6="#054980",
    ink1="#17212B",
    ink2="#FFFFFF",
)
"""The desk and the panels in the portal."""

STEPS = ("seq1", "seq2", "seq3", "seq4", "seq5", "seq6")

SHAPES = {
    "good": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13Z",  # disc
    "watch": "M8 1 15.5 15H.5Z",  # triangle
    "bad": "M1 1H15V15H1Z",  # square
    "none": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13Z"
    "M8 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z",  # ring: nothing to judge by
    "partial": "M8 .5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15Z"
    "M8 2.5a5.5 5.5 0 1 0 0 11Z",  # half disc: some units are missing
    "late": "M8 .5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15ZM8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1"
    " 0-11ZM7.1 4H8.9V7.6L11.6 9.2 10.7 10.8 7.1 8.7Z",  # clock face
    "down": "M1 1H15V15H1ZM2.5 2.5V6.5L6.5 2.5ZM2.5 8.6V11.4L11.4 2.5H8.6ZM2.5 13.5L13.5 2.5V4.9"
    "L4.9 13.5ZM7 13.5L13.5 7V9.6L9.6 13.5ZM11.7 13.5L13.5 11.7V13.5Z",  # hatched square
}
"""Status marks on a 16 x 16 grid, filled evenodd. Colour is never the only difference."""


def css() -> str:
    """All of assets/tokens.css."""
    return "\n".join(
        (
            "/* Written by `python -m components.theme`; change the colours there. */",
            _rule(":root", LIGHT, "light"),
            _rule(':root[data-theme="dark"], :root:has(.wall), .wall', DARK, "dark"),
            "@media (prefers-color-scheme: dark) {",
            _rule(".embed", DARK, "dark"),
            "}",
            "",
        )
    )


def _rule(selector: str, palette: Palette, scheme: str) -> str:
    lines = [f"  --{one.name}: {getattr(palette, one.name)};" for one in fields(palette)]
    return "\n".join((f"{selector} {{", f"  color-scheme: {scheme};", *lines, "}"))


def palette(surface: str) -> Palette:
    """The colours of a surface, where a drawing cannot use CSS."""
    return DARK if surface == "wall" else LIGHT


@lru_cache
def layout(surface: str) -> dict[str, Any]:
    """A plotly layout without decoration; copy before changing.

    Plotly writes colours into the SVG; on the desk style sheets override those of texts and
    grids, so that one figure serves the light and the dark desk.
    """
    tone, size = palette(surface), 18 if surface == "wall" else 12
    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "linecolor": tone.line,
        "gridcolor": tone.line,
        "tickfont": {"size": size, "color": tone.text2},
        "automargin": False,
    }
    return {
        "font": {"family": FONT, "size": size, "color": tone.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hovermode": False if surface == "wall" else "closest",
        "dragmode": False,
        "xaxis": axis,
        "yaxis": dict(axis),
    }


CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
"""Of every dcc.Graph."""


if __name__ == "__main__":
    print(css(), end="")  # noqa: T201 -- writes the style sheet

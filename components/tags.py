"""Attributes that Dash takes only as keywords with a hyphen."""

from __future__ import annotations

from typing import Any


def data(**said: str) -> dict[str, Any]:
    """data-figure, data-state …: marks for scripts and tests."""
    return {f"data-{key}": text for key, text in said.items()}


def aria(**said: str) -> dict[str, Any]:
    """aria-label, aria-live …: words for those who cannot see."""
    return {f"aria-{key}": text for key, text in said.items()}

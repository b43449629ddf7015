"""Panels, one a file, found by walking this folder: `PANEL` in any module here is on offer.

    PANEL = Panel(id="headline", title=Name(zh="…", en="…"), render=render)

A new panel is one new file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from components.view import Panel


def _found() -> dict[str, Panel]:
    panels: dict[str, Panel] = {}
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        panel = importlib.import_module(module.name).PANEL
        if panel.id in panels:
            raise ValueError(f'{module.name}: panel "{panel.id}" exists already')
        panels[panel.id] = panel
    return panels


PANELS: Mapping[str, Panel] = MappingProxyType(_found())
"""Every panel by its id."""

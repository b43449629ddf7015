"""The rig's own adapter: whether the rig works."""

from __future__ import annotations

from tests.faults.lines import Lines, serving
from tests.faults.world import World

WORLD = World(name="lines", open=serving, payloads="json", adapter=Lines)

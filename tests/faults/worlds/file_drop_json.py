"""file_drop with JSON files in place."""

from __future__ import annotations

from tests.faults.files import NO_WIRE, json_files
from tests.faults.world import World

WORLD = World(name="file_drop/json", open=json_files, payloads="json", no_faults=NO_WIRE)

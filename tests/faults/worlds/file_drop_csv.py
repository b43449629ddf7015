"""file_drop with CSV files in place."""

from __future__ import annotations

from tests.faults.files import NO_WIRE, csv_files
from tests.faults.world import World

WORLD = World(name="file_drop/csv", open=csv_files, payloads="csv", no_faults=NO_WIRE)

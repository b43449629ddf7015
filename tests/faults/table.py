"""The tables of cells, printed at the end of a run: what was proven, adapter by adapter."""

from __future__ import annotations

from typing import Any

PROPERTY = "fault-cell"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line for each adapter and fault or drift that was tried."""
    found = sorted(
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY and report.when == "call"
    )
    if not found:
        return
    green = sum("RED" not in line for line in found)
    terminalreporter.section(f"faults: {green} of {len(found)} cells green")
    for line in found:
        terminalreporter.write_line(line)

"""Run the benches: each module with a `lines()` measures and yields its lines."""

from __future__ import annotations

import importlib
import sys

BENCHES = ("ingest", "keeping", "tick", "past", "month", "live", "load")


def main(wanted: list[str]) -> int:
    """Print the lines of the wanted benches, or of all."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    for name in wanted or BENCHES:
        module = importlib.import_module(f"bench.{name}")
        print(f"# {name}: {module.__doc__.splitlines()[0]}", flush=True)
        for line in module.lines():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

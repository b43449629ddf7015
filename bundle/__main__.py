"""python -m bundle: build the archive into dist/ and say what came out; `make bundle` calls it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bundle.build import ROOT, build
from bundle.content import changed
from bundle.failure import CannotBuild
from bundle.target import chosen


def main(words: list[str]) -> int:
    """Build as asked; 2 with a line on what to mend, when it cannot be built."""
    asked = _arguments().parse_args(words)
    try:
        target = chosen(asked.pythons, asked.machine)
        built = build(target, asked.into, extra=asked.extra or None)
    except (CannotBuild, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(
        f"{built.path}: {built.bytes / 1e6:.1f} MB, {built.wheels} wheels, {built.files} files, "
        f"in {built.seconds:.0f} s"
    )
    if left_out := changed(ROOT):
        print(f"It is of the last commit: {left_out} changed files are not in it.")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("--pythons", default="", help='Python versions of the targets: "3.11 3.12"')
    parser.add_argument("--machine", default="", help="processor of the targets: x86_64, aarch64")
    parser.add_argument("--extra", type=_file, help="more packages, locked with hashes")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="where to, as a rule dist")
    return parser


def _file(text: str) -> Path | None:
    return Path(text) if text else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The one command line: `python -m centre …`. Each command is a file of centre/commands."""

from __future__ import annotations

import ast
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from centre import commands
from centre.citypack.finding import BadPack
from centre.settings import BadSettings

WRONG_INPUT = 2
"""Exit code for a setting or a file that has to be mended; a bug keeps its traceback."""


class Commands(TyperGroup):
    """Every command found; only the one that is called is imported, so that --help is fast."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The files of centre/commands, by name."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command as --help lists it: its name and what its file says it is for."""
        known = cmd_name in self.list_commands(ctx)
        return TyperCommand(name=cmd_name, help=_purpose(cmd_name)) if known else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported now."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, _load(str(name)), rest


def _purpose(name: str) -> str:
    """The first line of a command's file, read and not imported; a "usage: " in front is cut."""
    file = Path(next(iter(commands.__path__))) / f"{name}.py"
    first = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n")[0]
    words = first.split(": ", 1)[-1]
    return words[:1].upper() + words[1:]


def _load(name: str) -> Any:
    one = typer.Typer(add_completion=False)
    import_module(f"{commands.__name__}.{name}").register(one)
    return get_command(one)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False)


@app.callback()
def root() -> None:
    """Rongzhi 蓉治: the operations centre of a city."""


def main() -> None:
    """Run one command; what a person has to mend is said in one line, without a traceback."""
    try:
        app(prog_name="python -m centre")
    except (BadPack, BadSettings) as error:
        typer.echo(str(error), err=True)
        sys.exit(WRONG_INPUT)


if __name__ == "__main__":
    main()

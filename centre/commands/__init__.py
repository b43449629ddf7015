"""The commands of `python -m centre`, one a file, found by walking this folder.

    <one>.py: register(app: typer.Typer) ── adds one command ──> python -m centre <one>

The file's name is the command's, and the first line of its docstring is what --help says. Only the
file of the command that is called is imported, so it may import what it needs on top.
"""

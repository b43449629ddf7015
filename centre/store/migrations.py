"""Bring a database to the present schema; may be called at every start, by many at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from centre.store import changes
from centre.store.engine import writing


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, all or none, while everyone else waits."""
    with writing(engine) as conn:
        changes.lock(conn)  # SQLite: BEGIN IMMEDIATE already keeps the others out
        command.upgrade(config(conn), "head")


def config(conn: Connection) -> Config:
    """Alembic's settings without an ini file, on a connection of ours."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = conn
    return settings

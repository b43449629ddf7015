"""python -m centre run: the web server and, where there is Redis, the collector beside it."""

from __future__ import annotations

import logging
import os
import socket
import sys
from typing import Any

import typer
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import SQLAlchemyError

from centre import companion
from centre.citypack.load import load_city, load_sources
from centre.settings import BadSettings, Settings
from centre.store.engine import BadUrl, connect
from centre.store.migrations import upgrade

GRACE_SECONDS = 2  # for running callbacks and idle connections; streams are ended at once
_LOG = logging.getLogger(__name__)
_COLLECT = (sys.executable, "-m", "centre", "collect")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run() -> None:
    """Start the centre, as CITY, DATA, STATE, PORT, DATABASE_URL and REDIS_URL say."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("centre").setLevel(logging.INFO)
    settings = Settings.from_env(os.environ)
    _check(settings)
    collector = companion.start(_COLLECT) if settings.redis_url else None
    try:
        Server(settings).run()
    finally:
        if collector is not None:
            companion.stop(collector)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with its own asgi worker, set up from our settings alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn would read from a file."""
        settings = self._settings
        for key, value in {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "worker_class": "asgi",
            "asgi_lifespan": "on",
            "worker_connections": 5_000,  # each open screen holds one
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._when_loaded,
        }.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The application, made in the worker."""
        from app import serve  # noqa: PLC0415 - above us: only gunicorn's worker needs it

        return serve()

    def _when_loaded(self, worker: Any) -> None:
        """Tell the application how to see that it shall end, and people where it is."""
        worker.asgi.state.is_serving = lambda: worker.alive
        if worker.age == 1:  # the first of them, not one that replaces another
            typer.echo(f"Rongzhi 蓉治 · {address(self._settings)}/wall")


def address(settings: Settings) -> str:
    """What to type into a browser."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def _check(settings: Settings) -> None:
    """Find out what a person has to mend before anything is forked."""
    _, findings = load_sources(settings.city_dir, load_city(settings.city_dir))
    for finding in findings:  # a wrong source file is left out, the others go on
        _LOG.warning("%s", finding)
    _check_port(settings)
    try:
        engine = connect(settings.database_url)
        upgrade(engine)
        engine.dispose()
    except BadUrl as error:
        raise BadSettings(f"DATABASE_URL: {error}") from error
    except (SQLAlchemyError, OSError) as error:
        first = str(error).splitlines()[0]
        raise BadSettings(f"DATABASE_URL: the store cannot be opened: {first}") from error


def _check_port(settings: Settings) -> None:
    try:
        with socket.create_server((settings.host, settings.port), reuse_port=False):
            pass
    except OSError as error:
        raise BadSettings(
            f"PORT={settings.port}: cannot listen on {settings.host}:{settings.port} "
            f"({error.strerror}); choose another: make run PORT={settings.port + 1}"
        ) from error

"""What differs between databases: drivers, read-only sessions, words for what went wrong."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, exc
from sqlalchemy.engine import make_url

from datasources.source import Denied, Malformed, SourceError, Unavailable

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+pyodbc",
    "dm": "dm+dmPython",
    "opengauss": "opengauss+psycopg2",
}

EXTRAS: Mapping[str, str] = {
    "oracle": "oracledb",
    "mssql": "pyodbc",
    "dm": "dmPython dmSQLAlchemy",
    "opengauss": "psycopg2-binary opengauss-sqlalchemy",
}
"""Dialect -> the packages to install, where requirements.txt does not bring them."""

_DENIED = {1044, 1045, 1049, 1142, 1143, 1227, 1698}  # MySQL: account, database, privilege
_MALFORMED = {1054, 1064, 1146}  # MySQL: column, syntax, table
_DENIED_WORDS = re.compile(
    r"authentication failed|access denied|permission denied|login failed|ORA-01017|ORA-01031"
    r"|role .* does not exist|database .* does not exist|no pg_hba",
    re.IGNORECASE,
)
_MALFORMED_WORDS = re.compile(
    r"no such (table|column)|ORA-00942|ORA-00904|invalid (object|column) name|syntax error"
    r"|file is not a database|malformed",
    re.IGNORECASE,
)
_LOCKED = re.compile(r"locked|interrupted|timeout|too large", re.IGNORECASE)


def url_of(text: str, password: str | None) -> URL:
    """The address with its driver; raises ValueError for what is none."""
    try:
        url = make_url(text)
    except exc.ArgumentError as error:
        raise ValueError("this is no URL of a database") from error
    if password is not None:
        url = url.set(password=password)
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def arguments(dialect: str, seconds: float) -> dict[str, Any]:
    """What the driver is told when it connects: to wait for so long and no longer."""
    whole = max(2, round(seconds))
    match dialect:
        case "postgresql":
            # A prepared query fails once after a column was added to its view.
            never = {"prepare_threshold": None}
            return {"connect_timeout": whole, "application_name": "rongzhi", **never}
        case "mysql" | "mariadb":
            return {"connect_timeout": whole, "read_timeout": whole, "write_timeout": whole}
        case "mssql":
            return {"timeout": whole}
        case "oracle":
            return {"tcp_connect_timeout": seconds}
    return {}


def prepare(dialect: str, raw: Any, seconds: float) -> None:
    """Make a new session of a driver read-only and give each of its queries so long."""
    milliseconds = round(seconds * 1000)
    match dialect:
        case "sqlite":
            raw.text_factory = _readable
            _run(raw, "PRAGMA query_only = ON", f"PRAGMA busy_timeout = {milliseconds}")
        case "postgresql" | "opengauss":
            _keep_odd_times(raw)
            _run(
                raw,
                "SET default_transaction_read_only = on",
                f"SET statement_timeout = {milliseconds}",
            )
        case "mysql" | "mariadb":
            is_mariadb = "mariadb" in str(raw.get_server_info()).lower()
            limit = (
                f"max_statement_time = {seconds:.3f}"
                if is_mariadb
                else f"max_execution_time = {milliseconds}"
            )
            _run(raw, "SET SESSION TRANSACTION READ ONLY", f"SET SESSION {limit}")
        case "oracle":
            raw.call_timeout = milliseconds
        case "mssql":
            raw.timeout = max(1, round(seconds))


FIRST_WORDS: Mapping[str, str] = {
    "oracle": "SET TRANSACTION READ ONLY",
    "dm": "SET TRANSACTION READ ONLY",
}
"""What begins each transaction where a whole session cannot be made read-only."""


def cut(raw: Any) -> None:
    """End the connection under a query that hangs or drips; the query then fails at once."""
    if isinstance(raw, sqlite3.Connection):
        raw.interrupt()
        return
    pg = getattr(raw, "pgconn", None)
    inner = getattr(raw, "_sock", None)  # PyMySQL's
    number = pg.socket if pg is not None else inner.fileno() if inner is not None else None
    if number is None:
        return
    try:
        with socket.socket(fileno=os.dup(number)) as line:
            line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is down already


def fault(error: Exception) -> SourceError:
    """Whose turn it is after an error of a driver: wait, act, or mend the map."""
    orig = getattr(error, "orig", None) or error
    words = " ".join(str(orig).split())[:300]
    state, number = getattr(orig, "sqlstate", None) or "", _number(orig)
    if state.startswith("28") or state in ("42501", "3D000") or number in _DENIED:
        return Denied(words)
    if state.startswith("42") or number in _MALFORMED:
        return Malformed(words)
    if _DENIED_WORDS.search(words):
        return Denied(words)
    if _MALFORMED_WORDS.search(words):
        return Malformed(words)
    is_form = isinstance(error, exc.ProgrammingError | exc.DataError)
    return Malformed(words) if is_form and not _LOCKED.search(words) else Unavailable(words)


def _number(orig: Any) -> int | None:
    first = orig.args[0] if getattr(orig, "args", ()) else None
    return first if isinstance(first, int) else None


def _run(raw: Any, *statements: str) -> None:
    cursor = raw.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    raw.commit()


def _readable(text: bytes) -> str:
    """Text of SQLite, whose columns hold any bytes; one bad letter must not stop a table."""
    return text.decode("utf-8", "replace")


def _keep_odd_times(raw: Any) -> None:
    """Times that Python has none of (infinity, 44 BC) stay words, for parse to refuse."""
    adapters = getattr(raw, "adapters", None)
    if adapters is None:
        return
    from psycopg import DataError  # noqa: PLC0415 - one of several drivers
    from psycopg.types import datetime as loaders  # noqa: PLC0415

    for name, loader in (
        ("date", loaders.DateLoader),
        ("timestamp", loaders.TimestampLoader),
        ("timestamptz", loaders.TimestamptzLoader),
    ):

        class Lenient(loader):  # type: ignore[misc, valid-type]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except DataError:
                    return bytes(data).decode()

        adapters.register_loader(name, Lenient)

"""Where a source file may lead that was written in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from datasources.kit.reach import Reach

NAMES = {
    "public.example": ["93.184.215.14"],
    "db.city": ["10.12.3.4"],
    "both.example": ["93.184.215.14", "10.0.0.1"],
    "localhost": ["127.0.0.1", "::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "metadata": ["169.254.169.254"],
}


def names(host: str) -> list[str]:
    if host in NAMES:
        return NAMES[host]
    if host.replace(".", "").isdigit() or ":" in host:
        return [host]
    raise OSError(host)


def reach(folder: Path, *hosts: str) -> Reach:
    return Reach(hosts=hosts, data_dir=folder, resolve=names)


def problems(one: Reach, **connection: Any) -> list[str]:
    return [f"{key}: {problem}" for key, problem, _ in one.complaints(connection)]


@pytest.mark.parametrize(
    "connection",
    [
        {"url": "http://localhost:8050/x"},
        {"url": "http://10.12.3.4/"},
        {"url": "http://[::1]/"},
        {"url": "http://both.example/"},
        {"url": "http://mapped.example/"},
        {"url": "http://metadata/latest"},
        {"url": "http://nobody.example/"},
        {"url": "postgresql:///tickets"},
        {"url": "postgresql://public.example/x?host=127.0.0.1"},
        {"url": "sqlite:////etc/passwd"},
        {"url": "sqlite:///../x.db"},
        {"sites": [{"key": "a", "url": "http://localhost/"}]},
        {"auth": {"token_url": "http://db.city/token"}},
        {"proxy": "http://10.0.0.1:3128"},
        {"host": "localhost:1883"},
        {"path": "/etc/passwd"},
        {"folder": "a/../../b"},
        {"ca_file": "/etc/ssl/private/key.pem"},
        {"password": {"env": "DATABASE_URL"}},
        {"url": "http://[bad"},
    ],
)
def test_what_leads_home_is_refused_with_its_key(
    tmp_path: Path, connection: Mapping[str, Any]
) -> None:
    (told,) = problems(reach(tmp_path), **connection)
    assert told.startswith(f"connection.{next(iter(connection))}")


@pytest.mark.parametrize(
    "connection",
    [
        {"url": "https://public.example/api?host=x"},
        {"url": "mysql://reader@public.example/t?charset=utf8mb4"},
        {"url": "sqlite:///tickets.db"},
        {"path": "inbox/tickets.csv"},
        {"password": {"env": "XINJIN_PASSWORD"}},
        {"table": "T_SQGD", "batch_rows": 500},
    ],
)
def test_what_leads_out_or_into_data_is_allowed(
    tmp_path: Path, connection: Mapping[str, Any]
) -> None:
    assert problems(reach(tmp_path), **connection) == []


@pytest.mark.parametrize("listed", ["db.city", "*.city", "10.12.0.0/16", "10.12.3.4"])
def test_a_private_place_is_allowed_when_it_is_listed(tmp_path: Path, listed: str) -> None:
    assert problems(reach(tmp_path, listed), url="mysql://db.city/t") == []
    assert problems(reach(tmp_path, listed), url="mysql://localhost/t") != []


def test_an_address_in_a_variable_is_looked_at_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETS", "mysql://reader:word@localhost/t")
    (told,) = problems(reach(tmp_path), url={"env": "TICKETS"})
    assert told.startswith("connection.url.env")
    assert "word" not in told

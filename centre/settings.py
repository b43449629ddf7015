"""Environment -> frozen Settings, read once; fails at start naming key and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ARCHIVE = {"each": timedelta(hours=1), "minute": timedelta(days=7), "quarter": timedelta(days=400)}
"""How long published snapshots are kept: all, one a minute, one a quarter hour."""


class BadSettings(ValueError):
    """A setting that cannot be used: says the key, what is wrong and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs. `data_dir` None: sources that need files say so."""

    city_dir: Path
    data_dir: Path | None
    state_dir: Path
    database_url: str
    redis_url: str | None
    host: str
    port: int
    workers: int
    tiles_url: str | None = None
    sources_edit: bool = False  # whether source files may be edited in a browser
    sources_hosts: tuple[str, ...] = ()  # private places that such files may lead to
    archive: Mapping[str, timedelta] = field(default_factory=lambda: ARCHIVE)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read CITY, DATA, STATE, DATABASE_URL, REDIS_URL, HOST, PORT, ARCHIVE_HOURS, …"""
        state = Path(env.get("STATE") or "var").resolve()
        city = Path(env.get("CITY") or ROOT / "conf" / "chengdu").resolve()
        if not (city / "places.toml").is_file():
            raise BadSettings(f"CITY={city}: no places.toml there; name a folder like conf/chengdu")
        data = Path(env["DATA"]).resolve() if env.get("DATA") else None
        if data is not None and not data.is_dir():
            raise BadSettings(f"DATA={data}: no such folder; name the folder that holds the files")
        workers, redis = _whole(env, "WEB_CONCURRENCY", 1), env.get("REDIS_URL") or None
        if workers > 1 and redis is None:
            raise BadSettings(
                f"WEB_CONCURRENCY={workers}: more than one worker needs REDIS_URL, "
                "because snapshots travel in memory without it"
            )
        return cls(
            city_dir=city,
            data_dir=data,
            state_dir=state,
            database_url=env.get("DATABASE_URL") or f"sqlite:///{state / f'{city.name}.db'}",
            redis_url=redis,
            host=env.get("HOST") or "127.0.0.1",
            port=_whole(env, "PORT", 8050),
            workers=workers,
            tiles_url=env.get("TILES_URL") or None,
            sources_edit=_yes(env, "SOURCES_EDIT"),
            sources_hosts=tuple((env.get("SOURCES_HOSTS") or "").replace(",", " ").split()),
            archive={
                "each": timedelta(hours=_whole(env, "ARCHIVE_HOURS", 1)),
                "minute": timedelta(days=_whole(env, "ARCHIVE_MINUTE_DAYS", 7)),
                "quarter": timedelta(days=_whole(env, "ARCHIVE_QUARTER_DAYS", 400)),
            },
        )


def _yes(env: Mapping[str, str], key: str) -> bool:
    text = env.get(key) or "0"
    if text not in ("0", "1"):
        raise BadSettings(f"{key}={text}: write 1 for yes or 0 for no")
    return text == "1"


def _whole(env: Mapping[str, str], key: str, default: int) -> int:
    text = env.get(key) or str(default)
    if not text.isdecimal() or int(text) == 0:
        raise BadSettings(f"{key}={text}: write a whole number above 0")
    return int(text)

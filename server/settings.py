"""Settings: the only module that reads the environment. Each setting stands in README and PROTOCOL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(ValueError):
    """A setting that cannot be used; its text is the sentence for the operator (exit status 2)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set. Sizes in bytes, times in seconds, 0 = off where that is said."""

    host: str = "127.0.0.1"
    port: int = 8000  # 0 = any free port, printed at start
    data: Path = Path("var")
    database: str = ""  # SQLAlchemy URL; empty = a SQLite file in `data`
    public_url: str = ""  # https there -> Secure cookies and HSTS
    trusted_proxies: tuple[str, ...] = ()
    refusal_backoff: float = 30.0  # longest wait before the next handshake of a refused person; 0 = off
    frame_rate: int = 500  # frames a second on one socket, sustained for 5 s -> 4429; 0 = off
    demo: bool = field(default=False, compare=False)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.data / 'yunting.sqlite3').absolute()}"

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None, *, demo: bool = False) -> Settings:
        """Read `YUNTING_*`; raises BadSetting with one sentence naming the variable."""
        env = os.environ if environment is None else environment
        settings = Settings(
            host=env.get("YUNTING_HOST", "127.0.0.1"),
            port=_whole(env, "YUNTING_PORT", 8000, 0, 65_535),
            data=Path(env.get("YUNTING_DATA") or "var"),
            database=env.get("YUNTING_DATABASE", ""),
            public_url=_public_url(env.get("YUNTING_PUBLIC_URL", "")),
            trusted_proxies=_proxies(env.get("YUNTING_TRUSTED_PROXIES", "")),
            refusal_backoff=_number(env, "YUNTING_REFUSAL_BACKOFF", 30.0, 0.0, 3600.0),
            frame_rate=_whole(env, "YUNTING_FRAME_RATE", 500, 0, 1_000_000),
            demo=demo,
        )
        if not settings.database_url.startswith("sqlite:///"):
            raise BadSetting(
                "YUNTING_DATABASE: only SQLite (sqlite:///PATH) is supported so far. 目前只支持 SQLite（sqlite:///路径）。"
            )
        return settings


def _number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = env.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise BadSetting(
            f"{name}: expected a number from {low:g} to {high:g}, got {text!r}. 应为 {low:g} 至 {high:g} 之间的数。"
        )
    return value


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = _number(env, name, default, low, high)
    if value != int(value):
        raise BadSetting(f"{name}: expected a whole number, got {env[name]!r}. 应为整数。")
    return int(value)


def _proxies(text: str) -> tuple[str, ...]:
    proxies = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in proxies:
        try:
            ip_network(each, strict=False)
        except ValueError:
            raise BadSetting(
                f"YUNTING_TRUSTED_PROXIES: expected addresses or networks (10.0.0.0/8), got {each!r}. 应为地址或网段。"
            ) from None
    return proxies


def _public_url(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadSetting(
            f"YUNTING_PUBLIC_URL: expected http(s)://HOST[:PORT], got {text!r}. 应为 http(s)://主机[:端口]。"
        )
    return text.rstrip("/")

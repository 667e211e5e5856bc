"""Settings: the only module that reads the environment. Each setting stands in README and PROTOCOL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class BadSetting(ValueError):
    """A setting that cannot be used; its text is the sentence for the operator (exit status 2)."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """The media room. `socket`: of a media process that is its own unit, empty: the server starts one; `turn_secret`
    never leaves the server, and stands in no text of this object."""

    on: bool = True
    socket: str = ""
    private_candidates: bool = True  # may a peer be reached at private and loopback addresses
    public_address: str = ""  # the address at which peers reach the media process, where it stands behind NAT
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = field(default="", repr=False)
    force_relay: bool = False  # pages send through the relay only


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
    hold_after: float = 15.0  # without a judge, in session, until nobody is heard; 0 = never
    silence: float = 20.0  # without a sign of life from a client until its line counts as dead; 0 = never
    digest_wait: float = 10.0  # how long a freeze waits for the digest of a clerk's or judge's page; 0 = not at all
    demo: bool = field(default=False, compare=False)
    media: MediaSettings = field(default_factory=MediaSettings)
    recording_segment: float = 60.0  # no file of a recording lasts longer
    recording_reserve: int = 1024  # megabytes of the disk that documents alone may use; below it nothing is recorded

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
            hold_after=_number(env, "YUNTING_HOLD_AFTER", 15.0, 0.0, 3600.0),
            silence=_number(env, "YUNTING_SILENCE", 20.0, 0.0, 3600.0),
            digest_wait=_number(env, "YUNTING_DIGEST_WAIT", 10.0, 0.0, 600.0),
            demo=demo,
            media=_media(env),
            recording_segment=_number(env, "YUNTING_RECORDING_SEGMENT", 60.0, 1.0, 60.0),
            recording_reserve=_whole(env, "YUNTING_RECORDING_RESERVE", 1024, 0, 1_000_000_000),
        )
        if not settings.database_url.startswith("sqlite:///"):
            raise BadSetting(
                "YUNTING_DATABASE: only SQLite (sqlite:///PATH) is supported so far. 目前只支持 SQLite（sqlite:///路径）。"
            )
        return settings


def _media(env: Mapping[str, str]) -> MediaSettings:
    where = env.get("YUNTING_MEDIA", "")
    loopback = env.get("YUNTING_HOST", "127.0.0.1") in LOOPBACK
    turn_urls, secret = _turn_urls(env.get("YUNTING_TURN_URLS", "")), env.get("YUNTING_TURN_SECRET", "")
    if any(not url.startswith("stun") for url in turn_urls) and not secret:
        raise BadSetting("YUNTING_TURN_SECRET: needed with YUNTING_TURN_URLS. 设置中继地址时须一并设置密钥。")
    return MediaSettings(
        on=where != "off",
        socket="" if where == "off" else where,
        private_candidates=_yes(env, "YUNTING_MEDIA_PRIVATE_CANDIDATES", default=loopback),
        public_address=_address(env, "YUNTING_MEDIA_PUBLIC_ADDRESS"),
        turn_urls=turn_urls,
        turn_secret=secret,
        force_relay=_yes(env, "YUNTING_FORCE_RELAY", default=False),
    )


def _yes(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    return bool(_whole(env, name, int(default), 0, 1))


def _address(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    try:
        return str(ip_address(text)) if text else ""
    except ValueError:
        raise BadSetting(f"{name}: expected an IP address, got {text!r}. 应为 IP 地址。") from None


def _turn_urls(text: str) -> tuple[str, ...]:
    urls = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in urls:
        scheme, _, rest = each.partition(":")
        if scheme not in ("turn", "turns", "stun", "stuns") or not rest:
            raise BadSetting(
                f"YUNTING_TURN_URLS: expected turn:HOST[:PORT], got {each!r}. 应为 turn:主机[:端口]，以逗号分隔。"
            )
    return urls


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

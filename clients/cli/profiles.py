"""Who is logged in where: `yunting/config.json` in the XDG config directory, mode 0600; never prints a token."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from clients.cli import sentences
from clients.cli.outcomes import Exit, Failure


@dataclass(frozen=True, slots=True)
class Profile:
    """One login: server address (no path), bearer token, whose it is and until when (RFC 3339)."""

    url: str
    token: str
    person: str
    name: str
    expires_at: str


def path(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_CONFIG_HOME", "")
    root = Path(base) if os.path.isabs(base) else Path(environ.get("HOME") or Path.home()) / ".config"
    return root / "yunting" / "config.json"


def load(file: Path) -> dict[str, Profile]:
    if not file.exists():
        return {}
    try:
        stored = json.loads(file.read_text("utf-8"))
        return {name: Profile(**fields) for name, fields in stored["profiles"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(Exit.OTHER, "config_unreadable", sentences.CONFIG_UNREADABLE.fill(path=file)) from error


def save(file: Path, profiles: Mapping[str, Profile]) -> None:
    """Replaces the file in one step; nobody but the owner can read it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"profiles": {name: asdict(one) for name, one in profiles.items()}}, ensure_ascii=False, indent=1)
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, file)


@dataclass(frozen=True, slots=True)
class Login:
    """Where a command goes and as whom."""

    url: str
    token: str


def login(url: str | None, token: str | None, profile: str, environ: Mapping[str, str]) -> Login:
    """Options first, then YUNTING_URL and YUNTING_TOKEN, then the stored profile. Raises Failure (usage)."""
    url, token = url or environ.get("YUNTING_URL"), token or environ.get("YUNTING_TOKEN")
    if url and token:
        return Login(base(url), token)
    stored = load(path(environ)).get(profile)
    if stored is None:
        raise Failure(Exit.USAGE, "not_logged_in", sentences.NOT_LOGGED_IN.fill(profile=profile))
    if url and base(url) != stored.url:  # a token is never sent to another server than the one that gave it
        raise Failure(Exit.USAGE, "other_server", sentences.OTHER_SERVER.fill(url=base(url), stored=stored.url))
    return Login(stored.url, token or stored.token)


def base(url: str) -> str:
    """`http(s)://host[:port]` (a path prefix is kept), without a slash at its end. Raises Failure (usage)."""
    if not url.startswith(("http://", "https://")) or len(url.split("://", 1)[1].strip("/")) == 0:
        raise Failure(Exit.USAGE, "bad_url", sentences.BAD_URL.fill(url=url))
    return url.rstrip("/")

"""`demo.json`: what tools and tests need to enter the demo; written whole or not at all, readable by its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.demo import cast
from server.durable import sync_directory
from server.people.tokens import Session, Sessions
from server.storage.exhibits import Exhibit

FILE = "demo.json"


def entries(
    url: str, sessions: Sessions, logins: Mapping[str, Session], exhibits: Mapping[str, Sequence[Exhibit]]
) -> dict[str, Any]:
    """The file's content; `exhibits` by hearing."""
    people = [_person(part, url, sessions, logins[part.id]) for part in cast.CAST]
    running, to_come = (_hearing(each, people, exhibits[each]) for each in (cast.IN_SESSION, cast.SCHEDULED))
    return {"url": url, **running, "scheduled": to_come}


def login_link(url: str, secret: str) -> str:
    """The secret stands in the fragment, which no browser sends and no server logs."""
    return f"{url}/login#{secret}"


def write(directory: Path, content: Mapping[str, Any]) -> None:
    """Replaces the file in one step (mode 0600 from its first byte on)."""
    draft = directory / f".{FILE}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(directory / FILE)
    sync_directory(directory)


def _person(part: cast.Part, url: str, sessions: Sessions, login: Session) -> dict[str, str]:
    return {
        "role": part.role,
        "id": part.id,
        "name": part.name,
        "token": sessions.token(login),
        "link": login_link(url, sessions.link_secret(login)),
    }


def _hearing(hearing: str, people: list[dict[str, str]], exhibits: Sequence[Exhibit]) -> dict[str, Any]:
    return {
        "hearing": hearing,
        "people": people,
        "documents": {
            "transcript": f"{hearing}/transcript",
            "annotations": [f"{hearing}/annotations/{exhibit.id}" for exhibit in exhibits],
        },
        "exhibits": [
            {"id": each.id, "title": each.title, "pages": each.pages, "sha256": each.sha256} for each in exhibits
        ],
    }

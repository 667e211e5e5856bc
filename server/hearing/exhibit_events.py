"""What has happened to the exhibits: past participles, as values and as the log's payloads; says nothing about what may
happen.

Files and texts lie beside the log; it names each original by its SHA-256 and says what was called how, where, when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExhibitOffered:
    """Handed in by the entry's actor; `sha256` and `bytes` of the original. `number`: its place in the list."""

    exhibit: str
    number: int
    title: str
    sha256: str
    bytes: int
    purpose: str = ""
    offered_by: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ExhibitRefused:
    """The server's check did not take it; it gives its number up, and those behind it move up."""

    exhibit: str
    code: str


@dataclass(frozen=True, slots=True)
class ExhibitDescribed:
    """`changed`: title, purpose, number - those that are others now; a number moves the others along."""

    exhibit: str
    changed: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class ExhibitWithdrawn:
    """It keeps its number, its file and its marks, and is marked no more."""

    exhibit: str
    reason: str


ExhibitFact = ExhibitOffered | ExhibitRefused | ExhibitDescribed | ExhibitWithdrawn

WRITERS: Mapping[type[ExhibitFact], Callable[[Any], Payload]] = {
    ExhibitOffered: lambda f: {
        "exhibit": f.exhibit,
        "number": f.number,
        "title": f.title,
        "sha256": f.sha256,
        "bytes": f.bytes,
        "purpose": f.purpose,
        "offered_by": f.offered_by,
        "name": f.name,
    },
    ExhibitRefused: lambda f: {"exhibit": f.exhibit, "code": f.code},
    ExhibitDescribed: lambda f: {"exhibit": f.exhibit, "changed": dict(f.changed)},
    ExhibitWithdrawn: lambda f: {"exhibit": f.exhibit, "reason": f.reason},
}

READERS: Mapping[str, Callable[[Mapping[str, Any]], ExhibitFact]] = {
    "ExhibitOffered": lambda p: ExhibitOffered(
        *(p[name] for name in ("exhibit", "number", "title", "sha256", "bytes")),
        *(p.get(name, "") for name in ("purpose", "offered_by", "name")),
    ),
    "ExhibitRefused": lambda p: ExhibitRefused(p["exhibit"], p["code"]),
    "ExhibitDescribed": lambda p: ExhibitDescribed(p["exhibit"], dict(p["changed"])),
    "ExhibitWithdrawn": lambda p: ExhibitWithdrawn(p["exhibit"], p["reason"]),
}

"""What people order a hearing to do: values and their JSON form; whether an order is allowed stands in guards.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from server.hearing import times
from server.hearing.state import RecessKind

LONGEST_REASON = 500  # characters: a reason is a sentence of the transcript, not a document
_PERSON = re.compile("[0-9A-Za-z_-]{1,64}")
# Nobody may edit the court's own lines, so nothing gets into one that would keep the transcript from being frozen
# for signing.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class BadCommand(ValueError):
    """The request is no command; the text says in English what was expected."""

    code = "invalid_command"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """开庭"""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recess:
    """休庭. `until`: `HH:MM` or RFC 3339, empty when not announced."""

    kind: RecessKind = RecessKind.PLANNED
    reason: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """复庭"""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """闭庭"""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Isolate:
    """隔离. A clerk states the judge's order as the reason."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """解除隔离. A clerk states the judge's order as the reason."""

    person: str
    reason: str = ""


Command = OpenSession | Recess | Resume | Close | Isolate | Release


@dataclass(frozen=True, slots=True)
class _Form:
    """How one command is written: which fields besides `reason` it knows, and what makes it."""

    make: Callable[[Mapping[str, str]], Command]
    fields: frozenset[str] = field(default_factory=lambda: frozenset[str]())


NAMES: Mapping[str, type[Command]] = {
    "open": OpenSession,
    "recess": Recess,
    "resume": Resume,
    "close": Close,
    "isolate": Isolate,
    "release": Release,
}

_FORMS: Mapping[str, _Form] = {
    "open": _Form(lambda given: OpenSession(_reason(given))),
    "recess": _Form(lambda given: Recess(_kind(given), _reason(given), _until(given)), frozenset({"kind", "until"})),
    "resume": _Form(lambda given: Resume(_reason(given))),
    "close": _Form(lambda given: Close(_reason(given))),
    "isolate": _Form(lambda given: Isolate(_person(given), _reason(given)), frozenset({"person"})),
    "release": _Form(lambda given: Release(_person(given), _reason(given)), frozenset({"person"})),
}


def name_of(command: Command | type[Command]) -> str:
    """The word used for it on the wires."""
    kind = command if isinstance(command, type) else type(command)
    return next(name for name, each in NAMES.items() if each is kind)


def parse(request: object) -> Command:
    """From {"command": "open|recess|resume|close|isolate|release", "person"?, "reason"?, "until"?, "kind"?}, all
    strings.

    null and "" count as absent. Raises BadCommand.
    """
    given = _strings(request)
    name = given.pop("command", "")
    form = _FORMS.get(name)
    if form is None:
        raise BadCommand(f"command: expected one of {', '.join(_FORMS)}, got {name!r}")
    for key in given:
        if key != "reason" and key not in form.fields:
            raise BadCommand(f"{key}: not a field of {name}")
    return form.make(given)


def _strings(request: object) -> dict[str, str]:
    if not isinstance(request, dict):
        raise BadCommand("expected an object")
    given: dict[str, str] = {}
    for key, value in cast("dict[object, object]", request).items():
        if value is None or value == "":
            continue
        if not isinstance(key, str) or not isinstance(value, str):
            raise BadCommand(f"{key!r}: expected a string")
        given[key] = value
    return given


def _person(given: Mapping[str, str]) -> str:
    person = given.get("person", "")
    if not _PERSON.fullmatch(person):
        raise BadCommand(f"person: expected a person's id, got {person!r}")
    return person


def _reason(given: Mapping[str, str]) -> str:
    reason = given.get("reason", "").strip()
    if len(reason) > LONGEST_REASON:
        raise BadCommand(f"reason: longer than {LONGEST_REASON} characters")
    for character in reason:
        if character == "\ufffd" or unicodedata.category(character) in _UNPRINTABLE:
            raise BadCommand(f"reason: U+{ord(character):04X} cannot stand in the transcript")
    return reason


def _until(given: Mapping[str, str]) -> str:
    until = given.get("until", "").strip()
    if until and not times.is_announced_time(until):
        raise BadCommand(f"until: expected HH:MM or an RFC 3339 time, got {until!r}")
    return until


def _kind(given: Mapping[str, str]) -> RecessKind:
    kind = given.get("kind", RecessKind.PLANNED.value)
    if kind not in {each.value for each in RecessKind}:
        raise BadCommand(f"kind: expected one of {', '.join(RecessKind)}, got {kind!r}")
    return RecessKind(kind)

"""What people order a hearing to do: values and their JSON form; whether an order is allowed stands in guards.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from server.hearing import times
from server.hearing.court_commands import OF_PERSON, OF_PERSON_OR_NONE, REASON_ONLY, CourtCommand, Line
from server.hearing.signing_state import RefusalCode
from server.hearing.state import RecessKind

LONGEST_REASON = 500  # characters: a reason is a sentence of the transcript, not a document
_PERSON = re.compile("[0-9A-Za-z_-]{1,64}")
_LONGEST_TURN = 64  # characters of a turn's id
_NUMBER = re.compile("[1-9][0-9]{0,15}")
_DECISIONS = {"granted": True, "denied": False}
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


@dataclass(frozen=True, slots=True)
class StartSigning:
    """发起签名"""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """补正: the transcript is written on, as the next version."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestCorrection:
    """申请补正. `turn`: id of the turn meant, empty for the whole."""

    reason: str = ""
    turn: str = ""


@dataclass(frozen=True, slots=True)
class DecideCorrection:
    """准予补正 / 不予补正. `of`: the request's entry."""

    of: int = 0
    granted: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Object:
    """提出异议"""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordRefusal:
    """记明拒签. `code`: the reason chosen; `reason`: in words."""

    person: str = ""
    code: RefusalCode = RefusalCode.NO_REASON
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmRefusal:
    """确认拒签"""

    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarkUnreachable:
    """记明无法联系"""

    person: str = ""
    reason: str = ""


SittingCommand = OpenSession | Recess | Resume | Close | Isolate | Release
SigningCommand = (
    StartSigning
    | Reopen
    | RequestCorrection
    | DecideCorrection
    | Object
    | RecordRefusal
    | ConfirmRefusal
    | MarkUnreachable
)
Command = SittingCommand | CourtCommand | SigningCommand


@dataclass(frozen=True, slots=True)
class _Form:
    """How one command is written: which fields besides `reason` it knows, and what makes it; `reasoned`: whether it
    takes a reason at all."""

    make: Callable[[Mapping[str, str]], Command]
    fields: frozenset[str] = field(default_factory=lambda: frozenset[str]())
    reasoned: bool = True


NAMES: Mapping[str, type[Command]] = {
    "open": OpenSession,
    "recess": Recess,
    "resume": Resume,
    "close": Close,
    "isolate": Isolate,
    "release": Release,
    **REASON_ONLY,
    **OF_PERSON,
    **OF_PERSON_OR_NONE,
    "line": Line,
    "start_signing": StartSigning,
    "reopen": Reopen,
    "request_correction": RequestCorrection,
    "decide_correction": DecideCorrection,
    "object": Object,
    "record_refusal": RecordRefusal,
    "confirm_refusal": ConfirmRefusal,
    "mark_unreachable": MarkUnreachable,
}


def _plain(kind: type[Any]) -> _Form:
    return _Form(lambda given: kind(_reason(given)))


def _personal(kind: type[Any]) -> _Form:
    return _Form(lambda given: kind(_person(given), _reason(given)), frozenset({"person"}))


def _personal_or_not(kind: type[Any]) -> _Form:
    return _Form(lambda given: kind(_person_or_none(given), _reason(given)), frozenset({"person"}))


_FORMS: Mapping[str, _Form] = {
    "open": _Form(lambda given: OpenSession(_reason(given))),
    "recess": _Form(lambda given: Recess(_kind(given), _reason(given), _until(given)), frozenset({"kind", "until"})),
    "resume": _Form(lambda given: Resume(_reason(given))),
    "close": _Form(lambda given: Close(_reason(given))),
    "isolate": _Form(lambda given: Isolate(_person(given), _reason(given)), frozenset({"person"})),
    "release": _Form(lambda given: Release(_person(given), _reason(given)), frozenset({"person"})),
    **{name: _plain(kind) for name, kind in REASON_ONLY.items()},
    **{name: _personal(kind) for name, kind in OF_PERSON.items()},
    **{name: _personal_or_not(kind) for name, kind in OF_PERSON_OR_NONE.items()},
    "line": _Form(
        lambda given: Line(_person_or_none(given), text=_text(given)), frozenset({"person", "text"}), reasoned=False
    ),
    "start_signing": _Form(lambda given: StartSigning(_reason(given))),
    "reopen": _Form(lambda given: Reopen(_reason(given))),
    "request_correction": _Form(lambda given: RequestCorrection(_reason(given), _turn(given)), frozenset({"turn"})),
    "decide_correction": _Form(
        lambda given: DecideCorrection(_of(given), _decision(given), _reason(given)), frozenset({"of", "decision"})
    ),
    "object": _Form(lambda given: Object(_reason(given))),
    "record_refusal": _Form(
        lambda given: RecordRefusal(_person(given), _code(given), _reason(given)), frozenset({"person", "code"})
    ),
    "confirm_refusal": _Form(lambda given: ConfirmRefusal(_person(given), _reason(given)), frozenset({"person"})),
    "mark_unreachable": _Form(lambda given: MarkUnreachable(_person(given), _reason(given)), frozenset({"person"})),
}


def name_of(command: Command | type[Command]) -> str:
    """The word used for it on the wires."""
    kind = command if isinstance(command, type) else type(command)
    return next(name for name, each in NAMES.items() if each is kind)


def parse(request: object) -> Command:
    """From {"command", "reason"?} and the fields of the command, all strings.

    null and "" count as absent. Raises BadCommand.
    """
    given = _strings(request)
    name = given.pop("command", "")
    form = _FORMS.get(name)
    if form is None:
        raise BadCommand(f"command: expected one of {', '.join(_FORMS)}, got {name!r}")
    for key in given:
        if key not in form.fields and not (key == "reason" and form.reasoned):
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


def _person_or_none(given: Mapping[str, str]) -> str:
    return _person(given) if given.get("person") else ""


def _text(given: Mapping[str, str]) -> str:
    """White space of every kind counts as one space: the line is written in one."""
    return _printable("text", " ".join(given.get("text", "").split()))


def _reason(given: Mapping[str, str]) -> str:
    reason = given.get("reason", "").strip()
    if len(reason) > LONGEST_REASON:
        raise BadCommand(f"reason: longer than {LONGEST_REASON} characters")
    return _printable("reason", reason)


def _printable(name: str, text: str) -> str:
    for character in text:
        if character == "\ufffd" or unicodedata.category(character) in _UNPRINTABLE:
            raise BadCommand(f"{name}: U+{ord(character):04X} cannot stand in the record")
    return text


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


def _turn(given: Mapping[str, str]) -> str:
    turn = given.get("turn", "")
    if len(turn) > _LONGEST_TURN or not turn.isprintable():
        raise BadCommand(f"turn: expected a turn's id of at most {_LONGEST_TURN} characters")
    return turn


def _of(given: Mapping[str, str]) -> int:
    of = given.get("of", "")
    if not _NUMBER.fullmatch(of):
        raise BadCommand(f"of: expected the number of an entry, got {of!r}")
    return int(of)


def _decision(given: Mapping[str, str]) -> bool:
    decision = given.get("decision", "")
    if decision not in _DECISIONS:
        raise BadCommand(f"decision: expected one of {', '.join(_DECISIONS)}, got {decision!r}")
    return _DECISIONS[decision]


def _code(given: Mapping[str, str]) -> RefusalCode:
    code = given.get("code", "")
    if code not in {each.value for each in RefusalCode}:
        raise BadCommand(f"code: expected one of {', '.join(RefusalCode)}, got {code!r}")
    return RefusalCode(code)

"""What a check finds: sentences in both languages, each wrong, lacking or a mere note. Checks nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec

from crdt_docs.document import DocumentBroken

from .state import StateMismatch

Weight = Literal["wrong", "lacking", "note"]
Status = Literal["ok", "failed", "missing"]
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Finding:
    """`wrong`: the bundle contradicts itself or the court's key; `lacking`: this copy does not hold what the check
    needs, though the court said so; `note`: all is well, and this is worth knowing."""

    weight: Weight
    zh: str
    en: str


Findings = Iterator[Finding]


def wrong(zh: str, en: str, **values: object) -> Finding:
    return Finding("wrong", zh.format(**values), en.format(**values))


def lacking(zh: str, en: str, **values: object) -> Finding:
    return Finding("lacking", zh.format(**values), en.format(**values))


def note(zh: str, en: str, **values: object) -> Finding:
    return Finding("note", zh.format(**values), en.format(**values))


class Unavailable(Exception):
    """A file or payload that a check needs is not in the bundle."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


UNREADABLE = (
    ArithmeticError,
    AttributeError,
    DocumentBroken,
    LookupError,
    RecursionError,
    StateMismatch,
    TypeError,
    ValueError,
)


def guarded(about: str, check: Callable[P, Findings], *arguments: P.args, **named: P.kwargs) -> Findings:
    """The findings of a check; what it cannot read is a finding, not the end: a bundle is written by anybody."""
    found = check(*arguments, **named)
    while True:
        try:
            finding = next(found)
        except StopIteration:
            return
        except Unavailable as gap:
            yield gap.finding
            return
        except UNREADABLE as error:
            yield unreadable(about, error)
            return
        yield finding


def unreadable(about: str, error: Exception) -> Finding:
    why: Any = f"{type(error).__name__}: {error}"
    return wrong("{about} 无法读取（{why}）", "{about} cannot be read ({why})", about=about, why=why[:200])


def status(findings: tuple[Finding, ...]) -> Status:
    weights = {finding.weight for finding in findings}
    return "failed" if "wrong" in weights else "missing" if "lacking" in weights else "ok"

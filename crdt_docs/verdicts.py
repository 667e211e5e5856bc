"""What the gate is asked and what it answers: writers, frames, verdicts. Values only."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple

from .updates import Update

COURT = "court"  # the person id of the court's own writer

Code = Literal["malformed", "forbidden", "conflict"]


@dataclass(frozen=True, slots=True)
class Writer:
    person: str
    may_write: bool  # the right at this moment; False: a reader


class Frame(Enum):
    """The y-protocols sync message the bytes came in."""

    UPDATE = 2
    STEP2 = 1


class Stranded(NamedTuple):
    """Words of a person that no living turn shows any more because of the admitted update."""

    turn: str
    person: str
    words: str


class Doubled(NamedTuple):
    """A living turn that needs a new value of `key` from the court: its id is an earlier living turn's too, or an undo
    met another clerk's change and left no id, kind or at. `item`: (client, clock) of the turn; `id`: its last one.
    """

    item: tuple[int, int]
    id: str
    key: str = "id"


class Admitted(NamedTuple):
    """`update` is what is stored, applied and sent on; `parts` the same, decoded far enough for updates.merge.

    A tuple, as one is made for each keystroke.
    """

    update: bytes
    parts: Update
    client: int | None  # of the first struct block; None when there are only deletions
    bound: tuple[int, ...] = ()  # client ids bound to the writer by this frame
    stranded: tuple[Stranded, ...] = ()
    doubled: tuple[Doubled, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The frame adds nothing, perhaps after stripping."""


@dataclass(frozen=True, slots=True)
class Gap:
    """(client, clock) of the first unit that is missing; nothing was changed."""

    missing: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """`code` decides how the peer is answered; `detail` is an English sentence for the log."""

    code: Code
    detail: str


Verdict = Admitted | Known | Gap | Refused


class Refusal(Exception):
    """Raised inside the gate on the first broken rule."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.verdict = Refused(code, detail)


class Missing(Exception):
    """Raised inside the gate when a unit is not known yet."""

    def __init__(self, client: int, clock: int) -> None:
        super().__init__(f"unit {clock} of client {client} is not known")
        self.verdict = Gap((client, clock))


def forbidden(detail: str) -> Refusal:
    return Refusal("forbidden", detail)


def malformed(detail: str) -> Refusal:
    return Refusal("malformed", detail)

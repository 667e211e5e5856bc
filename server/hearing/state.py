"""What a hearing is at one moment: frozen values of the court's nouns; decides nothing.

Four regions stand apart (hearing, participants, transcript, and the recording to come); all are rebuilt from the
roster and the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from server.hearing.signing_state import Signing, TranscriptPhase

LINES_A_MINUTE = 10  # of one writer on the line to the clerks: a person in need writes, a script does not fill the log
COURT = "court"  # the court's own writer: author of procedure lines and of entries that nobody commanded


class Phase(StrEnum):
    """The hearing's region. CLOSED is final; people let in stay in the signing room."""

    SCHEDULED = "SCHEDULED"
    PREPARING = "PREPARING"
    IN_SESSION = "IN_SESSION"
    RECESS = "RECESS"
    CLOSED = "CLOSED"


class ParticipantState(StrEnum):
    """A person's region, whatever device they use."""

    INVITED = "INVITED"
    WAITING = "WAITING"
    IN_COURT = "IN_COURT"
    ISOLATED = "ISOLATED"
    RELEASED = "RELEASED"  # allowed to leave by the judge; not the end of an isolation
    REMOVED = "REMOVED"


class RecessKind(StrEnum):
    """Why the court does not sit: planned, technical failure, deliberation of the bench, mediation."""

    PLANNED = "planned"
    TECHNICAL = "technical"
    BENCH = "bench"
    MEDIATION = "mediation"


class Role(StrEnum):
    """A person's place in the hearing. A sole judge is a `judge` in a hearing with the option `bench: sole`."""

    PRESIDING_JUDGE = "presiding_judge"
    JUDGE = "judge"
    ASSESSOR = "assessor"
    JUDGE_ASSISTANT = "judge_assistant"
    CLERK = "clerk"
    PLAINTIFF = "plaintiff"
    DEFENDANT = "defendant"
    APPELLANT = "appellant"
    APPELLEE = "appellee"
    THIRD_PARTY = "third_party"
    AGENT = "agent"
    WITNESS = "witness"
    EXPERT = "expert"
    INTERPRETER = "interpreter"
    HELPER = "helper"
    OBSERVER = "observer"


BENCH = frozenset({Role.PRESIDING_JUDGE, Role.JUDGE, Role.ASSESSOR})
JUDGES = frozenset({Role.PRESIDING_JUDGE, Role.JUDGE})
STAFF = BENCH | {Role.JUDGE_ASSISTANT, Role.CLERK}
PARTIES = frozenset({Role.PLAINTIFF, Role.DEFENDANT, Role.APPELLANT, Role.APPELLEE, Role.THIRD_PARTY})
LET_IN = PARTIES | {Role.AGENT, Role.INTERPRETER}  # whom opening the session puts into the courtroom
SIGNER_ROLES = BENCH | LET_IN | {Role.CLERK}  # who signs the whole transcript (民诉法 150)
PART_SIGNER_ROLES = frozenset({Role.WITNESS, Role.EXPERT})  # who signs what they said, when they spoke
GONE = frozenset({ParticipantState.RELEASED, ParticipantState.REMOVED})
OPENED = frozenset({Phase.IN_SESSION, Phase.RECESS, Phase.CLOSED})  # from 开庭 on

ROLE_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.PRESIDING_JUDGE: "审判长",
        Role.JUDGE: "审判员",
        Role.ASSESSOR: "人民陪审员",
        Role.JUDGE_ASSISTANT: "法官助理",
        Role.CLERK: "书记员",
        Role.PLAINTIFF: "原告",
        Role.DEFENDANT: "被告",
        Role.APPELLANT: "上诉人",
        Role.APPELLEE: "被上诉人",
        Role.THIRD_PARTY: "第三人",
        Role.AGENT: "诉讼代理人",
        Role.WITNESS: "证人",
        Role.EXPERT: "鉴定人",
        Role.INTERPRETER: "翻译人员",
        Role.HELPER: "辅助人员",
        Role.OBSERVER: "旁听人员",
    }
)


@dataclass(frozen=True, slots=True)
class Participant:
    """One person of the hearing. `back_to`: where an isolated person returns to; `represents`: person id of an
    agent's party; `muted`: not heard by the court's order; `hand`: entry by which they raised their hand, 0: down;
    `lines`: when they last wrote on a private line (milliseconds since 1970, the latest LINES_A_MINUTE)."""

    person: str
    name: str
    role: Role
    label: str = ""
    represents: str = ""
    state: ParticipantState = ParticipantState.WAITING
    back_to: ParticipantState | None = None
    muted: bool = False
    hand: int = 0
    lines: tuple[int, ...] = ()

    @property
    def barred(self) -> bool:
        """Isolated, released or removed: has no right to anything at this moment."""
        return self.state is ParticipantState.ISOLATED or self.state in GONE

    @property
    def title(self) -> str:
        """Role and name as the transcript prints them, e.g. 审判员顾明远."""
        return ROLE_WORDS[self.role] + self.name


@dataclass(frozen=True, slots=True)
class Options:
    """What the court has set for this hearing. `sole`: one judge sits alone; `observers_read`: observers may read
    the transcript."""

    sole: bool = False
    observers_read: bool = False

    @staticmethod
    def from_record(options: Mapping[str, object]) -> Options:
        """From the stored JSON object {"bench": "sole" | "panel", "observers_read": bool}; absent means the closed
        default."""
        return Options(options.get("bench") == "sole", options.get("observers_read") is True)


@dataclass(frozen=True, slots=True)
class RecessTerms:
    """Kind, reason and the announced end (RFC 3339) of a recess."""

    kind: RecessKind = RecessKind.PLANNED
    reason: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Of an exhibit: by whom, when (milliseconds since 1970), why."""

    person: str
    at_ms: int
    reason: str


def _people() -> Mapping[str, str]:
    return {}


def _withdrawals() -> Mapping[str, Withdrawal]:
    return {}


@dataclass(frozen=True, slots=True)
class HearingState:
    """The hearing after the log's entry `seq` (0: nothing has happened yet). `latest_ms`: the latest clock reading
    in the log so far.

    Persons by id, empty for nobody: `announcing` who is heard in every waiting room, `floor` whose turn it is to speak,
    `spotlight` who is shown large. `hold_ms`: since when no judge is connected (milliseconds since 1970, 0: no hold);
    `consulting`: parties who are with their agents. The gallery is open until a judge closes it (民诉法 137).
    Of the exhibits, by id: `handed_in` by whom, as far as the log says it, and which are `withdrawn`."""

    id: str
    options: Options
    participants: Mapping[str, Participant]
    phase: Phase = Phase.SCHEDULED
    recess: RecessTerms | None = None
    signing: Signing = field(default_factory=Signing)
    seq: int = 0
    latest_ms: int = 0
    announcing: str = ""
    floor: str = ""
    spotlight: str = ""
    gallery_open: bool = True
    hold_ms: int = 0
    consulting: frozenset[str] = frozenset()
    handed_in: Mapping[str, str] = field(default_factory=_people)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=_withdrawals)

    @property
    def recording(self) -> bool:
        """录音录像: from opening to closing, but for the recesses (录音录像规定 3)."""
        return self.phase is Phase.IN_SESSION

    @property
    def transcript(self) -> TranscriptPhase:
        """The stage of the transcript's region."""
        return self.signing.stage

    def participant(self, person: str) -> Participant | None:
        return self.participants.get(person)

    def of_role(self, roles: frozenset[Role]) -> tuple[Participant, ...]:
        """Everybody of these roles in roster order, barred or not."""
        return tuple(each for each in self.participants.values() if each.role in roles)

    def with_participants(self, changed: Iterable[Participant]) -> HearingState:
        """The same hearing with these people's entries replaced."""
        merged = {**self.participants, **{each.person: each for each in changed}}
        return replace(self, participants=MappingProxyType(merged))

    def presides(self, person: str) -> bool:
        """Whether the person is the presiding judge, or the judge who sits alone."""
        participant = self.participants.get(person)
        if participant is None:
            return False
        return participant.role is Role.PRESIDING_JUDGE or self.sits_alone(participant)

    def sits_alone(self, participant: Participant) -> bool:
        """A sole judge by the hearing's option, or the only bench member there is."""
        if participant.role is not Role.JUDGE:
            return False
        return self.options.sole or len(self.of_role(BENCH)) == 1


def scheduled(hearing: str, options: Options, people: Iterable[Participant]) -> HearingState:
    """A hearing about which the log says nothing yet: court staff have their places, everybody else waits."""
    seated = (
        replace(each, state=ParticipantState.IN_COURT if each.role in STAFF else ParticipantState.WAITING, back_to=None)
        for each in people
    )
    return HearingState(hearing, options, MappingProxyType({each.person: each for each in seated}))

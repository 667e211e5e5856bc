"""The line a command writes into the transcript, in the style of Chinese courts; owns wording, writes nothing.

Ids are `c<seq>` and the origin names the log's entry, so a line is written exactly once however often it is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crdt_docs.transcript import Turn
from server.hearing import times
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.events import (
    Event,
    Fact,
    Isolated,
    Released,
    SessionClosed,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from server.hearing.grounds import ground
from server.hearing.state import LET_IN, STAFF, HearingState, ParticipantState, RecessKind, Role

_RECESSES: Mapping[RecessKind, str] = {
    RecessKind.PLANNED: "休庭",
    RecessKind.TECHNICAL: "休庭（因技术原因）",
    RecessKind.BENCH: "休庭（合议庭评议）",
    RecessKind.MEDIATION: "休庭（进行调解）",
}
_NOTABLE_MS = 1_000  # a clock set back by less does not show in a time given in minutes


def line(after: HearingState, event: Event) -> Turn | None:
    """The line of an event; None for entries that are no command. `after`: the hearing with the event applied."""
    sentence = _SENTENCES.get(type(event.fact))
    if sentence is None:
        return None
    text = f"{times.words(event.at_ms)}，{sentence(after, event, event.fact)}{_clock_note(event)}"
    return Turn(
        id=f"c{event.seq}",
        kind="procedure",
        speaker=event.actor,
        role="",  # the sentence itself names who acted
        at=times.court(event.at_ms),
        origin=f"control:{event.seq}",
        text=text,
    )


def _opened(after: HearingState, event: Event, fact: SessionOpened) -> str:
    expected = (each for each in after.of_role(STAFF | LET_IN) if not each.barred)
    present = [each.person for each in expected if each.person not in fact.missing]
    attendance = _listed("到庭：", after, present) + _listed("未连线：", after, fact.missing)
    return f"{_title(after, event.actor)}宣布开庭。{attendance}{_tail(OpenSession, '事由', fact.reason)}"


def _recessed(after: HearingState, event: Event, fact: SessionRecessed) -> str:
    until = f"预计{times.words(times.milliseconds(fact.until))}复庭。" if fact.until else ""
    return f"{_title(after, event.actor)}宣布{_RECESSES[fact.kind]}。{until}{_tail(Recess, '事由', fact.reason)}"


def _resumed(after: HearingState, event: Event, fact: SessionResumed) -> str:
    attendance = _listed("未连线：", after, fact.missing) or "应到人员均已连线。"
    return f"{_title(after, event.actor)}宣布复庭。{attendance}{_tail(Resume, '事由', fact.reason)}"


def _closed(after: HearingState, event: Event, fact: SessionClosed) -> str:
    return f"{_title(after, event.actor)}宣布闭庭。{_tail(Close, '事由', fact.reason)}"


def _isolated(after: HearingState, event: Event, fact: Isolated) -> str:
    target = _title(after, fact.person)
    effect = "隔离期间庭审音视频、笔录及批注对其关闭。"
    tail = _tail(Isolate, _reason_word(after, event), fact.reason, after.participants[fact.person].role)
    return f"{_deciding(after, event)}将{target}转入隔离，{effect}{tail}"


def _released(after: HearingState, event: Event, fact: Released) -> str:
    place = "返回法庭" if fact.to is ParticipantState.IN_COURT else "返回候审室"
    tail = _tail(Release, _reason_word(after, event), fact.reason, after.participants[fact.person].role)
    return f"{_deciding(after, event)}解除对{_title(after, fact.person)}的隔离，其{place}。{tail}"


_SENTENCES: Mapping[type[Fact], Callable[[HearingState, Event, Any], str]] = {
    SessionOpened: _opened,
    SessionRecessed: _recessed,
    SessionResumed: _resumed,
    SessionClosed: _closed,
    Isolated: _isolated,
    Released: _released,
}


def _title(state: HearingState, person: str) -> str:
    return state.participants[person].title


def _by_clerk(state: HearingState, event: Event) -> bool:
    return state.participants[event.actor].role is Role.CLERK


def _deciding(state: HearingState, event: Event) -> str:
    words = "按照审判人员指令" if _by_clerk(state, event) else "决定"
    return _title(state, event.actor) + words


def _reason_word(state: HearingState, event: Event) -> str:
    return "指令" if _by_clerk(state, event) else "事由"


def _listed(heading: str, state: HearingState, people: Iterable[str]) -> str:
    names = "、".join(_title(state, person) for person in people)
    return f"{heading}{names}。" if names else ""


def _tail(command: type[Command], word: str, reason: str, target: Role | None = None) -> str:
    """The reason as given, then the ground."""
    said = f"{word}：{reason.rstrip('。')}。" if reason else ""
    return f"{said}（依据{ground(command, target).zh}）"


def _clock_note(event: Event) -> str:
    if event.behind_ms < _NOTABLE_MS:
        return ""
    return f"（服务器时钟较此前记录回拨{event.behind_ms // 1_000}秒，先后以编号{event.seq}为准）"

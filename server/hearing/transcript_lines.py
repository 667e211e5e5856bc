"""The line a command writes into the transcript, in the style of Chinese courts; owns wording, writes nothing.

Ids are `c<seq>` and the origin names the log's entry, so a line is written exactly once however often it is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crdt_docs.transcript import Turn
from server.hearing import times
from server.hearing.commands import (
    Close,
    Isolate,
    OpenSession,
    Recess,
    Release,
    Reopen,
    Resume,
    StartSigning,
)
from server.hearing.court_lines import SENTENCES as COURT_SENTENCES
from server.hearing.court_orders import AT_RECESS
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
from server.hearing.signing_events import Reopened, SigningStarted
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import LET_IN, STAFF, HearingState, ParticipantState, RecessKind
from server.hearing.wording import deciding, listed, reason_word, tail, title

_RECESSES: Mapping[RecessKind, str] = {
    RecessKind.PLANNED: "休庭",
    RecessKind.TECHNICAL: "休庭（因技术原因）",
    RecessKind.BENCH: "休庭（合议庭评议）",
    RecessKind.MEDIATION: "休庭（进行调解）",
}
_NOTABLE_MS = 1_000  # a clock set back by less does not show in a time given in minutes


def line(after: HearingState, event: Event) -> Turn | None:
    """The line of an event; None for entries that write none: no command, or the transcript is no draft any more (what
    starts the signing is the last line of its version). `after`: the hearing with the event applied.
    """
    sentence = _SENTENCES.get(type(event.fact))
    written = after.transcript is TranscriptPhase.DRAFT or isinstance(event.fact, SigningStarted)
    if sentence is None or not written:
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
    attendance = listed("到庭：", after, present) + listed("未连线：", after, fact.missing)
    return f"{title(after, event.actor)}宣布开庭。{attendance}{tail(OpenSession, '事由', fact.reason)}"


def _recessed(after: HearingState, event: Event, fact: SessionRecessed) -> str:
    until = f"预计{times.words(times.milliseconds(fact.until))}复庭。" if fact.until else ""
    return f"{title(after, event.actor)}宣布{_RECESSES[fact.kind]}。{until}{tail(Recess, '事由', fact.reason)}"


def _resumed(after: HearingState, event: Event, fact: SessionResumed) -> str:
    attendance = listed("未连线：", after, fact.missing) or "应到人员均已连线。"
    return f"{title(after, event.actor)}宣布复庭。{attendance}{tail(Resume, '事由', fact.reason)}"


def _closed(after: HearingState, event: Event, fact: SessionClosed) -> str:
    return f"{title(after, event.actor)}宣布闭庭。{tail(Close, '事由', fact.reason)}"


def _isolated(after: HearingState, event: Event, fact: Isolated) -> str:
    target = title(after, fact.person)
    effect = "隔离期间庭审音视频、笔录及批注对其关闭。"
    grounds = tail(Isolate, reason_word(after, event), fact.reason, after.participants[fact.person].role)
    if fact.reason == AT_RECESS:
        return f"{target}随休庭转入隔离，{effect}{grounds}"
    return f"{deciding(after, event)}将{target}转入隔离，{effect}{grounds}"


def _released(after: HearingState, event: Event, fact: Released) -> str:
    place = "返回法庭" if fact.to is ParticipantState.IN_COURT else "返回候审室"
    grounds = tail(Release, reason_word(after, event), fact.reason, after.participants[fact.person].role)
    return f"{deciding(after, event)}解除对{title(after, fact.person)}的隔离，其{place}。{grounds}"


def _signing_started(after: HearingState, event: Event, fact: SigningStarted) -> str:
    which = "笔录" if fact.v == 1 else f"补正后的笔录（第{fact.v}版）"
    order = f"宣布将{which}交当事人和其他诉讼参与人核对、签名。"
    return f"{title(after, event.actor)}{order}{tail(StartSigning, '事由', fact.reason)}"


def _reopened(after: HearingState, event: Event, fact: Reopened) -> str:
    order = f"决定补正笔录，恢复记录。第{fact.v - 1}版笔录及其签名予以保留。"
    return f"{title(after, event.actor)}{order}{tail(Reopen, '事由', fact.reason)}"


_SENTENCES: Mapping[type[Fact], Callable[[HearingState, Event, Any], str]] = {
    SessionOpened: _opened,
    SessionRecessed: _recessed,
    SessionResumed: _resumed,
    SessionClosed: _closed,
    **COURT_SENTENCES,
    Isolated: _isolated,
    Released: _released,
    SigningStarted: _signing_started,
    Reopened: _reopened,
}


def _clock_note(event: Event) -> str:
    if event.behind_ms < _NOTABLE_MS:
        return ""
    return f"（服务器时钟较此前记录回拨{event.behind_ms // 1_000}秒，先后以编号{event.seq}为准）"

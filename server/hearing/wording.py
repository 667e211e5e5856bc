"""The turns of phrase that the transcript's procedure lines share; writes no line."""

from __future__ import annotations

from collections.abc import Iterable

from server.hearing.commands import Command
from server.hearing.events import Event
from server.hearing.grounds import ground
from server.hearing.state import HearingState, Role


def title(state: HearingState, person: str) -> str:
    """Role and name as the transcript prints them."""
    return state.participants[person].title


def by_clerk(state: HearingState, event: Event) -> bool:
    """Whether a clerk gave the order, so on a judge's behalf."""
    return state.participants[event.actor].role is Role.CLERK


def deciding(state: HearingState, event: Event) -> str:
    """Who decided, with the verb."""
    words = "按照审判人员指令" if by_clerk(state, event) else "决定"
    return title(state, event.actor) + words


def reason_word(state: HearingState, event: Event) -> str:
    """What the reason is called: a clerk's is the order they were given."""
    return "指令" if by_clerk(state, event) else "事由"


def listed(heading: str, state: HearingState, people: Iterable[str]) -> str:
    """The heading and the people; empty for nobody."""
    names = "、".join(title(state, person) for person in people)
    return f"{heading}{names}。" if names else ""


def tail(command: type[Command], word: str, reason: str, target: Role | None = None) -> str:
    """The reason as given, then the ground."""
    said = f"{word}：{reason.rstrip('。')}。" if reason else ""
    return f"{said}（依据{ground(command, target).zh}）"

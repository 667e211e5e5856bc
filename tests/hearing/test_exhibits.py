"""Exhibits in the log: who is told of them, and what a withdrawal takes away."""

from __future__ import annotations

import pytest

from server.hearing import documents
from server.hearing.commands import Close, OpenSession
from server.hearing.events import Event
from server.hearing.exhibit_events import ExhibitFact, ExhibitOffered, ExhibitWithdrawn
from server.hearing.permissions import Access, document_access
from server.hearing.reduce import apply, numbered
from server.hearing.sight import may_see_event
from server.hearing.state import STAFF, HearingState, Options, Withdrawal
from tests.hearing.exhibit_payloads import EXHIBITS
from tests.hearing.scenes import NOW, done, opened, sole

MARKS, OTHER_MARKS = documents.annotations("h-1", "e1"), documents.annotations("h-1", "e2")
STAFF_HERE = {each.person for each in sole().of_role(STAFF)}
READERS = STAFF_HERE | {"p-plaintiff", "p-defendant", "p-agent", "p-interpreter", "p-observer"}
FACTS = [fact for fact, _ in EXHIBITS]
OFFERED = ExhibitOffered("e1", 1, "借条", "ab" * 32, 7)
WITHDRAWN = ExhibitWithdrawn("e1", "重复提交")


def after(state: HearingState, actor: str, fact: ExhibitFact) -> tuple[HearingState, Event]:
    (event,) = numbered(state, NOW, actor, (fact,))
    return apply(state, event), event


def told(state: HearingState, actor: str, fact: ExhibitFact) -> set[str]:
    state, event = after(state, actor, fact)
    return {person for person in state.participants if may_see_event(state, person, event)}


@pytest.mark.parametrize("fact", FACTS)
def test_whoever_may_see_exhibits_is_told_of_them_and_nobody_else(fact: ExhibitFact) -> None:
    assert told(opened(), "p-clerk", fact) == READERS
    assert told(sole(), "p-clerk", fact) == STAFF_HERE


@pytest.mark.parametrize("fact", FACTS)
def test_observers_are_told_when_the_court_lets_them_read(fact: ExhibitFact) -> None:
    closed, _ = done(sole(options=Options(True, False)), "p-judge", OpenSession())
    assert told(closed, "p-clerk", fact) == READERS - {"p-observer"}


def test_who_handed_one_in_before_the_opening_is_told_what_becomes_of_it() -> None:
    assert told(sole(), "p-plaintiff", OFFERED) == STAFF_HERE | {"p-plaintiff"}
    state, _ = after(sole(), "p-plaintiff", OFFERED)
    for fact in FACTS:
        if not isinstance(fact, ExhibitOffered):
            assert told(state, "p-clerk", fact) == STAFF_HERE | {"p-plaintiff"}


def test_a_withdrawn_exhibit_is_marked_no_more_and_read_as_before() -> None:
    before, _ = after(opened(), "p-plaintiff", OFFERED)
    state, _ = after(before, "p-clerk", WITHDRAWN)
    for person in state.participants:
        was, now = document_access(before, person, MARKS), document_access(state, person, MARKS)
        assert now == (Access(True, False, "exhibit_withdrawn") if was.write else was)
        assert document_access(state, person, OTHER_MARKS) == document_access(before, person, OTHER_MARKS)
        own = documents.notes("h-1", person, "e1")
        assert document_access(state, person, own) == document_access(before, person, own)


def test_a_withdrawal_says_by_whom_when_and_why() -> None:
    state, _ = after(opened(), "p-clerk", WITHDRAWN)
    assert state.withdrawn == {"e1": Withdrawal("p-clerk", NOW, "重复提交")}


def test_after_closing_the_phase_is_the_reason_told() -> None:
    state, _ = after(opened(), "p-clerk", WITHDRAWN)
    closed, _ = done(state, "p-judge", Close())
    assert document_access(closed, "p-plaintiff", MARKS) == Access(True, False, "wrong_phase")

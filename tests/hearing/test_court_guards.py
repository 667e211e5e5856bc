"""Each guard of the court's orders refuses, and one change of circumstances is accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import pytest

from server.hearing import guards, reduce
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess
from server.hearing.court_commands import (
    Announce,
    CloseGallery,
    Consult,
    CourtCommand,
    Dismiss,
    EndAnnouncement,
    EndConsult,
    Floor,
    Line,
    LockAll,
    LowerHand,
    MarkIncident,
    Mute,
    OpenGallery,
    OpenWaiting,
    RaiseHand,
    Remove,
    Spotlight,
    Summon,
    Unmute,
)
from server.hearing.court_events import HoldStarted, Removed
from server.hearing.court_guards import HOLD_MS, LONGEST_LINE, MINUTE_MS, ROWS
from server.hearing.guards import Situation
from server.hearing.reasons import REASONS, Refusal
from server.hearing.state import LINES_A_MINUTE, HearingState, ParticipantState, Phase, RecessKind
from tests.hearing.scenes import BENCH, NOW, SOLE, bench, everybody, sole
from tests.hearing.test_media_routes import given

SCHEDULED = sole()
PREPARING = given(SCHEDULED, ("p-clerk", OpenWaiting()))
ANNOUNCING = given(PREPARING, ("p-clerk", Announce()))
SESSION = given(SCHEDULED, ("p-judge", OpenSession()))
TWO_WITNESSES = SESSION.with_participants(
    [replace(SESSION.participants["p-helper"], role=SESSION.participants["p-witness"].role)]
)
WITNESS = given(TWO_WITNESSES, ("p-judge", Summon("p-witness")))
HAND = given(SESSION, ("p-plaintiff", RaiseHand()))
GALLERY_CLOSED = given(SESSION, ("p-judge", CloseGallery()))
RECESS = given(SESSION, ("p-judge", Recess()))
CONSULTING = given(RECESS, ("p-agent", Consult()))
CLOSED = given(SESSION, ("p-judge", Close()))
AGENT_OUT = given(RECESS, ("p-judge", Isolate("p-agent")))
PARTY_OUT = given(RECESS, ("p-judge", Isolate("p-plaintiff")))
HEARD = given(SESSION, ("p-judge", Unmute("p-plaintiff")))
FLOOR = given(SESSION, ("p-judge", Floor("p-plaintiff")))
SPOTLIT = given(SESSION, ("p-judge", Spotlight("p-plaintiff")))
BENCH_SESSION = given(bench(), ("p-presiding", OpenSession()))


ISOLATED = given(SESSION, ("p-judge", Isolate("p-defendant")))
WORDS = Line(text="我不舒服")
TO_DEFENDANT = Line("p-defendant", text="马上联系您")
OFTEN = given(ISOLATED, *((("p-defendant", WORDS),) * LINES_A_MINUTE))
CLERK_OFTEN = given(ISOLATED, *((("p-clerk", TO_DEFENDANT),) * LINES_A_MINUTE))


def _held(since: int) -> HearingState:
    (event,) = reduce.numbered(BENCH_SESSION, NOW, "court", (HoldStarted(since),))
    return reduce.apply(BENCH_SESSION, event)


TECHNICAL = Recess(RecessKind.TECHNICAL)


@dataclass(frozen=True, slots=True)
class Try:
    state: HearingState
    actor: str
    command: Command

    def outcome(self) -> str:
        situation = Situation(everybody(self.state), NOW)
        decided = reduce.decide(self.state, self.actor, self.command, situation)
        return decided.code if isinstance(decided, Refusal) else ""


PAIRS: list[tuple[str, Try, Try]] = [
    ("not_in_court", Try(SESSION, "p-observer", RaiseHand()), Try(SESSION, "p-plaintiff", RaiseHand())),
    (
        "not_your_hand",
        Try(HAND, "p-defendant", LowerHand("p-plaintiff")),
        Try(HAND, "p-clerk", LowerHand("p-plaintiff")),
    ),
    (
        "not_your_side",
        Try(RECESS, "p-defendant", Consult("p-plaintiff")),
        Try(RECESS, "p-agent", Consult("p-plaintiff")),
    ),
    (
        "not_your_side",
        Try(CONSULTING, "p-defendant", EndConsult("p-plaintiff")),
        Try(CONSULTING, "p-agent", EndConsult()),
    ),
    ("waiting_open", Try(PREPARING, "p-clerk", OpenWaiting()), Try(SCHEDULED, "p-clerk", OpenWaiting())),
    ("not_preparing", Try(SCHEDULED, "p-clerk", Announce()), Try(PREPARING, "p-clerk", Announce())),
    ("not_preparing", Try(SCHEDULED, "p-clerk", EndAnnouncement()), Try(ANNOUNCING, "p-clerk", EndAnnouncement())),
    ("announcing", Try(ANNOUNCING, "p-clerk-2", Announce()), Try(PREPARING, "p-clerk-2", Announce())),
    ("not_announcing", Try(PREPARING, "p-clerk", EndAnnouncement()), Try(ANNOUNCING, "p-clerk", EndAnnouncement())),
    ("not_sitting", Try(PREPARING, "p-judge", Summon("p-witness")), Try(SESSION, "p-judge", Summon("p-witness"))),
    (
        "not_sitting",
        Try(replace(WITNESS, phase=Phase.RECESS), "p-judge", Dismiss("p-witness")),
        Try(WITNESS, "p-judge", Dismiss("p-witness")),
    ),
    ("not_sitting", Try(RECESS, "p-judge", Floor("p-plaintiff")), Try(SESSION, "p-judge", Floor("p-plaintiff"))),
    (
        "not_sitting",
        Try(RECESS, "p-judge", Spotlight("p-plaintiff")),
        Try(SESSION, "p-judge", Spotlight("p-plaintiff")),
    ),
    ("not_sitting", Try(RECESS, "p-clerk", LockAll()), Try(HEARD, "p-clerk", LockAll())),
    ("no_session", Try(RECESS, "p-plaintiff", RaiseHand()), Try(CLOSED, "p-plaintiff", RaiseHand())),
    (
        "hold_too_short",
        Try(_held(NOW - HOLD_MS + 1), "p-assessor", TECHNICAL),
        Try(_held(NOW - HOLD_MS), "p-assessor", TECHNICAL),
    ),
    ("hold_too_short", Try(BENCH_SESSION, "p-clerk", TECHNICAL), Try(_held(NOW - HOLD_MS), "p-clerk", TECHNICAL)),
    ("all_muted", Try(SESSION, "p-judge", LockAll()), Try(HEARD, "p-judge", LockAll())),
    ("gallery_closed", Try(GALLERY_CLOSED, "p-judge", CloseGallery()), Try(SESSION, "p-judge", CloseGallery())),
    ("gallery_open", Try(SESSION, "p-judge", OpenGallery()), Try(GALLERY_CLOSED, "p-judge", OpenGallery())),
    ("not_recording", Try(RECESS, "p-clerk", MarkIncident()), Try(SESSION, "p-clerk", MarkIncident())),
    ("no_consultation_now", Try(SESSION, "p-agent", Consult()), Try(PREPARING, "p-agent", Consult())),
    ("not_a_witness", Try(SESSION, "p-judge", Summon("p-observer")), Try(SESSION, "p-judge", Summon("p-expert"))),
    ("not_a_witness", Try(WITNESS, "p-judge", Dismiss("p-agent")), Try(WITNESS, "p-judge", Dismiss("p-witness"))),
    ("summoned_already", Try(WITNESS, "p-judge", Summon("p-witness")), Try(SESSION, "p-judge", Summon("p-witness"))),
    (
        "other_witness_in_court",
        Try(WITNESS, "p-judge", Summon("p-helper")),
        Try(TWO_WITNESSES, "p-judge", Summon("p-helper")),
    ),
    (
        "person_not_in_court",
        Try(SESSION, "p-judge", Dismiss("p-witness")),
        Try(WITNESS, "p-judge", Dismiss("p-witness")),
    ),
    ("person_not_in_court", Try(SESSION, "p-judge", Mute("p-observer")), Try(HEARD, "p-judge", Mute("p-plaintiff"))),
    ("person_not_in_court", Try(SESSION, "p-judge", Unmute("p-observer")), Try(SESSION, "p-judge", Unmute("p-agent"))),
    ("person_not_in_court", Try(SESSION, "p-judge", Floor("p-observer")), Try(SESSION, "p-judge", Floor("p-agent"))),
    (
        "spotlit_not_in_court",
        Try(SESSION, "p-judge", Spotlight("nobody")),
        Try(SESSION, "p-judge", Spotlight("p-agent")),
    ),
    ("bench_has_its_say", Try(HEARD, "p-clerk", Mute("p-judge")), Try(HEARD, "p-clerk", Mute("p-plaintiff"))),
    (
        "bench_has_its_say",
        Try(BENCH_SESSION, "p-presiding", Remove("p-assessor", "x")),
        Try(BENCH_SESSION, "p-presiding", Remove("p-third", "x")),
    ),
    ("already_muted", Try(SESSION, "p-judge", Mute("p-plaintiff")), Try(HEARD, "p-judge", Mute("p-plaintiff"))),
    ("not_muted", Try(HEARD, "p-judge", Unmute("p-plaintiff")), Try(SESSION, "p-judge", Unmute("p-plaintiff"))),
    ("has_floor", Try(FLOOR, "p-judge", Floor("p-plaintiff")), Try(FLOOR, "p-judge", Floor("p-defendant"))),
    ("already_spotlit", Try(SPOTLIT, "p-judge", Spotlight("p-plaintiff")), Try(SPOTLIT, "p-judge", Spotlight())),
    ("already_spotlit", Try(SESSION, "p-judge", Spotlight()), Try(SPOTLIT, "p-judge", Spotlight())),
    ("hand_up", Try(HAND, "p-plaintiff", RaiseHand()), Try(HAND, "p-defendant", RaiseHand())),
    ("hand_down", Try(HAND, "p-defendant", LowerHand()), Try(HAND, "p-plaintiff", LowerHand())),
    ("unknown_party", Try(RECESS, "p-judge", Consult("p-agent")), Try(RECESS, "p-judge", Consult("p-plaintiff"))),
    ("unknown_party", Try(CONSULTING, "p-clerk", EndConsult()), Try(CONSULTING, "p-clerk", EndConsult("p-plaintiff"))),
    ("party_barred", Try(PARTY_OUT, "p-agent", Consult()), Try(RECESS, "p-agent", Consult())),
    ("no_agent", Try(RECESS, "p-defendant", Consult()), Try(RECESS, "p-plaintiff", Consult())),
    ("no_agent", Try(AGENT_OUT, "p-plaintiff", Consult()), Try(RECESS, "p-plaintiff", Consult())),
    ("consulting", Try(CONSULTING, "p-plaintiff", Consult()), Try(RECESS, "p-plaintiff", Consult())),
    ("not_consulting", Try(RECESS, "p-plaintiff", EndConsult()), Try(CONSULTING, "p-plaintiff", EndConsult())),
    (
        "unknown_conduct",
        Try(SESSION, "p-clerk", MarkIncident("nobody")),
        Try(SESSION, "p-clerk", MarkIncident("p-agent")),
    ),
    # the private line
    ("not_on_the_line", Try(ISOLATED, "p-judge", TO_DEFENDANT), Try(ISOLATED, "p-clerk", TO_DEFENDANT)),
    ("not_on_the_line", Try(SESSION, "p-defendant", WORDS), Try(ISOLATED, "p-defendant", WORDS)),
    ("line_empty", Try(ISOLATED, "p-defendant", Line()), Try(ISOLATED, "p-defendant", Line(text="x"))),
    (
        "line_too_long",
        Try(ISOLATED, "p-defendant", Line(text="长" * (LONGEST_LINE + 1))),
        Try(ISOLATED, "p-defendant", Line(text="长" * LONGEST_LINE)),
    ),
    ("line_too_often", Try(OFTEN, "p-defendant", WORDS), Try(OFTEN, "p-clerk", TO_DEFENDANT)),
    ("line_too_often", Try(CLERK_OFTEN, "p-clerk", TO_DEFENDANT), Try(CLERK_OFTEN, "p-clerk-2", TO_DEFENDANT)),
    (
        "line_to_clerks_only",
        Try(ISOLATED, "p-defendant", Line("p-agent", text="x")),
        Try(ISOLATED, "p-defendant", WORDS),
    ),
    (
        "line_to_clerks_only",
        Try(ISOLATED, "p-defendant", Line("nobody", text="x")),
        Try(ISOLATED, "p-defendant", TO_DEFENDANT),
    ),
    ("unknown_person", Try(ISOLATED, "p-clerk", Line("nobody", text="x")), Try(ISOLATED, "p-clerk", TO_DEFENDANT)),
    ("not_isolated", Try(ISOLATED, "p-clerk", Line("p-agent", text="x")), Try(ISOLATED, "p-clerk", TO_DEFENDANT)),
    ("not_isolated", Try(ISOLATED, "p-clerk", Line(text="x")), Try(ISOLATED, "p-clerk-2", TO_DEFENDANT)),
    # rows shared with other commands
    ("reason_missing", Try(SESSION, "p-judge", Remove("p-agent")), Try(SESSION, "p-judge", Remove("p-agent", "谩骂"))),
    (
        "last_clerk",
        Try(BENCH_SESSION, "p-presiding", Remove("p-clerk", "x")),
        Try(SESSION, "p-judge", Remove("p-clerk", "x")),
    ),
    ("hearing_closed", Try(CLOSED, "p-judge", Summon("p-witness")), Try(SESSION, "p-judge", Summon("p-witness"))),
    ("unknown_person", Try(SESSION, "p-judge", Unmute("nobody")), Try(SESSION, "p-judge", Unmute("p-agent"))),
]


@pytest.mark.parametrize(("code", "bad", "good"), PAIRS, ids=[f"{code}-{n}" for n, (code, *_) in enumerate(PAIRS)])
def test_a_guard_refuses_and_a_change_of_circumstances_is_accepted(code: str, bad: Try, good: Try) -> None:
    assert bad.outcome() == code and code in REASONS
    assert good.outcome() == ""


def test_every_row_is_tried_with_each_of_its_commands() -> None:
    tried = {(code, type(bad.command)) for code, bad, _ in PAIRS}
    assert {(row.code, command) for row in ROWS for command in row.commands} - tried == set()


_FILLED = {"reason": "谩骂"}
BY_JUDGE = (Summon, Dismiss, Floor, Spotlight, CloseGallery, OpenGallery, Remove)
BY_CLERK = (OpenWaiting, Announce, EndAnnouncement)
BY_EITHER = (Mute, Unmute, LockAll, MarkIncident)


@pytest.mark.parametrize("kind", get_args(CourtCommand))
def test_each_order_is_for_its_roles_alone(kind: type[CourtCommand]) -> None:
    asked = {each.person: Try(SESSION, each.person, kind(**_FILLED)).outcome() for each in SOLE}
    judges, clerks = {"p-judge"}, {"p-clerk", "p-clerk-2"}
    for group, code, allowed in (
        (BY_JUDGE, "not_a_judge", judges),
        (BY_CLERK, "not_a_clerk", clerks),
        (BY_EITHER, "neither_judge_nor_clerk", judges | clerks),
    ):
        if kind in group:
            assert {person for person, found in asked.items() if found != code} == allowed


@pytest.mark.parametrize("kind", get_args(CourtCommand))
@pytest.mark.parametrize("state", [ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED])
def test_whoever_is_barred_orders_nothing(kind: type[CourtCommand], state: ParticipantState) -> None:
    for person in ("p-judge", "p-clerk", "p-plaintiff"):
        if kind is Line and state is ParticipantState.ISOLATED:
            continue  # all that is left to them
        barred = SESSION.with_participants([replace(SESSION.participants[person], state=state)])
        assert Try(barred, person, kind(**_FILLED)).outcome() == state.value.lower()


def test_an_isolated_clerk_is_on_the_line_as_an_isolated_person_alone() -> None:
    out = given(ISOLATED, ("p-judge", Isolate("p-clerk-2")))
    assert Try(out, "p-clerk-2", TO_DEFENDANT).outcome() == "line_to_clerks_only"
    after = given(out, ("p-clerk-2", WORDS))
    assert after.participants["p-clerk-2"].lines == (NOW,)


def test_the_rate_of_the_line_is_counted_by_the_minute_and_by_no_time_ahead_of_the_clock() -> None:
    for now, code in ((NOW + MINUTE_MS - 1, "line_too_often"), (NOW + MINUTE_MS, ""), (NOW - 3_600_000, "")):
        decided = reduce.decide(OFTEN, "p-defendant", WORDS, Situation(everybody(OFTEN), now))
        assert (decided.code if isinstance(decided, Refusal) else "") == code
    assert len(given(CLERK_OFTEN, ("p-defendant", WORDS)).participants["p-clerk"].lines) == LINES_A_MINUTE


def test_a_technical_recess_in_a_hold_is_for_the_bench_and_the_clerks_and_opens_and_closes_nothing() -> None:
    held = _held(NOW - HOLD_MS)
    allowed = {each.person for each in BENCH if Try(held, each.person, TECHNICAL).outcome() == ""}
    assert allowed == {"p-presiding", "p-judge", "p-assessor", "p-clerk"}
    assert Try(held, "p-clerk", Recess()).outcome() == "not_a_judge"
    assert Try(held, "p-clerk", Close()).outcome() == "not_a_judge"
    shown = guards.failing_beforehand(held, "p-clerk", Recess, Situation(everybody(held), NOW))
    assert shown == ""


def test_contradicting_orders_have_one_order_and_the_loser_is_told() -> None:
    """Two devices of judges at once: whichever comes second is judged by what the first has done."""
    once = given(HEARD, ("p-judge", Mute("p-plaintiff")))
    assert Try(once, "p-judge", Mute("p-plaintiff")).outcome() == "already_muted"
    gone = given(WITNESS, ("p-judge", Dismiss("p-witness")))
    assert Try(gone, "p-judge", Dismiss("p-witness")).outcome() == "person_not_in_court"
    removed = given(SESSION, ("p-judge", Remove("p-agent", "谩骂")))
    for second in (Remove("p-agent", "谩骂"), Floor("p-agent"), Isolate("p-agent"), Unmute("p-agent")):
        assert Try(removed, "p-judge", second).outcome() == "gone"


def test_a_removed_clerk_who_announced_is_no_longer_heard() -> None:
    (event,) = reduce.numbered(ANNOUNCING, NOW, "p-judge", (Removed("p-clerk", "x"),))
    assert reduce.apply(ANNOUNCING, event).announcing == ""

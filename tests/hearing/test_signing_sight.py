"""Who is told what of the signing, and which of it stands in the transcript."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.hearing import signing
from server.hearing.commands import (
    Command,
    ConfirmRefusal,
    DecideCorrection,
    Isolate,
    MarkUnreachable,
    Object,
    Recess,
    RecordRefusal,
    Reopen,
    RequestCorrection,
    StartSigning,
)
from server.hearing.events import Event
from server.hearing.guards import READING_MS, Situation
from server.hearing.reasons import Refusal
from server.hearing.reduce import apply, decide
from server.hearing.sight import may_see_event, transcript_paused
from server.hearing.signing_events import FreezeFailed, Frozen
from server.hearing.signing_state import Finding, RefusalCode
from server.hearing.state import COURT, HearingState, ParticipantState
from server.hearing.transcript_lines import line
from tests.hearing.scenes import NOW, done, everybody, opened
from tests.hearing.signing_scenes import (
    DIGESTS,
    ENVELOPE,
    SIGNERS,
    WITNESS,
    being_signed,
    bound,
    facts,
    froze,
    ordered,
    signed,
)

STAFF = {"p-judge", "p-clerk", "p-clerk-2"}
OTHERS = set(SIGNERS)  # whoever signs the whole and is in court
SIGNING_LAW = "（依据《中华人民共和国民事诉讼法》第一百五十条、《人民法院在线诉讼规则》第三十三条、第三十四条）"
RECORD_LAW = "（依据《中华人民共和国民事诉讼法》第一百五十条）"


def tells(after: HearingState, event: Event) -> set[str]:
    return {person for person in after.participants if may_see_event(after, person, event)}


def orders(state: HearingState, actor: str, command: Command, now: int = NOW) -> list[tuple[Event, HearingState]]:
    decided = decide(state, actor, command, Situation(everybody(state), now))
    assert not isinstance(decided, Refusal), decided
    steps: list[tuple[Event, HearingState]] = []
    for event in decided:
        state = apply(state, event)
        steps.append((event, state))
    return steps


def told(state: HearingState, actor: str, command: Command, now: int = NOW) -> list[set[str]]:
    return [tells(after, event) for event, after in orders(state, actor, command, now)]


def test_the_stages_are_told_to_everybody_who_signs() -> None:
    before = opened()
    assert told(before, "p-judge", StartSigning()) == [OTHERS]
    review = ordered(before, "p-judge", StartSigning())
    after = froze(review, WITNESS)
    started, frozen = review.signing.started, after.seq
    assert (started, frozen) == (2, 3)
    assert told(after, "p-judge", Reopen("补记")) == [OTHERS | {"p-witness"}]


def test_a_frozen_version_is_told_to_a_witness_who_signs_their_part_and_to_nobody_who_does_not() -> None:
    review = ordered(opened(), "p-judge", StartSigning())
    for parts, expected in ((WITNESS, OTHERS | {"p-witness"}), ({}, OTHERS)):
        after = froze(review, parts)
        asked = signing.expected(review, parts)
        _, (event,) = facts(review, COURT, (Frozen(1, 2, 9, DIGESTS, asked),))
        assert tells(after, event) == expected


def test_why_a_freeze_failed_is_the_courts_business() -> None:
    review = ordered(opened(), "p-judge", StartSigning())
    after, (event,) = facts(review, COURT, (FreezeFailed(1, "lint", (Finding("bidi", "t", 0, 0x202E),)),))
    assert tells(after, event) == STAFF


def test_keys_are_told_to_all_who_sign() -> None:
    decided = signing.bind_key(opened(), "p-agent", {"kty": "EC"}, "f")
    assert not isinstance(decided, Refusal)
    after, (event,) = facts(opened(), "p-agent", decided)
    assert tells(after, event) == OTHERS


def test_a_signature_is_told_to_the_court_and_its_signer() -> None:
    state = bound(being_signed(), "p-agent")
    decided = signing.sign(state, "p-agent", 1, ENVELOPE, "s")
    assert not isinstance(decided, Refusal)
    after, (event,) = facts(state, "p-agent", decided)
    assert tells(after, event) == STAFF | {"p-agent"}


@pytest.mark.parametrize(
    ("actor", "command", "person"),
    [
        ("p-agent", Object("不实"), "p-agent"),
        ("p-agent", RequestCorrection("漏记"), "p-agent"),
        ("p-clerk", RecordRefusal("p-defendant", RefusalCode.OTHER, "离开"), "p-defendant"),
        ("p-clerk", MarkUnreachable("p-defendant"), "p-defendant"),
    ],
)
def test_reasons_are_told_to_the_court_and_the_person(actor: str, command: Command, person: str) -> None:
    assert told(being_signed(), actor, command, NOW + READING_MS) == [STAFF | {person}]


def test_a_confirmed_refusal_and_a_decision_are_told_to_whom_they_are_about() -> None:
    refusal = ordered(being_signed(), "p-clerk", RecordRefusal("p-defendant", RefusalCode.NO_REASON))
    assert told(refusal, "p-judge", ConfirmRefusal("p-defendant")) == [STAFF | {"p-defendant"}]
    asked = ordered(being_signed(), "p-agent", RequestCorrection("漏记"))
    of = asked.signing.requests[0].of
    assert told(asked, "p-judge", DecideCorrection(of, False, "无误")) == [STAFF | {"p-agent"}]
    assert told(asked, "p-judge", DecideCorrection(of, True)) == [STAFF | {"p-agent"}, OTHERS]


def test_a_late_edit_is_told_to_the_court() -> None:
    state = being_signed()
    after, (event,) = facts(state, COURT, signing.late_edit(state, "d", "p-clerk-2", "a" * 64, 9))
    assert tells(after, event) == STAFF


@pytest.mark.parametrize("barred", [ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED])
def test_who_is_barred_is_told_nothing_of_it(barred: ParticipantState) -> None:
    state = opened()
    state = state.with_participants([replace(state.participants["p-agent"], state=barred)])
    assert "p-agent" not in told(state, "p-judge", StartSigning())[0]


def written(state: HearingState, actor: str, command: Command) -> list[str]:
    """The lines of a command's events; empty for one that writes none."""
    turns = [line(after, event) for event, after in orders(state, actor, command)]
    return [turn.text if turn else "" for turn in turns]


def test_the_line_of_starting_is_the_last_of_its_version() -> None:
    text = "2024年9月12日09时30分，审判员顾明远宣布将笔录交当事人和其他诉讼参与人核对、签名。事由：庭审结束。"
    assert written(opened(), "p-judge", StartSigning("庭审结束")) == [text + SIGNING_LAW]
    again = ordered(being_signed(), "p-judge", Reopen("补记"))
    assert "将补正后的笔录（第2版）交当事人" in written(again, "p-judge", StartSigning())[0]


def test_the_line_of_reopening_says_what_is_kept() -> None:
    text = "2024年9月12日09时30分，审判员顾明远决定补正笔录，恢复记录。第1版笔录及其签名予以保留。事由：漏记。"
    assert written(being_signed(), "p-judge", Reopen("漏记")) == [text + RECORD_LAW]
    asked = ordered(being_signed(), "p-agent", RequestCorrection("漏记"))
    of = asked.signing.requests[0].of
    assert written(asked, "p-judge", DecideCorrection(of, True, "漏记")) == ["", text + RECORD_LAW]


def test_what_a_signer_wrote_to_the_court_is_not_read_out_by_granting_it() -> None:
    asked = ordered(being_signed(), "p-agent", RequestCorrection("只给法庭看"))
    order = DecideCorrection(asked.signing.requests[0].of, True)
    assert "只给法庭看" not in "".join(written(asked, "p-judge", order))
    assert all("只给法庭看" not in str(event.payload()) for event, _ in orders(asked, "p-judge", order))


def test_what_happens_while_a_text_is_frozen_writes_no_line() -> None:
    for state in (ordered(opened(), "p-judge", StartSigning()), being_signed(), signed(being_signed(), *SIGNERS)):
        for command in (Recess(), Isolate("p-defendant")):
            assert written(state, "p-judge", command) == [""]


def test_no_clerk_is_missed_once_the_text_is_frozen() -> None:
    assert transcript_paused(opened(), frozenset())
    assert not transcript_paused(being_signed(), frozenset())
    assert transcript_paused(done(being_signed(), "p-judge", Reopen("补记"))[0], frozenset())

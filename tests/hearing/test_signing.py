"""The signing, step by step: who is asked, what becomes of it, what a correction keeps and what it takes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.hearing import signing
from server.hearing.commands import (
    Close,
    ConfirmRefusal,
    DecideCorrection,
    Isolate,
    MarkUnreachable,
    Object,
    Recess,
    RecordRefusal,
    Release,
    Reopen,
    RequestCorrection,
    Resume,
    StartSigning,
)
from server.hearing.guards import READING_MS
from server.hearing.reasons import REASONS, Refusal
from server.hearing.signing_events import FreezeFailed, LateEditKept, NamedSigner
from server.hearing.signing_state import (
    Finding,
    RefusalCode,
    RequestState,
    Scope,
    SignerState,
    TranscriptPhase,
)
from server.hearing.state import COURT, HearingState, ParticipantState, Role
from tests.hearing.scenes import NOW, STRANGER, bench, opened, refused, sole
from tests.hearing.signing_scenes import (
    ENVELOPE,
    JWK,
    SIGNERS,
    WITNESS,
    being_signed,
    bound,
    entered,
    facts,
    froze,
    ordered,
    signed,
)


def code_of(decided: signing.Decided) -> str:
    assert isinstance(decided, Refusal), decided
    assert (decided.zh, decided.en) == (REASONS[decided.code].zh, REASONS[decided.code].en)
    return decided.code


def states(state: HearingState) -> dict[str, str]:
    return {person: signer.state.value for person, signer in state.signing.signers.items()}


def test_bench_clerks_parties_agents_and_interpreters_sign_the_whole() -> None:
    asked = signing.expected(opened(), {})
    assert tuple(each.person for each in asked) == SIGNERS
    assert {each.scope for each in asked} == {Scope.WHOLE}
    assert [each.role for each in signing.expected(bench(), {})] == [
        "presiding_judge", "judge", "assessor", "clerk", "appellant", "appellee", "third_party",
    ]  # fmt: skip


def test_a_witness_who_spoke_signs_their_part_and_the_removed_sign_nothing() -> None:
    state = opened()
    assert NamedSigner("p-witness", "witness", Scope.PART, "1" * 64) in signing.expected(state, WITNESS)
    gone = [replace(state.participants[person], state=ParticipantState.REMOVED) for person in ("p-agent", "p-witness")]
    left = {each.person for each in signing.expected(state.with_participants(gone), WITNESS)}
    assert left == set(SIGNERS) - {"p-agent"}


def test_signing_runs_from_the_draft_over_the_review_to_the_end() -> None:
    started = ordered(opened(), "p-judge", StartSigning())
    assert (started.transcript, started.signing.v, started.signing.started) == (TranscriptPhase.REVIEW, 1, 2)
    assert started.signing.frozen is None
    state = froze(started, WITNESS)
    assert state.transcript is TranscriptPhase.SIGNING
    version = state.signing.frozen
    assert version is not None and (version.v, version.seq, version.of, version.barrier) == (1, 3, 2, 9)
    state = signed(state, *SIGNERS)
    assert state.transcript is TranscriptPhase.SIGNING
    state = signed(state, "p-witness")
    assert state.transcript is TranscriptPhase.SETTLED
    assert set(states(state).values()) == {"SIGNED"}
    assert {each.signed_v for each in state.signing.signers.values()} == {1}


def test_the_settling_is_one_step_with_the_last_signature() -> None:
    state = bound(signed(being_signed(), *SIGNERS[:-1]), SIGNERS[-1])
    decided = signing.sign(state, SIGNERS[-1], 1, ENVELOPE, "s")
    assert not isinstance(decided, Refusal)
    _, events = facts(state, SIGNERS[-1], decided)
    assert [(event.kind, event.actor) for event in events] == [("Signed", SIGNERS[-1]), ("SigningSettled", COURT)]


def test_a_failed_freeze_gives_back_the_draft_of_the_same_version_with_what_was_found() -> None:
    started = ordered(opened(), "p-judge", StartSigning())
    finding = Finding("bidi", "t1", 3, 0x202E)
    failed, _ = facts(started, COURT, signing.outcome(started, 2, FreezeFailed(1, "lint", (finding,))))
    assert (failed.transcript, failed.signing.v, failed.signing.started) == (TranscriptPhase.DRAFT, 1, 0)
    assert (failed.signing.findings, failed.signing.fault) == ((finding,), "lint")
    again = ordered(failed, "p-judge", StartSigning())
    assert (again.signing.v, again.signing.findings, again.signing.fault) == (1, (), "")


def test_an_outcome_counts_once_and_only_for_its_own_freeze() -> None:
    state = being_signed()
    late = FreezeFailed(1, "pdf_failed")
    assert signing.outcome(state, 2, late) == ()
    again = ordered(ordered(state, "p-judge", Reopen("补记")), "p-judge", StartSigning())
    assert signing.outcome(again, 2, late) == ()
    assert signing.outcome(again, again.signing.started, late) == (late,)


@pytest.mark.parametrize("stage", ["start", "frozen", "settled"])
def test_a_recess_and_the_closing_change_nothing_about_signatures(stage: str) -> None:
    state = ordered(opened(), "p-judge", StartSigning()) if stage == "start" else being_signed()
    state = signed(state, *(SIGNERS if stage == "settled" else ())) if stage != "start" else state
    after = ordered(state, "p-judge", Recess(), Resume(), Close())
    assert after.signing == state.signing


def test_signing_may_start_in_a_recess_and_after_the_closing() -> None:
    for order in (Recess(), Close()):
        assert ordered(ordered(opened(), "p-judge", order), "p-judge", StartSigning()).signing.started == 3
    assert refused(sole(), "p-judge", StartSigning()) == "not_opened_yet"


def test_after_a_correction_all_sign_again_and_an_unchanged_part_stays_signed() -> None:
    state = signed(being_signed(WITNESS), "p-clerk", "p-plaintiff", "p-witness")
    state = ordered(state, "p-defendant", RequestCorrection("漏记一句", "t7"))
    (request,) = state.signing.requests
    state = ordered(state, "p-judge", DecideCorrection(request.of, True))
    assert (state.transcript, state.signing.v, state.signing.frozen) == (TranscriptPhase.DRAFT, 2, None)
    assert state.signing.requests[0].state is RequestState.GRANTED
    assert [version.v for version in state.signing.versions] == [1]
    state = froze(ordered(state, "p-judge", StartSigning()), WITNESS)
    assert [version.v for version in state.signing.versions] == [1, 2]
    assert {person for person, each in states(state).items() if each != "PENDING"} == {"p-witness"}
    assert state.signing.signers["p-witness"].signed_v == 1
    assert code_of(signing.sign(state, "p-witness", 2, ENVELOPE, "s")) == "already_signed"
    assert signed(state, *SIGNERS).transcript is TranscriptPhase.SETTLED


def test_a_part_that_has_changed_is_signed_again() -> None:
    state = ordered(signed(being_signed(WITNESS), "p-witness"), "p-judge", Reopen("证言漏记"))
    state = froze(ordered(state, "p-judge", StartSigning()), {"p-witness": "2" * 64})
    assert states(state)["p-witness"] == "PENDING"


def test_an_unchanged_part_stays_signed_over_two_corrections() -> None:
    state = signed(being_signed(WITNESS), "p-witness")
    for _ in range(2):
        state = froze(ordered(state, "p-judge", Reopen("补记"), StartSigning()), WITNESS)
    assert (state.signing.v, state.signing.signers["p-witness"].signed_v) == (3, 1)


def test_a_denied_correction_changes_only_the_request() -> None:
    state = ordered(being_signed(), "p-agent", RequestCorrection("漏记"))
    of = state.signing.requests[0].of
    denied = ordered(state, "p-judge", DecideCorrection(of, False, "记录无误"))
    assert denied.transcript is TranscriptPhase.SIGNING
    assert denied.signing.requests[0].state is RequestState.DENIED
    assert refused(denied, "p-judge", DecideCorrection(of, True)) == "request_decided"


def test_a_second_request_granted_while_the_text_is_open_opens_nothing_twice() -> None:
    state = ordered(being_signed(), "p-agent", RequestCorrection("一"))
    state = ordered(state, "p-defendant", RequestCorrection("二"))
    first, second = (request.of for request in state.signing.requests)
    state = ordered(state, "p-judge", DecideCorrection(first, True), DecideCorrection(second, True))
    assert (state.transcript, state.signing.v) == (TranscriptPhase.DRAFT, 2)
    assert {request.state for request in state.signing.requests} == {RequestState.GRANTED}


def test_an_objection_ends_no_duty_to_sign() -> None:
    state = ordered(signed(being_signed(), *SIGNERS[:-1]), SIGNERS[-1], Object("第三段不实"))
    assert state.transcript is TranscriptPhase.SIGNING
    signer = state.signing.signers[SIGNERS[-1]]
    assert (signer.state, signer.reason) == (SignerState.OBJECTED, "第三段不实")
    assert signing.start_reading(state, SIGNERS[-1], 1) == ()
    assert signed(state, SIGNERS[-1]).transcript is TranscriptPhase.SETTLED


def test_a_refusal_counts_when_a_judge_has_confirmed_it() -> None:
    state = signed(being_signed(), *SIGNERS[:-1])
    last = SIGNERS[-1]
    state = ordered(state, "p-clerk", RecordRefusal(last, RefusalCode.OTHER, "拒绝说明"))
    assert states(state)[last] == "PENDING" and state.transcript is TranscriptPhase.SIGNING
    recorded = state.signing.signers[last].refusal
    confirmed = ordered(state, "p-judge", ConfirmRefusal(last))
    signer = confirmed.signing.signers[last]
    assert (signer.state, signer.reason, signer.refusal_code) == (SignerState.REFUSED, "拒绝说明", "other")
    assert (recorded > 0, confirmed.transcript) == (True, TranscriptPhase.SETTLED)
    assert code_of(signing.sign(confirmed, last, 1, ENVELOPE, "s")) == "not_being_signed"


def test_a_signature_overtakes_a_refusal_that_no_judge_has_confirmed() -> None:
    state = ordered(being_signed(), "p-clerk", RecordRefusal("p-agent", RefusalCode.ABSENT))
    state = signed(state, "p-agent")
    assert (state.signing.signers["p-agent"].state, state.signing.signers["p-agent"].refusal) == (SignerState.SIGNED, 0)
    assert refused(state, "p-judge", ConfirmRefusal("p-agent")) == "signer_done"


def test_who_cannot_be_reached_in_five_days_holds_nobody_up() -> None:
    state = signed(being_signed(), *SIGNERS[:-1])
    order = MarkUnreachable(SIGNERS[-1], "电话不通")
    assert refused(state, "p-clerk", order) == "too_early"
    state = ordered(state, "p-clerk", order, now=NOW + READING_MS)
    assert (states(state)[SIGNERS[-1]], state.transcript.value) == ("UNREACHABLE", "SETTLED")


def test_reading_is_noted_once() -> None:
    state = being_signed()
    read = entered(state, "p-agent", signing.start_reading(state, "p-agent", 1))
    assert states(read)["p-agent"] == "READING"
    assert signing.start_reading(read, "p-agent", 1) == ()


BARRED = [ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED]


@pytest.mark.parametrize("barred", BARRED)
def test_nobody_signs_reads_or_binds_while_barred(barred: ParticipantState) -> None:
    state = bound(being_signed(), "p-agent")
    state = state.with_participants([replace(state.participants["p-agent"], state=barred)])
    for decided in (
        signing.sign(state, "p-agent", 1, ENVELOPE, "s"),
        signing.start_reading(state, "p-agent", 1),
        signing.bind_key(state, "p-agent", JWK, "another"),
    ):
        assert code_of(decided) == barred.value.lower()


def test_an_isolated_signer_signs_after_the_release() -> None:
    state = ordered(being_signed(), "p-judge", Isolate("p-defendant"))
    assert code_of(signing.sign(state, "p-defendant", 1, ENVELOPE, "s")) == "isolated"
    assert states(signed(ordered(state, "p-judge", Release("p-defendant")), "p-defendant"))["p-defendant"] == "SIGNED"


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (STRANGER, "not_in_hearing"),
        ("p-observer", "not_a_signer"),
        ("p-helper", "not_a_signer"),
        ("p-witness", "not_a_signer"),  # did not speak
        ("p-agent", "key_missing"),
    ],
)
def test_who_may_not_sign_learns_why(person: str, code: str) -> None:
    assert code_of(signing.sign(being_signed(), person, 1, ENVELOPE, "s")) == code


def test_nobody_signs_a_version_that_is_not_before_them() -> None:
    state = bound(being_signed(), "p-agent")
    for v in (0, 2):
        assert code_of(signing.sign(state, "p-agent", v, ENVELOPE, "s")) == "wrong_version"
        assert code_of(signing.start_reading(state, "p-agent", v)) == "wrong_version"
    draft = ordered(state, "p-judge", Reopen("补记"))
    assert code_of(signing.sign(draft, "p-agent", 2, ENVELOPE, "s")) == "not_being_signed"


def test_nobody_signs_twice() -> None:
    assert code_of(signing.sign(signed(being_signed(), "p-agent"), "p-agent", 1, ENVELOPE, "s")) == "already_signed"


def test_keys_belong_to_one_person_and_are_not_without_number() -> None:
    state = bound(opened(), "p-agent")
    assert code_of(signing.bind_key(state, "p-agent", JWK, "key of p-agent")) == "key_known"
    assert code_of(signing.bind_key(state, "p-plaintiff", JWK, "key of p-agent")) == "key_of_another"
    assert code_of(signing.bind_key(state, "p-observer", JWK, "k")) == "not_a_signer"
    for number in range(signing.MOST_KEYS - 1):
        state = entered(state, "p-agent", signing.bind_key(state, "p-agent", JWK, f"k{number}"))
    assert code_of(signing.bind_key(state, "p-agent", JWK, "one more")) == "too_many_keys"


def test_a_witness_may_bind_a_key_before_anybody_knows_whether_they_sign() -> None:
    state = bound(opened(), "p-witness")
    assert [key.person for key in state.signing.keys] == ["p-witness"]


def test_late_edits_are_kept_once_and_while_there_is_room() -> None:
    state = being_signed()
    kept = signing.late_edit(state, "h-1/transcript", "p-clerk", "a" * 64, 30)
    assert kept == (LateEditKept(1, "h-1/transcript", "p-clerk", "a" * 64, 30),)
    state, _ = facts(state, COURT, kept)
    assert signing.late_edit(state, "h-1/transcript", "p-clerk", "a" * 64, 30) == ()
    assert signing.late_edit(state, "h-1/transcript", "p-clerk", "b" * 64, signing.LATE_BYTES - 29) == ()
    for number in range(signing.MOST_LATE - 1):
        state, _ = facts(state, COURT, signing.late_edit(state, "d", "p-clerk", f"{number}", 1))
    assert signing.late_edit(state, "d", "p-clerk", "one more", 1) == ()
    assert signing.late_edit(state, "d", "p-clerk-2", "another's", 1) != ()


def test_nothing_is_late_in_a_draft() -> None:
    assert signing.late_edit(opened(), "d", "p-clerk", "a" * 64, 1) == ()


def test_every_role_either_signs_or_does_not() -> None:
    """Whom the law names (民诉法 150); a helper, an observer and a judge's assistant do not."""
    signs = {role for role in Role if _signs(role)}
    assert set(Role) - signs == {Role.HELPER, Role.OBSERVER, Role.JUDGE_ASSISTANT}


def _signs(role: Role) -> bool:
    state = opened()
    changed = replace(state.participants["p-agent"], role=role)
    return signing.may_sign(state.with_participants([changed]), "p-agent")

"""What enters the log beside commands: in order with them, whole or not at all, carried out before it is answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from server.control_entries import Entry
from server.hearing import signing
from server.hearing.events import Fact
from server.hearing.reasons import Refusal, refusal
from server.hearing.signing_events import Frozen, KeyBound
from server.hearing.state import COURT, HearingState
from server.storage.tables import storage_probe
from tests.control.rig import Rig, until
from tests.hearing.scenes import NOW
from tests.hearing.signing_scenes import DIGESTS, ENVELOPE, JWK, SIGNERS

KEY = KeyBound("p-agent", JWK, "f")


def beside(number: int) -> Any:
    return lambda connection: connection.execute(insert(storage_probe).values(id=number, filling=b"x"))


async def probes(court: Rig) -> list[int]:
    def query(connection: Connection) -> list[int]:
        return list(connection.scalars(select(storage_probe.c.id).where(storage_probe.c.id > 100)))

    return await court.disk.read(query)


async def record(court: Rig, actor: str, *facts: Fact, **more: Any) -> tuple[Entry, ...] | Refusal:
    return await (await court.control()).record(actor, lambda _state, _now: facts, **more)


async def frozen(court: Rig) -> None:
    """Version 1 of an opened hearing lies before its signers."""
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "start_signing")
    control = await court.control()
    asked = signing.expected(control.state, {})
    await record(court, COURT, Frozen(1, control.state.signing.started, 9, DIGESTS, asked))


async def test_a_fact_is_on_disk_carried_out_and_told_on_return(court: Rig) -> None:
    peer = await court.join("p-agent")
    entered = await record(court, "p-agent", KEY, beside=beside(101))
    assert not isinstance(entered, Refusal)
    (entry,) = entered
    control = await court.control()
    assert (entry.seq, entry.event.actor, control.seq, control.applied_seq) == (1, "p-agent", 1, 1)
    assert [key.fingerprint for key in control.state.signing.keys] == ["f"]
    assert (await probes(court), court.documents.carried[-1][0]) == ([101], 1)
    assert peer.kinds()[1:] == ["KeyBound", "State", "Applied"]
    again = await court.restart().control()
    assert again.state == control.state


async def test_the_decision_is_asked_with_the_state_and_clock_of_that_moment(court: Rig) -> None:
    control = await court.control()
    asked: list[tuple[int, int]] = []

    def decide(state: HearingState, now_ms: int) -> tuple[Fact, ...]:
        asked.append((state.seq, now_ms))
        return ()

    court.disk.gate = asyncio.Event()
    opening = asyncio.create_task(court.give("p-judge", "open"))
    await until(lambda: court.disk.submitted == 1, "the entry is on its way")
    entering = asyncio.create_task(control.record(COURT, decide))
    await asyncio.sleep(0)
    assert asked == []
    court.disk.gate.set()
    await opening
    assert await entering == ()
    assert asked == [(1, NOW)]


async def test_a_refusal_is_handed_back_and_nothing_is_entered(court: Rig) -> None:
    control = await court.control()
    answer = await control.record("p-agent", lambda _state, _now: refusal("key_known"), beside=beside(102))
    assert isinstance(answer, Refusal) and answer.code == "key_known"
    assert (control.seq, await probes(court)) == (0, [])


async def test_without_a_fact_nothing_is_written_beside_it(court: Rig) -> None:
    assert await record(court, COURT, beside=beside(103)) == ()
    assert await probes(court) == []


async def test_what_is_written_beside_and_fails_takes_the_fact_with_it(court: Rig) -> None:
    def fails(_connection: Connection) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await record(court, "p-agent", KEY, beside=fails)
    control = await court.control()
    assert (control.seq, control.state.signing.keys) == (0, ())
    assert len(await record(court, "p-agent", KEY)) == 1


async def test_a_full_disk_enters_nothing_and_says_so(court: Rig) -> None:
    control = await court.control()
    court.disk.full = True
    answer = await record(court, "p-agent", KEY)
    assert isinstance(answer, Refusal) and answer.code == "storage_unavailable"
    assert control.seq == 0
    court.disk.full = False
    assert len(await record(court, "p-agent", KEY)) == 1


async def test_a_caller_that_goes_away_stops_nothing(court: Rig) -> None:
    control = await court.control()
    court.disk.gate = asyncio.Event()
    entering = asyncio.create_task(record(court, "p-agent", KEY))
    await until(lambda: court.disk.submitted == 1, "the entry is on its way")
    entering.cancel()
    court.disk.gate.set()
    await until(lambda: control.seq == 1, "the entry")


async def test_several_entries_of_one_command_are_one_transaction(court: Rig) -> None:
    await frozen(court)
    await court.ack("p-agent", "request_correction", reason="漏记")
    control = await court.control()
    before, submitted = control.seq, court.disk.submitted
    ack = await court.ack("p-judge", "decide_correction", of=str(before), decision="granted")
    kinds = [entry.event.kind for entry in control.entries[before:]]
    assert (kinds, ack.seq, court.disk.submitted) == (["CorrectionDecided", "Reopened"], before + 2, submitted + 1)
    assert set(court.documents.lines) == {1, 2, before + 2}


async def test_the_settling_is_entered_with_the_last_signature(court: Rig) -> None:
    await frozen(court)
    control = await court.control()
    for person in SIGNERS:
        await record(court, person, KeyBound(person, JWK, f"key of {person}"))
        submitted = court.disk.submitted
        entries = await control.record(
            person, lambda state, _now, who=person: signing.sign(state, who, 1, ENVELOPE, "s")
        )
        assert court.disk.submitted == submitted + 1 and not isinstance(entries, Refusal)
    assert [entry.event.kind for entry in entries] == ["Signed", "SigningSettled"]
    assert control.state.transcript.value == "SETTLED"


async def test_a_freeze_is_asked_for_when_the_last_line_is_written_and_again_after_a_restart(court: Rig) -> None:
    asked: list[int] = []
    court.hearings.review = lambda control: asked.append(control.state.signing.started)
    await court.ack("p-judge", "open")
    court.documents.broken = True
    await court.ack("p-judge", "start_signing")
    assert asked == []
    court.documents.broken = False
    control = await court.control()
    control.recover_soon()
    await until(lambda: bool(asked), "the line is written and the freeze asked for")
    assert asked[0] == 2 and 2 in court.documents.lines
    restarted = court.restart()
    again: list[int] = []
    restarted.hearings.review = lambda found: again.append(found.state.signing.started)
    await restarted.control()
    assert again == [2]


async def test_stage_and_version_stand_in_the_state_message(court: Rig) -> None:
    peer = await court.join("p-clerk")
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "start_signing")
    states = peer.of("State")
    assert [(each["transcript_phase"], each["signing"]) for each in states] == [
        ("DRAFT", {"v": 1, "stage": "DRAFT", "of": 0}),
        ("REVIEW", {"v": 1, "stage": "REVIEW", "of": 2}),
    ]


async def test_rights_shown_are_those_of_the_person_and_not_of_their_role(court: Rig) -> None:
    """A witness who spoke is asked to sign, an expert who did not is not; both wait outside."""
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "start_signing")
    control = await court.control()
    asked = signing.expected(control.state, {"p-witness": "1" * 64})
    await record(court, COURT, Frozen(1, 2, 9, DIGESTS, asked))
    shown = control.shown()
    rights = {
        person: {each["command"]: each["reason"] for each in shown.commands(person)}["object"]
        for person in ("p-witness", "p-expert", "p-agent")
    }
    assert rights == {"p-witness": None, "p-expert": "not_a_signer", "p-agent": None}

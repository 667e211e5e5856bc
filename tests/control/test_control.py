"""The one writer of a hearing's log: order, durability, what a command owes, what a restart finds."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
import rfc8785
from sqlalchemy import Connection, select, update

from crdt_docs.signing import log_tree
from server.control import Ack, UnknownHearing
from server.control_entries import LogDamaged
from server.hearing.commands import Close, OpenSession
from server.hearing.events import Seen
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState, Phase
from server.storage import control_log as log_queries
from server.storage.tables import control_log
from tests.control.rig import HEARING, PEOPLE, Rig, until
from tests.hearing.scenes import NOW


async def rows(court: Rig) -> list[log_queries.LogRow]:
    return list(await court.disk.read(lambda connection: log_queries.entries(connection, HEARING)))


async def test_a_command_is_on_disk_carried_out_told_and_written_before_its_ack(court: Rig) -> None:
    peer = await court.join("p-clerk")
    assert await court.ack("p-judge", "open") == Ack(1, 1)
    control = await court.control()
    assert (control.state.phase, control.seq, control.applied_seq) == (Phase.IN_SESSION, 1, 1)
    assert [row.seq for row in await rows(court)] == [1]
    assert court.documents.carried == [(1, "IN_SESSION", frozenset())]
    assert court.documents.lines[1].id == "c1"
    assert peer.kinds()[1:] == ["SessionOpened", "State", "Applied"]


async def test_nothing_is_told_or_carried_out_before_the_entry_is_on_disk(court: Rig) -> None:
    peer = await court.join("p-clerk")
    peer.forget()
    court.disk.gate = asyncio.Event()
    command = asyncio.create_task(court.give("p-judge", "open"))
    await until(lambda: court.disk.submitted == 1, "the entry is on its way")
    control = await court.control()
    assert (peer.of("Event"), court.documents.carried, control.seq) == ([], [], 0)
    court.disk.gate.set()
    assert await command == Ack(1, 1)
    assert [message["header"]["seq"] for message in peer.of("Event")] == [1]


async def test_state_documents_and_listeners_change_in_one_turn(court: Rig) -> None:
    """Whoever looks while documents carry out an entry finds the new state, and nobody is told before that."""
    peer = await court.join("p-defendant")
    control = await court.control()
    found: list[tuple[int, int]] = []
    court.documents.on_carry = lambda state: found.append((control.state.seq, len(peer.of("Event"))))
    await court.ack("p-judge", "open")
    assert found == [(1, 0)]


async def test_entries_are_stored_byte_for_byte_as_the_design_says(court: Rig) -> None:
    court.documents.head = "ab" * 32
    await court.ack("p-judge", "open")
    (row,) = await rows(court)
    header = {
        "v": 1,
        "hearing": HEARING,
        "seq": 1,
        "at": "2024-09-12T01:30:00.000Z",
        "kind": "SessionOpened",
        "actor": "p-judge",
        "heads": {"h-1/transcript": "ab" * 32},
    }
    payload = {"let_in": ["p-plaintiff", "p-defendant", "p-agent", "p-interpreter"]}
    assert row.header.encode() == rfc8785.dumps(header) and row.payload.encode() == rfc8785.dumps(payload)
    inner = hashlib.sha256(row.salt + rfc8785.dumps(payload)).digest()
    assert row.leaf == hashlib.sha256(b"\0" + rfc8785.dumps(header) + inner).digest()
    assert len(row.salt) == 32


async def test_every_entry_has_a_salt_of_its_own(court: Rig) -> None:
    for name in ("open", "recess", "resume", "close"):
        await court.ack("p-judge", name)
    assert len({row.salt for row in await rows(court)}) == 4


async def test_a_restart_rebuilds_the_state_from_roster_and_log_alone(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "isolate", person="p-defendant")
    await court.ack("p-judge", "recess", kind="bench", until="10:00")
    before = await court.control()
    again = await court.restart().control()
    assert again.state == before.state
    assert [entry.leaf for entry in again.entries] == [entry.leaf for entry in before.entries]
    assert (again.seq, again.applied_seq) == (4, 4)


async def test_lines_and_notes_missing_after_a_crash_are_written_once_each(court: Rig) -> None:
    for name in ("open", "recess", "resume"):
        await court.ack("p-judge", name)
    await court.ack("p-judge", "isolate", person="p-defendant")
    entries = await rows(court)
    assert [json.loads(row.header)["kind"] for row in entries][-1] == "HadSeen"
    await court.disk.thread.commit(
        lambda connection: connection.execute(control_log.delete().where(control_log.c.seq == 5))
    )
    for seq in (2, 4):
        del court.documents.lines[seq]
    again = court.restart()
    control = await again.control()
    assert sorted(court.documents.lines) == [1, 2, 3, 4]
    assert [entry.event.kind for entry in control.entries][-2:] == ["Isolated", "HadSeen"]
    assert control.entries[-1].payload == {"person": "p-defendant", "of": 4, "documents": {}}
    assert (control.seq, control.applied_seq) == (5, 5)
    once_more = await court.restart().control()
    assert (once_more.seq, sorted(court.documents.lines)) == (5, [1, 2, 3, 4])


async def test_what_an_isolated_person_had_seen_is_logged_before_the_ack(court: Rig) -> None:
    await court.ack("p-judge", "open")
    court.documents.seen = {"p-defendant": {"h-1/transcript": Seen(41, "2024-09-12T01:29:59.000Z")}}
    peer = await court.join("p-clerk")
    assert await court.ack("p-judge", "isolate", person="p-defendant") == Ack(2, 2)
    control = await court.control()
    assert control.entries[-1].payload == {
        "person": "p-defendant",
        "of": 2,
        "documents": {"h-1/transcript": {"seq": 41, "at": "2024-09-12T01:29:59.000Z"}},
        "since": "2024-09-12T01:30:00.000Z",
    }
    assert control.entries[-1].header["actor"] == "court"
    assert court.documents.carried[-2:] == [
        (2, "IN_SESSION", frozenset({"p-defendant"})),
        (3, "IN_SESSION", frozenset()),
    ]
    assert 3 not in court.documents.lines
    assert [kind for kind in peer.kinds() if kind in ("Isolated", "HadSeen", "Applied")] == [
        "Isolated",
        "Applied",
        "HadSeen",
        "Applied",
    ]


async def test_contradicting_commands_at_once_get_one_order_and_the_loser_a_reason(court: Rig) -> None:
    await court.ack("p-judge", "open")
    outcomes = await asyncio.gather(
        *(court.give("p-judge", name) for name in ("recess", "close", "recess", "resume", "recess", "close"))
    )
    acks = [outcome for outcome in outcomes if isinstance(outcome, Ack)]
    assert [ack.seq for ack in acks] == list(range(2, 2 + len(acks)))
    assert [o.code for o in outcomes if isinstance(o, Refusal)] == ["hearing_closed"] * 4
    assert (await court.control()).state.phase is Phase.CLOSED


async def test_isolating_from_two_devices_at_once_isolates_once(court: Rig) -> None:
    await court.ack("p-judge", "open")
    outcomes = await asyncio.gather(
        court.give("p-judge", "isolate", person="p-agent"),
        court.give("p-clerk", "isolate", person="p-agent", reason="审判员口头指令"),
    )
    assert isinstance(outcomes[0], Ack)
    assert isinstance(outcomes[1], Refusal) and outcomes[1].code == "already_isolated"


async def test_a_full_disk_refuses_the_command_and_changes_nothing(court: Rig) -> None:
    await court.ack("p-judge", "open")
    peer = await court.join("p-clerk")
    peer.forget()
    court.disk.full = True
    assert await court.refusal("p-judge", "recess") == "storage_unavailable"
    control = await court.control()
    assert (control.seq, control.state.phase, peer.of("Event")) == (1, Phase.IN_SESSION, [])
    court.disk.full = False
    assert await court.ack("p-judge", "recess") == Ack(2, 2)
    assert (await court.restart().control()).state == control.state


async def test_a_line_that_cannot_be_written_is_owed_and_written_as_soon_as_it_can(court: Rig) -> None:
    await court.ack("p-judge", "open")
    peer = await court.join("p-clerk")
    court.documents.broken = True
    assert await court.ack("p-judge", "recess") == Ack(2, 1)
    control = await court.control()
    assert (control.seq, control.applied_seq) == (2, 1)
    assert await court.ack("p-judge", "resume") == Ack(3, 1), "the court goes on; what is owed stays owed"
    court.documents.broken = False
    await until(lambda: control.applied_seq == 3, "the lines are written by themselves")
    assert sorted(court.documents.lines) == [1, 2, 3]
    assert peer.of("Applied")[-1] == {"type": "Applied", "applied_seq": 3}


async def test_documents_that_fail_to_carry_out_an_isolation_are_asked_again(court: Rig) -> None:
    await court.ack("p-judge", "open")
    peer = await court.join("p-defendant")

    def fail(_state: HearingState) -> None:
        raise RuntimeError("a room is broken")

    court.documents.on_carry = fail
    assert await court.ack("p-judge", "isolate", person="p-defendant") == Ack(2, 1)
    assert peer.kinds()[-1] == "Isolated", "the person's own listeners are held all the same"
    court.documents.on_carry = lambda _state: None
    control = await court.control()
    await until(lambda: control.applied_seq == 3, "carried out, written and noted")
    assert court.documents.carried[-2:] == [
        (2, "IN_SESSION", frozenset({"p-defendant"})),
        (3, "IN_SESSION", frozenset()),
    ]
    assert "since" not in control.entries[-1].payload


async def test_a_hearing_whose_documents_cannot_be_read_takes_no_command_yet(court: Rig) -> None:
    court.documents.unreadable = True
    assert await court.refusal("p-judge", "open") == "storage_unavailable"
    court.documents.unreadable = False
    assert await court.ack("p-judge", "open") == Ack(1, 1)


async def test_a_command_once_begun_is_finished_though_its_caller_goes(court: Rig) -> None:
    court.disk.gate = asyncio.Event()
    caller = asyncio.create_task(court.give("p-judge", "open"))
    await until(lambda: court.disk.submitted == 1, "the entry is on its way")
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    court.disk.gate.set()
    control = await court.control()
    await until(lambda: control.applied_seq == 1, "the command is finished")
    assert sorted(court.documents.lines) == [1]


async def test_presence_counts_on_every_wire_and_the_sender_always(court: Rig) -> None:
    control = await court.control()
    answer = await control.execute("p-judge", OpenSession())
    assert isinstance(answer, Refusal) and answer.code == "clerk_absent"
    court.present = {"p-clerk", "p-foreign"}
    assert control.connected() == frozenset({"p-clerk"})
    assert await control.execute("p-judge", OpenSession()) == Ack(1, 1)
    missing = control.entries[0].payload["missing"]
    assert "p-judge" not in missing and "p-clerk" not in missing and "p-clerk-2" in missing


async def test_a_control_socket_is_presence_until_it_ends(court: Rig) -> None:
    control, peer = await court.control(), await court.join("p-clerk-2")
    assert control.connected() == frozenset({"p-clerk-2"})
    control.unsubscribe(peer)
    assert control.connected() == frozenset()


async def test_the_guard_is_asked_at_the_moment_of_use(court: Rig) -> None:
    await court.ack("p-judge", "open")
    first, second = await asyncio.gather(
        court.give("p-judge", "isolate", person="p-clerk"),
        court.give("p-clerk", "isolate", person="p-defendant", reason="审判员口头指令"),
    )
    assert isinstance(first, Ack)
    assert isinstance(second, Refusal) and second.code == "isolated"


async def test_a_clock_set_back_an_hour_keeps_the_order_and_is_marked(court: Rig) -> None:
    await court.ack("p-judge", "open")
    court.now = NOW - 3_600_000
    await court.ack("p-judge", "recess")
    again = await court.restart().control()
    assert [entry.seq for entry in again.entries] == [1, 2]
    assert again.entries[1].header["at"] == "2024-09-12T00:30:00.000Z"
    assert again.entries[1].payload["clock"] == {"behind_ms": 3_600_000}
    assert "回拨3600秒" in court.documents.lines[2].text


async def test_an_unknown_hearing_is_unknown(court: Rig) -> None:
    with pytest.raises(UnknownHearing):
        await court.hearings.get("h-none")


async def test_many_first_users_get_one_hearing(court: Rig) -> None:
    found = await asyncio.gather(*(court.hearings.get(HEARING) for _ in range(20)))
    assert len({id(control) for control in found}) == 1


@pytest.mark.parametrize("column", ["payload", "header", "leaf", "salt"])
async def test_a_changed_log_is_not_opened_on_a_guess(court: Rig, column: str) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "recess")
    values: dict[str, dict[str, object]] = {
        "payload": {"payload": '{"kind":"planned"}'.replace("planned", "bench")},
        "header": {"header": (await rows(court))[1].header.replace("p-judge", "p-agent")},
        "leaf": {"leaf": bytes(32)},
        "salt": {"salt": bytes(32)},
    }
    changed = update(control_log).where(control_log.c.seq == 2).values(**values[column])
    await court.disk.thread.commit(lambda connection: connection.execute(changed))
    with pytest.raises(LogDamaged, match="entry 2 does not match its leaf"):
        await court.restart().control()


async def test_an_entry_missing_from_the_middle_is_noticed(court: Rig) -> None:
    for name in ("open", "recess", "resume"):
        await court.ack("p-judge", name)
    gone = control_log.delete().where(control_log.c.seq == 2)
    await court.disk.thread.commit(lambda connection: connection.execute(gone))
    with pytest.raises(LogDamaged, match="entry 3 stands where 2 belongs"):
        await court.restart().control()


async def test_an_entry_is_never_written_over(court: Rig) -> None:
    """A second writer of the same place is refused by the database itself."""
    await court.ack("p-judge", "open")
    (row,) = await rows(court)
    with pytest.raises(Exception, match="UNIQUE"):
        await court.disk.thread.commit(log_queries.append([row]))

    def count(connection: Connection) -> int:
        return len(connection.execute(select(control_log)).all())

    assert await court.disk.read(count) == 1


async def test_closing_waits_for_the_command_under_way(court: Rig) -> None:
    control = await court.control()
    court.disk.gate = asyncio.Event()
    command = asyncio.create_task(control.execute("p-judge", OpenSession(), connected=PEOPLE))
    await until(lambda: court.disk.submitted == 1, "the entry is on its way")
    closing = asyncio.create_task(court.hearings.close())
    court.disk.gate.set()
    await closing
    assert await command == Ack(1, 1)
    assert isinstance(await control.execute("p-judge", Close()), Ack)


async def test_the_documents_get_the_state_at_once_and_what_is_owed_is_paid_meanwhile(court: Rig) -> None:
    await court.ack("p-judge", "open")
    del court.documents.lines[1]
    again = court.restart()
    assert (await again.hearings.state_of(HEARING)).phase is Phase.IN_SESSION
    await until(lambda: 1 in court.documents.lines, "the line is written")
    assert (await again.hearings.state_of(HEARING)).seq == 1


async def test_an_entry_of_a_kind_that_is_not_known_is_not_passed_over(court: Rig) -> None:
    """As an older server would find the log of a newer one."""
    header = log_tree.header(HEARING, 1, "2024-09-12T01:30:00.000Z", "Adjourned", "p-judge", {})
    leaf = log_tree.leaf_of(header, bytes(32), {})
    row = log_queries.LogRow(HEARING, 1, log_tree.canonical(header).decode(), bytes(32), "{}", leaf)
    await court.disk.thread.commit(log_queries.append([row]))
    with pytest.raises(LogDamaged, match="'Adjourned'"):
        await court.control()


async def test_coming_and_going_on_other_wires_is_told(court: Rig) -> None:
    judge = await court.join("p-judge")
    court.present = {"p-clerk"}
    court.hearings.presence_changed(HEARING)
    await until(lambda: bool(judge.of("Presence")), "presence is told")
    assert judge.of("Presence")[-1]["connected"] == ["p-judge", "p-clerk"]

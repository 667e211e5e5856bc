"""One room: disk before telling, acks, gaps, lost words, doubled ids, rights that change, a disk that refuses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc, XmlFragment
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from crdt_docs.transcript import Turn, turns
from crdt_docs.wire import y_protocol
from crdt_docs.wire.varint import read_bytes
from crdt_docs.wire.y_protocol import AwarenessEntry
from server.hearing import documents
from server.hearing.permissions import Access
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import ParticipantState, Phase
from server.storage.tables import bindings, checkpoints, updates
from server.sync import gaps, rooms
from tests.sync.conftest import AT, HEARING, Client, Court


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


async def rows(court: Court) -> list[Any]:
    return list(await court.commits.read(lambda connection: connection.execute(select(updates)).all()))


async def test_an_update_is_told_and_acked_only_when_it_is_on_disk(court: Court) -> None:
    room = await court.room()
    clerk, reader = Client(room, "clerk"), Client(room, "judge")
    clerk.open()
    reader.open()
    clerk.add_turn("t1", "现在开庭")
    clerk.send_made()
    assert clerk.acks() == []
    reader.take()
    assert reader.words() == []
    await court.stored()
    reader.take()
    assert reader.words() == ["现在开庭"]
    assert clerk.acks() == [True]
    assert [(row.seq, row.person, row.client) for row in await rows(court)] == [(1, "clerk", clerk.doc.client_id)]


async def test_the_sender_is_not_sent_its_own_update(court: Court) -> None:
    room = await court.room()
    clerk = Client(room, "clerk")
    clerk.open()
    before = len(clerk.messages())
    clerk.add_turn("t1", "字")
    clerk.send_made()
    await court.stored()
    assert [message[:2] for message in clerk.messages()[before:]] == [b"\x08\x01"]


async def test_what_one_commit_holds_goes_out_as_one_frame(court: Court) -> None:
    room = await court.room()
    one, two, reader = Client(room, "clerk"), Client(room, "clerk2"), Client(room, "judge")
    for client in (one, two, reader):
        client.open()
    before = len(reader.messages())
    for number in range(20):
        one.add_turn(f"a{number}", "甲")
        two.add_turn(f"b{number}", "乙")
    one.send_made()
    two.send_made()
    await court.stored()
    assert len(reader.messages()) - before < 40
    reader.take()
    assert sorted(reader.words()) == ["乙"] * 20 + ["甲"] * 20
    assert one.acks() == two.acks() == [True] * 20


async def test_a_sync_step_1_after_updates_is_answered_when_they_are_on_disk(court: Court) -> None:
    room = await court.room()
    tool = Client(room, "clerk", collab=False)
    tool.open()
    tool.add_turn("t1", "字")
    tool.send_made()
    before = len(tool.messages())
    room.sync(tool.peer, y_protocol.Sync.STEP1, b"\0")
    assert len(tool.messages()) == before
    await court.stored()
    copy: Doc[Any] = Doc()
    copy.apply_update(read_bytes(tool.messages()[-1], 2)[0])
    assert len(copy.get("transcript", type=XmlFragment).children) == 1


async def test_a_frame_with_a_gap_waits_for_what_fills_it(court: Court) -> None:
    room = await court.room()
    clerk, reader = Client(room, "clerk"), Client(room, "judge")
    reader.open()
    clerk.add_turn("t1", "甲")
    clerk.text().insert(3, "乙")
    first, second = clerk.made
    clerk.send(second)
    assert clerk.acks() == []
    clerk.step2(first)
    await court.stored()
    await court.stored()
    reader.take()
    assert reader.words() == ["甲乙"]
    assert clerk.acks() == [True, True]


async def test_a_gap_never_filled_is_dropped_asked_for_and_acked_when_its_content_has_come(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "HELD_SECONDS", 0.01)
    room = await court.room()
    clerk = Client(room, "clerk")
    clerk.open()
    clerk.add_turn("t1", "甲")
    clerk.text().insert(3, "乙")
    asked = len(clerk.peer.asked)
    clerk.send(clerk.made[1])
    await until(lambda: len(clerk.peer.asked) > asked)
    assert clerk.acks() == []
    clerk.step2(b"\0\0")  # the answer to the handshake's question, under way before
    clerk.step2()
    await court.stored()
    assert clerk.acks() == [True, True]  # the handshake's and the dropped update's; none for the second question


async def test_the_third_gap_dropped_in_a_minute_is_stale(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "HELD_SECONDS", 0.005)
    room = await court.room()
    clerk = Client(room, "clerk", collab=False)
    clerk.open()
    clerk.add_turn("t1", "甲")
    clerk.text().insert(3, "乙")
    for _ in range(3):
        asked = len(clerk.peer.asked)
        clerk.send(clerk.made[1])
        await until(lambda asked=asked: len(clerk.peer.asked) > asked or clerk.socket.closed)
    assert clerk.socket.closed == (4409, "stale")


async def test_words_typed_into_a_deleted_turn_are_told_to_their_writer_and_the_clerks(court: Court) -> None:
    room = await court.room()
    one, two = Client(room, "clerk"), Client(room, "clerk2")
    one.open()
    two.open()
    one.add_turn("t1", "甲")
    one.send_made()
    await court.stored()
    two.take()
    two.text().insert(3, "听见了")
    del one.root.children[0]
    one.send_made()
    two.send_made()
    await court.stored()
    people, notice = court.notices[-1]
    assert people == {"clerk", "clerk2"}
    assert (notice["turn"], notice["person"], notice["words"]) == ("t1", "clerk2", "听见了")
    assert any("听见了".encode() in message for message in one.messages() if message[:1] == b"\x05")


async def test_two_living_turns_of_one_id_get_two_ids(court: Court) -> None:
    room = await court.room()
    one, two = Client(room, "clerk"), Client(room, "clerk2")
    one.open()
    two.open()
    one.add_turn("same", "甲")
    two.add_turn("same", "乙")
    one.send_made()
    two.send_made()

    def ids(client: Client) -> set[str]:
        client.take()
        return {dict(turn.attributes)["id"] for turn in client.root.children}  # type: ignore[union-attr]

    await until(lambda: len(ids(one)) == 2 and ids(one) == ids(two))
    assert "same" in ids(one)


async def test_a_repair_that_a_kill_prevented_is_made_at_the_next_start(court: Court) -> None:
    room = await court.room()
    room.shared.doubled = lambda _room, _doubled: None
    clerk = Client(room, "clerk")
    clerk.open()
    clerk.add_turn("same", "甲")
    clerk.add_turn("same", "乙")
    clerk.send_made()
    await court.stored()
    restarted = await court.room(court.new_rooms())
    reader = Client(restarted, "judge")
    reader.open()

    def ids() -> set[str]:
        reader.take()
        return {dict(turn.attributes)["id"] for turn in reader.root.children}  # type: ignore[union-attr]

    await until(lambda: len(ids()) == 2)
    assert "same" in ids()


async def test_a_reader_who_writes_is_told_and_goes_on_reading(court: Court) -> None:
    court.state = court.state.with_participants([])
    court.change("plaintiff", ParticipantState.IN_COURT)
    room = await court.room()
    clerk, party = Client(room, "clerk"), Client(room, "plaintiff")
    clerk.open()
    party.open()
    party.add_turn("t1", "改")
    party.send_made()
    clerk.add_turn("t2", "记")
    clerk.send_made()
    await court.stored()
    party.take()
    assert party.acks() == [False]
    assert "记" in party.words()
    assert [row.person for row in await rows(court)] == ["clerk"]


async def test_an_isolated_person_is_cut_with_what_had_been_sent(court: Court) -> None:
    court.change("plaintiff", ParticipantState.IN_COURT)
    room = await court.room()
    clerk, party, tool = Client(room, "clerk"), Client(room, "plaintiff"), Client(room, "plaintiff", collab=False)
    for client in (clerk, party, tool):
        client.open()
    clerk.add_turn("t1", "听得见")
    clerk.send_made()
    await court.stored()
    seen = court.change("plaintiff", ParticipantState.ISOLATED)
    assert seen["plaintiff"][f"{HEARING}/transcript"].seq == 1
    sent = len(party.socket.written), len(tool.socket.written)
    clerk.add_turn("t2", "听不见")
    clerk.send_made()
    await court.stored()
    assert (len(party.socket.written), len(tool.socket.written)) == sent
    assert party.messages()[-1] == b"\x07\x09forbidden" and party.ended == ["end"] and party.socket.closed is None
    assert tool.socket.closed == (4403, "forbidden")
    assert party.socket.cuts == tool.socket.cuts == 1


async def test_a_right_lost_since_is_stale(court: Court) -> None:
    court.change("plaintiff", ParticipantState.IN_COURT)
    room = await court.room()
    clerk = Client(room, "clerk", collab=False)
    clerk.open()
    clerk.peer.had_write = True
    room.access = lambda _person: Access(True, False, "role_may_not_write")  # type: ignore[method-assign]
    clerk.add_turn("t1", "迟")
    clerk.send_made()
    assert clerk.socket.closed == (4409, "stale")


async def test_a_frozen_transcript_is_repaired_only_when_it_is_a_draft_again(court: Court) -> None:
    court.change("plaintiff", ParticipantState.IN_COURT)
    room = await court.room()
    clerk, second = Client(room, "clerk"), Client(room, "clerk2")
    clerk.open()
    second.open()
    for each in (clerk, second):
        each.add_turn("t1", "同号")
        each.send_made()
    draft = court.state.signing
    court.stage(replace(draft, stage=TranscriptPhase.REVIEW, started=5))
    await court.stored()
    await court.stored()
    assert [turn.id for turn in turns(room.document.doc)] == ["t1", "t1"]
    court.stage(draft)
    for _ in range(5):
        await court.stored()
    ids = [turn.id for turn in turns(room.document.doc)]
    assert len(set(ids)) == 2 and "t1" in ids


async def test_after_a_refusing_disk_nothing_is_doubled_or_lost(court: Court) -> None:
    room = await court.room()
    clerk, reader = Client(room, "clerk"), Client(room, "judge")
    clerk.open()
    reader.open()
    refuse = True

    def full(_connection: Connection) -> Any:
        if refuse:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    clerk.add_turn("t1", "磁盘满")
    clerk.send_made()
    court.commits.submit(full, lambda _error: None)
    await until(lambda: clerk.socket.closed is not None)
    assert clerk.socket.closed == (1013, "storage_unavailable")
    assert clerk.acks() == [False]
    reader.take()
    assert reader.words() == [] and reader.socket.closed is None
    refuse = False
    await until(lambda: court.commits.healthy and not room.busy)
    again = Client(room, "clerk")
    again.doc = clerk.doc
    again.open()
    again.step2()
    await court.stored()
    reader.take()
    assert reader.words() == ["磁盘满"]
    assert [row.seq for row in await rows(court)] == [1]


async def test_a_room_comes_back_from_log_and_checkpoint_as_it_was(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.rooms.CLOSING_SECONDS", 60.0)  # however long the proof's process takes to start
    room = await court.room()
    clerk = Client(room, "clerk")
    clerk.open()
    for number in range(30):
        clerk.add_turn(f"t{number}", f"第{number}句")
    clerk.send_made()
    await court.stored()
    heads = court.rooms.heads(HEARING)
    await court.rooms.close()
    await court.stored()
    stored = await court.commits.read(lambda connection: connection.execute(select(checkpoints.c.seq)).all())
    assert [row.seq for row in stored] == [30]
    clerk.add_turn("after", "之后")
    clerk.send_made()
    await court.stored()
    assert court.rooms.heads(HEARING) != heads
    restarted = court.new_rooms()
    other = await court.room(restarted)
    reader = Client(other, "judge")
    reader.open()
    assert reader.words() == clerk.words()
    assert restarted.heads(HEARING) == court.rooms.heads(HEARING)
    assert (other.gate.state_vector(), other.seq) == (room.gate.state_vector(), 31)


async def test_a_document_that_differs_from_its_log_is_loaded_anew(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(rooms, "CHECKPOINT_EVERY", 1)
    room = await court.room()
    clerk = Client(room, "clerk")
    clerk.open()
    foreign: Doc[Any] = Doc()
    foreign.get("transcript", type=XmlFragment).children.append("未经记录")
    room.document.apply(foreign.get_update())
    clerk.add_turn("t1", "记录在案")
    clerk.send_made()
    await until(lambda: clerk.socket.closed == (1012, "restart") and not room.busy)
    reader = Client(room, "judge")
    reader.open()
    assert reader.words() == ["记录在案"]


async def test_a_line_of_the_log_is_written_once_whatever_is_asked(court: Court) -> None:
    turn = Turn("c1", "procedure", "judge", "审", AT, "control:1", "宣布开庭。")
    await asyncio.gather(*(court.rooms.write_line(HEARING, 1, turn) for _ in range(5)))
    await court.new_rooms().write_line(HEARING, 1, turn)
    assert [row.line for row in await rows(court)] == [1]
    reader = Client(await court.room(), "judge")
    reader.open()
    assert reader.words() == ["宣布开庭。"]


async def test_a_client_id_belongs_to_its_first_person_for_good(court: Court) -> None:
    room = await court.room()
    clerk, other = Client(room, "clerk"), Client(room, "clerk2", collab=False)
    room.awareness.receive(clerk.peer, [AwarenessEntry(77, 1, '{"user":{"name":"clerk"}}')])
    await court.stored()
    room.awareness.receive(other.peer, [AwarenessEntry(77, 2, '{"user":{"name":"clerk2"}}')])
    await court.stored()
    assert b'{"user":{"name":"clerk"}}' in b"".join(clerk.messages())
    assert not any(b"clerk2" in message for message in clerk.messages())
    kept = await court.commits.read(lambda connection: connection.execute(select(bindings)).all())
    assert (HEARING, 77, "clerk") in [tuple(row) for row in kept]


async def test_awareness_as_somebody_else_is_ignored(court: Court) -> None:
    room = await court.room()
    clerk = Client(room, "clerk")
    room.awareness.receive(clerk.peer, [AwarenessEntry(5, 1, '{"user":{"id":"judge","name":"judge"}}')])
    room.awareness.receive(clerk.peer, [AwarenessEntry(6, 1, '{"user":{"name":"clerk"}}'), AwarenessEntry(7, 1, "{}")])
    await court.stored()
    assert clerk.messages() == [y_protocol.awareness([AwarenessEntry(6, 1, '{"user":{"name":"clerk"}}')])]


async def test_a_phase_that_gives_the_right_to_write_says_so(court: Court) -> None:
    room = await court.room()
    assert room.applied_seq == 0
    court.change("plaintiff", ParticipantState.IN_COURT, Phase.IN_SESSION)
    assert court.rooms.applied_seq(HEARING) == court.state.seq
    with pytest.raises(LookupError):
        await court.rooms.open(documents.annotations(HEARING, "no-such-exhibit"))

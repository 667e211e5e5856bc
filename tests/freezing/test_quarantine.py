"""What clerks send after the freeze: refused as too late, kept aside, never in the text."""

from __future__ import annotations

import hashlib

import pytest

from crdt_docs.document import Document
from crdt_docs.transcript import turns
from server.hearing import signing
from tests.freezing.rig import HEARING, Chamber
from tests.sync.conftest import Client


async def kept(chamber: Chamber, count: int = 1) -> None:
    control = await chamber.control()
    await chamber.until(lambda: len(control.state.signing.late) >= count)


async def test_a_late_edit_is_refused_as_stale_and_kept_with_its_entry(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    frozen = await chamber.frozen()
    before = await chamber.content()
    clerk.add_turn("t2", "迟到的话")
    (update,) = clerk.made
    clerk.send_made()
    assert clerk.acks()[-1:] == [] or clerk.ended == ["end"]
    assert clerk.ended == ["end"]
    await kept(chamber)
    (row,) = await chamber.late()
    control = await chamber.control()
    entry = control.entries[-1]
    assert (entry.event.kind, entry.event.actor) == ("LateEditKept", "court")
    assert entry.payload == {
        "v": 1,
        "document": f"{HEARING}/transcript",
        "person": "clerk",
        "sha256": hashlib.sha256(row.data).hexdigest(),
        "bytes": len(row.data),
    }
    assert (row.person, row.data) == ("clerk", update)
    assert await chamber.content() == before
    assert frozen.payload["content_sha256"] == await chamber.digest()


async def test_an_offline_clerk_who_comes_back_after_the_freeze_is_told_stale(chamber: Chamber) -> None:
    first = await chamber.written("clerk2", "t1", "一")
    first.take()
    doc = first.doc
    (await chamber.room()).leave(first.peer)
    await chamber.frozen()
    back = Client(await chamber.room(), "clerk2", collab=False)
    back.doc = doc
    first.add_turn("t2", "离线写的话")
    back.step2()
    assert back.socket.closed == (4409, "stale")
    await kept(chamber)
    (row,) = await chamber.late()
    document = Document("with the late edit")
    document.apply((await chamber.room()).document.diff())
    document.apply(row.data)
    assert "离线写的话" in [turn.text for turn in turns(document.doc)]


async def test_the_same_edit_is_kept_once_however_often_it_comes(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    await chamber.frozen()
    clerk.add_turn("t2", "二")
    (update,) = clerk.made
    for _ in range(3):
        again = Client(await chamber.room(), "clerk")
        again.send(update)
    clerk.send_made()
    await kept(chamber)
    await chamber.stored()
    control = await chamber.control()
    assert len(await chamber.late()) == len(control.state.signing.late) == 1


async def test_late_edits_that_rest_on_each_other_are_all_kept(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    await chamber.frozen()
    clerk.add_turn("t2", "二")
    clerk.text(len(clerk.words()) - 1).insert(0, "第")
    for update in clerk.made:
        Client(await chamber.room(), "clerk").send(update)
    await kept(chamber, 2)
    assert len(await chamber.late()) == 2


@pytest.mark.parametrize("person", ["plaintiff", "judge"])
async def test_nothing_of_others_is_kept(chamber: Chamber, person: str) -> None:
    await chamber.frozen()
    other = Client(await chamber.room(), person)
    other.open()
    other.add_turn("t9", "不该有的话")
    other.send_made()
    assert other.acks()[-1] is False
    await chamber.stored()
    assert await chamber.late() == []


async def test_what_the_gate_would_refuse_is_not_kept(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    await chamber.frozen()
    clerk.take()
    clerk.send(b"\x01\x01\xff")
    clerk.add_turn("c1", "像法庭写的话")  # the court's own ids are nobody else's
    for person in ("clerk", "clerk2"):
        Client(await chamber.room(), person).send(clerk.made[-1])
    await chamber.until(lambda: not chamber.rooms._tasks)
    assert await chamber.late() == []


async def test_no_more_is_kept_than_there_is_room_for(chamber: Chamber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "MOST_LATE", 2)
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    await chamber.frozen()
    for number in range(4):
        clerk.add_turn(f"x{number}", "迟")
    for update in clerk.made:
        Client(await chamber.room(), "clerk").send(update)
    await kept(chamber, 2)
    await chamber.until(lambda: not chamber.rooms._tasks)
    assert len(await chamber.late()) == 2


async def test_after_the_reopening_the_clerk_writes_again(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    await chamber.frozen()
    clerk.add_turn("t2", "迟到的话")
    clerk.send_made()
    await kept(chamber)
    await chamber.give("judge", "reopen", reason="补记")
    again = await chamber.written("clerk", "t3", "补记的话")
    assert again.ended == []
    texts = [turn.text for turn in turns((await chamber.room()).document.doc)]
    assert "补记的话" in texts and "迟到的话" not in texts
    second = await chamber.frozen()
    assert second.payload["content_sha256"] == await chamber.digest()


async def test_the_late_edits_client_belongs_to_its_clerk_for_good(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "一")
    clerk.take()
    await chamber.frozen()
    fresh = Client(await chamber.room(), "clerk")
    fresh.open()
    fresh.add_turn("t2", "二")
    (update,) = fresh.made
    fresh.send_made()
    await kept(chamber)
    await chamber.give("judge", "reopen", reason="补记")
    thief = Client(await chamber.room(), "clerk2", collab=False)
    thief.open()
    thief.send(update)
    assert thief.socket.closed is not None and thief.socket.closed[0] == 4403

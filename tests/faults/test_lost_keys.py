"""A turn that lost its id, kind or time (an undo that met another change) is repaired by the court's writer."""

import pytest
from pycrdt import XmlElement

from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, fragment, now, random_word


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("key", ["id", "kind", "at"])
async def test_a_removed_key_comes_back_on_every_copy(shared_server: ServerProcess, wire: str, key: str) -> None:
    hearing = shared_server.demo.hearing
    clerk = await WIRES[wire].connect(shared_server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()
    add_turn(clerk.doc, random_word(), index=0)
    await clerk.saved()
    turn = fragment(clerk.doc).children[0]
    del turn.attributes[key]
    await until(lambda: turn.attributes.get(key), "the repair")
    await clerk.saved()
    assert clerk.closed is None
    if isinstance(clerk, CollabSpeaker):
        assert False not in clerk.acks and clerk.closes == []


async def test_a_deleted_turn_that_comes_back_without_an_id_gets_one(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    clerk = await CollabSpeaker.connect(shared_server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()
    had = {"kind": "note", "at": now()}
    fragment(clerk.doc).children.insert(0, XmlElement("turn", {"id": random_word("t"), **had}))
    del fragment(clerk.doc).children[0]
    fragment(clerk.doc).children.insert(0, XmlElement("turn", had))
    turn = fragment(clerk.doc).children[0]
    await until(lambda: turn.attributes.get("id"), "the repair")
    assert turn.attributes["kind"] == "note" and False not in clerk.acks


async def test_a_new_turn_without_an_id_is_refused(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    clerk = await CollabSpeaker.connect(shared_server.url, hearing.transcript, hearing.person("clerk", 1).token)
    await clerk.in_step()
    fragment(clerk.doc).children.insert(0, XmlElement("turn", {"kind": "note", "at": "2001-01-01T00:00:00+08:00"}))
    await until(lambda: clerk.closes, "the refusal")
    assert clerk.acks[-1] is False and clerk.closes == ["forbidden"]

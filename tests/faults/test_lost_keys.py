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


async def test_a_turn_that_comes_without_an_id_gets_one(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    clerk = await CollabSpeaker.connect(shared_server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()
    fragment(clerk.doc).children.insert(0, XmlElement("turn", {"kind": "note", "at": now()}))
    turn = fragment(clerk.doc).children[0]
    await until(lambda: turn.attributes.get("id"), "the repair")
    assert turn.attributes["kind"] == "note" and False not in clerk.acks

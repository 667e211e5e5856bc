"""A missing clock is no offence: what is typed during the handshake is held, filled, acknowledged."""

import pytest

from tests.faults.offences import edit
from tests.harness import messages as m
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, all_words, append_words, fragment, random_word


async def joined(server: ServerProcess, wire: str) -> YjsSpeaker | CollabSpeaker:
    hearing = server.demo.hearing
    speaker = await WIRES[wire].connect(server.url, hearing.transcript, hearing.clerk.token)
    await speaker.in_step()
    await speaker.asked_again()
    await speaker.saved()
    return speaker


def two_edits(speaker: Speaker) -> tuple[bytes, bytes, str]:
    """Two updates that follow on each other, applied here and not sent; the last word."""
    speaker.is_silent = True
    word = random_word()
    first = edit(speaker.doc, lambda doc: add_turn(doc, "一"))
    turns = fragment(speaker.doc).children
    text = turns[len(turns) - 1].children[0]
    second = edit(speaker.doc, lambda doc: append_words(text, word))
    speaker.is_silent = False
    return first, second, word


@pytest.mark.parametrize("wire", WIRES)
async def test_an_update_before_the_one_it_follows_is_held_until_that_comes(
    shared_server: ServerProcess, wire: str
) -> None:
    writer, reader = await joined(shared_server, wire), await joined(shared_server, "yjs")
    first, second, word = two_edits(writer)
    writer.send_update(second)
    await reader.asked_again()
    assert reader.updates == []
    writer.send_update(first)
    await until(lambda: word in all_words(reader.doc), "both updates")
    await writer.saved()
    if isinstance(writer, CollabSpeaker):
        assert False not in writer.acks
    assert writer.closed is None


@pytest.mark.parametrize("wire", WIRES)
async def test_an_update_that_a_sync_step_2_fills_is_acknowledged_once(shared_server: ServerProcess, wire: str) -> None:
    writer, reader = await joined(shared_server, wire), await joined(shared_server, "yjs")
    before = writer.doc.get_state()
    _, second, word = two_edits(writer)
    writer.send_update(second)
    writer.send_sync(m.STEP2, writer.doc.get_update(before))
    await until(lambda: word in all_words(reader.doc), "both updates")
    await writer.saved()
    if isinstance(writer, CollabSpeaker):
        await writer.asked_again()
        assert writer.acks == [True] * (writer.sent + writer.answers)

"""Awareness: one's own state is echoed, another person's is ignored and never punished."""

from typing import Any

import pytest
from pycrdt import Doc

from tests.harness import messages as m
from tests.harness.demo import Person
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word


async def joined(server: ServerProcess, wire: str, person: Person) -> YjsSpeaker | CollabSpeaker:
    speaker = await WIRES[wire].connect(server.url, server.demo.hearing.transcript, person.token)
    await speaker.in_step()
    return speaker


def user_of(person: Person, **more: str) -> dict[str, str]:
    return {"id": person.id, "name": person.name, **more}


@pytest.mark.parametrize("wire", WIRES)
async def test_an_own_state_is_echoed_and_sent_on(shared_server: ServerProcess, wire: str) -> None:
    clerk, judge = shared_server.demo.hearing.clerk, shared_server.demo.hearing.judge
    speaker, other = await joined(shared_server, wire, clerk), await joined(shared_server, "yjs", judge)
    mark = random_word()
    speaker.show(user_of(clerk, mark=mark))
    for each in (speaker, other):
        await until(lambda e=each: mark in repr(e.states), "the state")
    await speaker.leave()
    await until(lambda: other.states[speaker.doc.client_id][1] is None, "the state to go with its person")


@pytest.mark.parametrize("wire", WIRES)
async def test_somebody_elses_client_id_or_name_reaches_nobody_and_costs_nothing(
    shared_server: ServerProcess, wire: str
) -> None:
    hearing = shared_server.demo.hearing
    victim, watcher = (
        await joined(shared_server, "yjs", hearing.clerk),
        await joined(shared_server, "yjs", hearing.judge),
    )
    victim.show(user_of(hearing.clerk))
    await until(lambda: victim.doc.client_id in watcher.states, "the victim's own state")
    liar, mark = await joined(shared_server, wire, hearing.person("defendant")), random_word()
    liar.clock = 50
    liar.show(user_of(hearing.person("defendant"), mark=mark), client=victim.doc.client_id)
    liar.show(user_of(hearing.clerk, mark=mark))
    liar.show({"name": hearing.judge.name, "mark": mark})
    liar.send_body(m.awareness({victim.doc.client_id: (90, None)}))
    await liar.asked_again()
    await watcher.asked_again()
    assert mark not in repr(watcher.states)
    assert watcher.states[victim.doc.client_id][1] == {"user": user_of(hearing.clerk)}
    assert liar.closed is None and not getattr(liar, "closes", [])


@pytest.mark.parametrize("wire", WIRES)
async def test_a_client_id_shown_once_can_be_written_under_by_that_person_only(
    shared_server: ServerProcess, wire: str
) -> None:
    hearing = shared_server.demo.hearing
    first, second = await joined(shared_server, wire, hearing.clerk), hearing.person("clerk", 1)
    first.show(user_of(hearing.clerk))
    await first.asked_again()
    forger = await joined(shared_server, wire, second)
    forger.is_silent = True
    forged: Doc[Any] = Doc(client_id=first.doc.client_id)
    add_turn(forged, random_word())
    forger.send_update(forged.get_update())
    await until(lambda: forger.closed or getattr(forger, "closes", None), "the refusal")
    if isinstance(forger, CollabSpeaker):
        assert forger.closes == ["forbidden"]
    else:
        assert forger.closed is not None and forger.closed.code == 4403


@pytest.mark.parametrize("wire", WIRES)
async def test_a_state_over_four_kilobytes_or_that_is_no_json_is_not_sent_on(
    shared_server: ServerProcess, wire: str
) -> None:
    hearing = shared_server.demo.hearing
    watcher = await joined(shared_server, "yjs", hearing.judge)
    speaker, mark = await joined(shared_server, wire, hearing.clerk), random_word()
    speaker.show(user_of(hearing.clerk, mark=mark, filling="x" * 5_000))
    await until(lambda: speaker.kept, "the handshake")
    await watcher.asked_again()
    assert mark not in repr(watcher.states)

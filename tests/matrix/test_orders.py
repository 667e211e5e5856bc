"""Over the real wires: whoever is removed, and observers of a closed gallery, get nothing from the ack on."""

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.matrix.isolation import Noise, Prisoner, noise_in


@pytest.fixture
def server(make_server: MakeServer) -> ServerProcess:
    return make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()


async def meantime(noise: Noise, *someone: Prisoner) -> None:
    """Others go on; not a word of theirs is among the bytes that reached these people."""
    noise.counting = True
    await noise.some()
    for each in someone:
        got = each.got()
        assert [word for word in noise.words if word.encode() in got] == []


async def documents_ended(person: Prisoner) -> None:
    for speaker in person.speakers:
        if hasattr(speaker, "denied"):
            await until(lambda s=speaker: s.denied, "PermissionDenied on /collab")
        else:
            assert (await speaker.raw.ended()).code == 4403


async def test_whoever_is_removed_gets_not_a_word_more_on_any_wire(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    noise = await noise_in(server, hearing)
    removed = Prisoner(server, hearing, hearing.person("defendant"))
    await removed.connect()
    await removed.in_step()
    answer = await judge.command("remove", person=removed.person.id, reason="多次打断发言")
    assert answer["type"] == "Ack", answer
    noise.start()
    try:
        await meantime(noise, removed)
        await documents_ended(removed)
        ended = await removed.controls[0].raw.ended()
        assert (ended.code, ended.reason) == (4403, "removed")
        told = removed.controls[0].of("Event")[-1]
        assert (told["header"]["kind"], told["payload"]["person"]) == ("Removed", removed.person.id)
        removed.ask_over_http()
        assert removed.statuses == [403] * 3
        back = await ControlClient.connect(server.url, hearing.id, removed.person.token)
        assert (await back.raw.ended()).code == 4403
        await meantime(noise, removed)
    finally:
        await noise.stop()

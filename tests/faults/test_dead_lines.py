"""A judge's machine freezes without a word: their line counts as dead, the court is held, and nobody else's line is."""

from server.settings import Settings
from tests.harness.control_client import ControlClient
from tests.harness.demo import Person
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word

SHORT = {"YUNTING_SILENCE": "3", "YUNTING_HOLD_AFTER": "0.5", "YUNTING_REFUSAL_BACKOFF": "0"}
KINDS = ("hocuspocus", "y-websocket")


async def reads(node: NodeClient, server: ServerProcess, person: Person) -> None:
    """Both unmodified providers, on the transcript."""
    place = {"url": server.url, "document": server.demo.hearing.transcript, "token": person.token}
    for kind in KINDS:
        await node.call("make", name=kind, kind=kind, **place)
        await node.call("wait", name=kind, what="synced")


def dropped(server: ServerProcess) -> int:
    """Sockets that gave no sign of life."""
    with server.http() as client:
        lines = client.get("/metrics").text.splitlines()
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines if 'closed_total{code="1006"}' in line)


def test_nobody_waits_longer_than_thirty_five_seconds_for_the_hold() -> None:
    settings = Settings.from_environment({})
    assert settings.silence > 0 and settings.silence + settings.hold_after <= 35


async def test_a_frozen_judge_is_noticed_and_quiet_people_stay(
    make_server: MakeServer, node: NodeClient, another_node: NodeClient, sockets_dropped: None
) -> None:
    server = make_server(env=SHORT).start()
    hearing = server.demo.hearing
    await reads(node, server, hearing.judge)
    await reads(another_node, server, hearing.person("clerk", 1))  # awake, and silent
    party = await ControlClient.connect(server.url, hearing.id, hearing.person("plaintiff").token)
    clerk = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    await party.wait_for("Welcome")
    assert all(state["hold"] is None for state in party.of("State"))
    node.suspend()
    await until(lambda: any(state["hold"] for state in party.of("State")), "the hold")
    assert dropped(server) == len(KINDS) and not party.raw.closed and not clerk.closed
    word = random_word()
    add_turn(clerk.doc, word)
    for kind in KINDS:
        await another_node.call("wait_words", name=kind, text=word)
        assert (await another_node.call("status", name=kind))["connections"] == 1
    node.wake()
    await until(lambda: party.of("State")[-1]["hold"] is None, "the judge's providers to be back by themselves")
    for kind in KINDS:
        await node.call("wait_words", name=kind, text=word)

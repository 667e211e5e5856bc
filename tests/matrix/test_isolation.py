"""From the acked command on, not one byte of the hearing reaches the isolated person on any wire."""

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.harness.writing import all_words, random_word
from tests.matrix.isolation import Noise, Prisoner, noise_in

ROUNDS = 4


@pytest.fixture
def server(make_server: MakeServer) -> ServerProcess:
    return make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()


def found(noise: Noise, got: bytes) -> list[str]:
    return [word for word in noise.words if word.encode() in got]


async def sealed(prisoner: Prisoner, noise: Noise, judge: ControlClient) -> None:
    """The isolation itself: old sockets, new ones, HTTP, other people's events."""
    answer = await judge.command("isolate", person=prisoner.person.id, reason="证人作证")
    assert answer["type"] == "Ack", answer
    noise.counting = True
    await noise.some()
    secret = random_word("reason")
    noise.words.append(secret)
    assert (await judge.command("recess", reason=secret))["type"] == "Ack"
    assert (await judge.command("resume"))["type"] == "Ack"
    await prisoner.connect()
    prisoner.ask_over_http()
    await noise.some()
    for speaker in prisoner.speakers:
        speaker.ask()
        speaker.show({"id": prisoner.person.id})
    await noise.some()


async def ended_as_promised(prisoner: Prisoner) -> None:
    """/yjs closed 4403; /collab told in band; /control still open; HTTP 403."""
    for speaker in prisoner.speakers:
        if hasattr(speaker, "denied"):
            await until(lambda s=speaker: s.denied, "PermissionDenied on /collab")
        else:
            assert (await speaker.raw.ended()).code == 4403
    assert [control.raw.closed for control in prisoner.controls] == [None] * len(prisoner.controls)
    assert prisoner.statuses == [403] * len(prisoner.statuses)


def events(control: ControlClient) -> list[dict[str, object]]:
    return control.of("Event")


def only_own_events(control: ControlClient) -> bool:
    """What /control carried: own Isolated, Released, keepalives; nothing of roster, presence, phase."""
    kinds = {message["type"] for message in control.collect()}
    own = {event["header"]["kind"] for event in control.of("Event") if "payload" in event}
    return kinds <= {"Event", "Ping", "Welcome"} and own <= {"Isolated", "Released"}


async def test_no_word_of_the_meantime_reaches_the_isolated_person_on_any_wire(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    noise = await noise_in(server, hearing)
    prisoner = Prisoner(server, hearing, hearing.person("defendant"))
    noise.start()
    total = 0
    for _ in range(ROUNDS):
        await prisoner.connect()
        await prisoner.in_step()
        await sealed(prisoner, noise, judge)
        await ended_as_promised(prisoner)
        assert found(noise, prisoner.got()) == []
        assert only_own_events(prisoner.controls[1])
        total += len(noise.words)
        noise.counting = False
        noise.words.clear()
        assert (await judge.command("release", person=prisoner.person.id))["type"] == "Ack"
        prisoner.drop()
    await noise.stop()
    print(f"{total} random words in {ROUNDS} isolations under load: 0 found on any wire")


async def test_after_release_the_state_comes_at_once_and_the_meantimes_events_stay_withheld(
    server: ServerProcess,
) -> None:
    hearing = server.demo.hearing
    person = hearing.person("defendant")
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    noise = await noise_in(server, hearing)
    prisoner = Prisoner(server, hearing, person)
    await prisoner.connect()
    await prisoner.in_step()
    noise.start()
    await sealed(prisoner, noise, judge)
    await noise.stop()
    await noise.clerk.saved()
    own = prisoner.controls[0]
    assert (await judge.command("release", person=person.id))["type"] == "Ack"
    await until(lambda: any(event["header"]["kind"] == "Released" for event in events(own)), "Released")
    words = [word for word in noise.words if word in all_words(noise.clerk.doc)]
    prisoner.drop()
    await prisoner.connect()
    await prisoner.in_step()
    assert [word for word in words if word not in all_words(prisoner.speakers[0].doc)] == []
    await judge.command("recess", reason="x")
    control = prisoner.controls[0]
    await until(lambda: any(e["header"]["kind"] == "SessionRecessed" and "payload" in e for e in events(control)), "x")
    seqs = [event["header"]["seq"] for event in events(control)]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "numbers without a gap"
    assert not any(word.encode() in bytes(control.raw.received) for word in noise.words), "withheld for ever"
    withheld = [event for event in events(control) if "payload" not in event]
    assert {event["header"]["kind"] for event in withheld} >= {"SessionRecessed", "SessionResumed"}
    assert all(event["leaf"] and event.get("salt") is None for event in withheld)


async def test_the_isolated_cannot_write_or_command_either(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    person = hearing.person("defendant")
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    noise = await noise_in(server, hearing)
    prisoner = Prisoner(server, hearing, person)
    await prisoner.connect()
    await prisoner.in_step()
    await judge.command("isolate", person=person.id, reason="x")
    noise.party.updates.clear()
    for speaker in prisoner.speakers:
        if speaker.document == hearing.annotations[0] and speaker.closed is None:
            speaker.send_update(b"\x00\x00")
            speaker.show({"id": person.id, "name": person.name})
    await noise.party.asked_again()
    assert noise.party.updates == []
    answer = server.command(person.token, hearing.id, "release", person=person.id)
    assert answer.status_code == 403
    refused = await prisoner.controls[0].command("release", person=person.id)
    assert refused["type"] == "Refused"


async def test_isolation_survives_a_kill_and_another_device(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    person = hearing.person("defendant")
    assert server.command(hearing.judge.token, hearing.id, "isolate", person=person.id, reason="x").status_code == 200
    server.restart()
    prisoner = Prisoner(server, hearing, person)
    await prisoner.connect()
    prisoner.ask_over_http()
    await ended_as_promised(prisoner)
    noise = await noise_in(server, hearing)
    noise.counting = True
    noise.start()
    await noise.some()
    await noise.stop()
    assert found(noise, prisoner.got()) == []

"""From the acked command on, not one byte of the hearing reaches the isolated person on any wire."""

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.harness.writing import all_words, random_word
from tests.matrix.isolation import Noise, Prisoner, noise_in
from tests.media_link.peers import Signalling

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
    noise.isolated = answer["seq"]
    noise.counting = True
    await noise.some()
    own = prisoner.controls[0]
    assert (await own.command("line", text=random_word("own")))["type"] == "Ack"
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


def assert_empty_once(media: Signalling, judge: str, isolated: int) -> None:
    """What /media carried from the isolation on: nobody on any slot, once, and nothing at any order of the court."""
    kinds = {message["type"] for message in media.heard} | {each["type"] for each in media.of("Slots")}
    assert kinds <= {"Welcome", "Answer", "Slots", "Quality", "Ping", "Ended"}
    since = [slots for slots in media.of("Slots") if slots["seq"] >= isolated]
    assert [{*slots["audio"], *slots["video"], slots["large"]} for slots in since] == [{None, ""}]
    before = [slots for slots in media.of("Slots") if slots["seq"] < isolated]
    assert all(judge in slots["audio"] for slots in before)


def events(control: ControlClient) -> list[dict[str, object]]:
    return control.of("Event")


def only_own_events(control: ControlClient) -> bool:
    """What /control carried: own Isolated, Released, private line, keepalives; nothing of roster, presence, phase."""
    kinds = {message["type"] for message in control.collect()}
    own = {event["header"]["kind"] for event in control.of("Event") if "payload" in event}
    return kinds <= {"Event", "Ping", "Welcome", "Ack"} and own <= {"Isolated", "Released", "PrivateLine"}


async def test_no_word_of_the_meantime_reaches_the_isolated_person_on_any_wire(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    noise = await noise_in(server, hearing)
    prisoner = Prisoner(server, hearing, hearing.person("defendant"))
    beside = await Signalling.open(server, hearing.id, hearing.judge.token)
    await beside.wait_for("Welcome")
    noise.start()
    total = 0
    for _ in range(ROUNDS):
        await prisoner.connect()
        await prisoner.in_step()
        await sealed(prisoner, noise, judge)
        await ended_as_promised(prisoner)
        assert found(noise, prisoner.got()) == []
        assert only_own_events(prisoner.controls[1])
        for media in prisoner.medias:
            assert_empty_once(media, hearing.judge.id, noise.isolated)
        assert len(prisoner.medias[0].of("Slots")) == 2, "with the judge, and then with nobody"
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


async def test_the_private_line_reaches_its_person_and_the_court_and_nobody_else(server: ServerProcess) -> None:
    """Over both wires of commands; neither another isolated person nor a party ever gets a byte of it."""
    hearing = server.demo.hearing
    first, second, party = (hearing.person(role) for role in ("defendant", "plaintiff", "agent"))
    judge, third = [
        await ControlClient.connect(server.url, hearing.id, person.token) for person in (hearing.judge, party)
    ]
    for person in (first, second):
        assert (await judge.command("isolate", person=person.id, reason="x"))["type"] == "Ack"
    own, other = [await ControlClient.connect(server.url, hearing.id, each.token) for each in (first, second)]
    asked, answered = random_word("asked"), random_word("answered")
    assert (await own.command("line", text=asked))["type"] == "Ack"
    assert server.command(first.token, hearing.id, "line", text=asked).status_code == 200
    clerk = {"person": first.id, "text": answered}
    assert server.command(hearing.clerk.token, hearing.id, "line", **clerk).status_code == 200
    for person, fields, code in (
        (first, {"text": asked, "person": second.id}, "line_to_clerks_only"),
        (hearing.judge, clerk, "not_on_the_line"),
        (party, {"text": asked}, "not_on_the_line"),
    ):
        assert server.command(person.token, hearing.id, "line", **fields).json()["code"] == code
    for control in (own, judge):
        await until(lambda c=control: c.raw.received.count(answered.encode()) == 1, "the clerk's words")
        assert control.raw.received.count(asked.encode()) == 2
    again = await ControlClient.connect(server.url, hearing.id, first.token)
    await until(lambda: again.raw.received.count(answered.encode()) == 1, "the same after a reload")
    for person in (first, second):
        assert (await judge.command("release", person=person.id))["type"] == "Ack"
    for control in (other, third):
        await until(lambda c=control: [e["header"]["kind"] for e in events(c)].count("Released") == 2, "both releases")
        assert [word for word in (asked, answered) if word.encode() in bytes(control.raw.received)] == []
    with server.http(second.token) as client:
        entries = client.get(f"/api/hearings/{hearing.id}/log").json()["entries"]
    lines = [entry for entry in entries if entry["header"]["kind"] == "PrivateLine"]
    assert len(lines) == 3 and all(entry["payload"] is None and entry["salt"] is None for entry in lines)


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

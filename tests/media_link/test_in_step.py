"""A command's cut is measured by the media process and stands in the log before the command is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.demo import Person
from tests.harness.freezes import log_of, of_kind
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.conftest import Enter, judge_of
from tests.media_link.peers import PATIENCE, MediaPerson, Signalling, others

pytestmark = pytest.mark.usefixtures("sockets_dropped")


def kinds_of(server: ServerProcess, after: int = 0) -> list[str]:
    return [entry["header"]["kind"] for entry in log_of(server, server.demo.hearing)[after:]]


def last_entry(server: ServerProcess, person: Person) -> dict[str, Any]:
    with server.http(person.token) as client:
        return client.get(f"/api/hearings/{server.demo.hearing.id}/log").raise_for_status().json()["entries"][-1]


async def in_court(server: ServerProcess, enter: Callable[..., Any]) -> list[MediaPerson]:
    """Judge, plaintiff and defendant hear each other."""
    people = [await enter(server, person) for person in others(server.demo.hearing)]
    judge = await judge_of(server)
    for each in people[1:]:
        answer = await judge.command("unmute", person=each.person.id)
        assert answer["type"] == "Ack" or answer["code"] == "not_muted", answer
    for each in people:
        await each.hears_on()
    return people


async def test_the_cut_is_proven_in_the_log_before_the_ack(fresh_server: ServerProcess, enter: Enter) -> None:
    server, hearing = fresh_server, fresh_server.demo.hearing
    judge, _plaintiff, defendant = await in_court(server, enter)
    control = await judge_of(server)
    answer = await control.command("isolate", person=defendant.person.id)
    entries = log_of(server, hearing)
    assert answer["type"] == "Ack" and answer["applied_seq"] == answer["seq"]
    proof = next(entry for entry in of_kind(entries, "StreamsCut") if entry["payload"]["of"] == answer["seq"])
    assert proof["payload"]["measured"] and proof["header"]["actor"] == "court"
    cuts = {(cut["from"], cut["to"], cut["kind"]): cut for cut in proof["payload"]["cuts"]}
    people = {each.person.id for each in (judge, _plaintiff)}
    assert {(who, to) for who, to, kind in cuts if kind == "audio"} >= {
        *((defendant.person.id, to) for to in people),
        *((who, defendant.person.id) for who in people),
    }
    await agree_with_the_receivers(judge, defendant, cuts)
    heard = defendant.packets()
    await judge_hears_only_the_plaintiff(judge)
    assert defendant.packets() == heard


async def agree_with_the_receivers(judge: MediaPerson, defendant: MediaPerson, cuts: dict[Any, Any]) -> None:
    """The last packet that arrived is the one that the log names."""
    for listener, speaker in ((judge, defendant), (defendant, judge)):
        cut = cuts[speaker.person.id, listener.person.id, "audio"]
        assert listener.subscribe is not None
        await listener.subscribe.drained()
        stream = listener.subscribe.streams[cut["ssrc"]]
        assert stream.highest & 0xFFFF == cut["sequence"]
        assert stream.count == cut["packets"]


async def judge_hears_only_the_plaintiff(judge: MediaPerson) -> None:
    before = {stream.ssrc: stream.count for stream in judge.streams()}
    await judge.hears_on(30)
    growing = [stream for stream in judge.streams() if stream.count > before[stream.ssrc]]
    assert len(growing) == 1


async def test_what_changes_no_route_and_a_hearing_without_media_cost_no_entry(fresh_server: ServerProcess) -> None:
    server, hearing = fresh_server, fresh_server.demo.hearing
    control = await judge_of(server)
    answer = await control.command("isolate", person=hearing.person("defendant").id)
    assert answer["type"] == "Ack"
    assert not {"StreamsCut", "MediaStarted", "MediaStopped"} & set(kinds_of(server))


async def test_the_room_is_in_the_log_from_the_first_person_on(fresh_server: ServerProcess, enter: Enter) -> None:
    before = len(kinds_of(fresh_server))
    hearing = fresh_server.demo.hearing
    await enter(fresh_server, hearing.judge)
    await enter(fresh_server, hearing.person("plaintiff"))
    assert kinds_of(fresh_server, before) == ["MediaStarted"]
    seen = {
        person.role: last_entry(fresh_server, person)["payload"] is not None
        for person in (hearing.judge, hearing.person("plaintiff"), hearing.person("witness"))
    }
    assert seen == {"judge": True, "plaintiff": False, "witness": False}


async def test_an_isolated_person_may_connect_and_receives_nothing(fresh_server: ServerProcess, enter: Enter) -> None:
    hearing = fresh_server.demo.hearing
    judge = await enter(fresh_server, hearing.judge)
    control = await judge_of(fresh_server)
    isolated = hearing.person("defendant")
    assert (await control.command("isolate", person=isolated.id))["type"] == "Ack"
    person = await enter(fresh_server, isolated)
    await asyncio.sleep(1.0)
    assert person.packets() == person.packets("video") == 0
    for order in ("recess", "resume"):
        assert (await control.command(order))["type"] == "Ack"
    (slots,) = person.signalling.of("Slots")
    assert set(slots["audio"]) | set(slots["video"]) <= {None}
    assert not person.signalling.of("Speaking")
    assert (await control.command("release", person=isolated.id))["type"] == "Ack"
    await person.hears_on()
    slots = person.signalling.of("Slots")[-1]
    assert hearing.judge.id in slots["audio"]
    await both_follow_who_speaks(control, judge, person)


async def both_follow_who_speaks(control: ControlClient, judge: MediaPerson, party: MediaPerson) -> None:
    """Who begins, who falls silent and who is muted, as both are told; everybody sends at one loudness."""
    first, second = judge.person.id, party.person.id

    def names(one: MediaPerson) -> list[str]:
        return [message["person"] for message in one.signalling.of("Speaking")]

    # while connections are made here a sender may falter, and counts as silent for a moment
    await until(lambda: all(names(each)[-1:] == [first] for each in (judge, party)), f"{first} to speak", PATIENCE)
    before = {each: len(names(each)) for each in (judge, party)}

    async def told(*people: str) -> None:
        for each, count in before.items():
            await each.signalling.wait_for("Speaking", count + len(people))
            assert names(each)[count:] == list(people)

    judge.publish.pause()
    await told("")
    assert (await control.command("unmute", person=second))["type"] == "Ack"
    await told("", second)
    assert (await control.command("mute", person=second))["type"] == "Ack"
    await told("", second, "")


async def test_people_in_the_roster_are_told_of_microphones(fresh_server: ServerProcess, enter: Enter) -> None:
    hearing = fresh_server.demo.hearing
    control = await judge_of(fresh_server)
    plaintiff = await enter(fresh_server, hearing.person("plaintiff"))
    plaintiff.signalling.send(type="Sending", audio=True, video=False)

    def status(message: dict[str, Any]) -> dict[str, Any]:
        return message["people"].get(plaintiff.person.id, {})

    def is_told() -> bool:
        last = status(control.of("Media")[-1]) if control.of("Media") else {}
        return (last.get("connected"), last.get("microphone"), last.get("camera")) == (True, True, False)

    await until(is_told, "what the plaintiff says, and what the media process does")
    late = await judge_of(fresh_server)
    assert status(await late.wait_for("Media"))["microphone"]


async def test_echo_gives_a_person_themselves_and_nobody_else(fresh_server: ServerProcess, enter: Enter) -> None:
    hearing = fresh_server.demo.hearing
    entries = len(kinds_of(fresh_server))
    witness = await enter(fresh_server, hearing.person("witness"), echo=True)
    await witness.hears_on()
    assert witness.signalling.of("Welcome")[0]["mode"] == "echo"
    assert witness.signalling.of("Slots")[-1]["audio"] == [witness.person.id]
    assert kinds_of(fresh_server, entries) == []


async def test_the_newest_socket_of_a_person_counts(fresh_server: ServerProcess, enter: Enter) -> None:
    hearing = fresh_server.demo.hearing
    first = await Signalling.open(fresh_server, hearing.id, hearing.judge.token)
    await first.wait_for("Welcome")
    second = await Signalling.open(fresh_server, hearing.id, hearing.judge.token)
    await second.wait_for("Welcome")
    assert (await first.wait_for("Ended"))["reason"] == "replaced"
    closed = await first.raw.ended()
    assert (closed.code, closed.reason) == (4403, "replaced")


async def test_whoever_is_removed_is_shown_out(fresh_server: ServerProcess, enter: Enter) -> None:
    hearing = fresh_server.demo.hearing
    defendant = await enter(fresh_server, hearing.person("defendant"))
    control = await judge_of(fresh_server)
    answer = await control.command("remove", person=defendant.person.id, reason="扰乱法庭秩序")
    assert answer["type"] == "Ack", answer
    assert (await defendant.signalling.wait_for("Ended"))["reason"] == "removed"
    closed = await defendant.signalling.raw.ended()
    assert (closed.code, closed.reason) == (4403, "removed")
    again = await Signalling.open(fresh_server, hearing.id, defendant.person.token)
    assert (await again.raw.ended()).code == 4403

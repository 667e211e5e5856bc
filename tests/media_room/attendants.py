"""People of the demo hearing in its media room, each with a tone of their own; who hears whom is told by ear."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

from tests.harness import tones
from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing, Person
from tests.harness.media_legs import Stream, SubscribeLeg
from tests.harness.media_sending import PublishLeg, prepare
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.peers import PATIENCE, MediaPerson, Signalling

FIRST_TONE, STEP = 500, 200  # Hz
LISTENED = 40  # packets of sound that each sends while it is listened
ENOUGH = 14  # packets in which a tone can be told
Table = dict[str, set[str]]  # listener -> whom they hear, by role


def prepare_for(people: int) -> None:
    """What so many send, made before anybody is connected."""
    for number in range(people):
        prepare(FIRST_TONE + STEP * number)


class Attendant(MediaPerson):
    """A person who sends a tone of their own, and keeps the sound that arrives."""

    def __init__(self, person: Person, signalling: Signalling, frequency: int, name: str) -> None:
        super().__init__(person, signalling)
        self.frequency, self.name = frequency, name
        self.begun = 0.0

    @classmethod
    async def arrive(cls, server: ServerProcess, hearing: str, person: Person, frequency: int, name: str) -> Attendant:
        await asyncio.to_thread(prepare, frequency)
        begun = time.monotonic()
        signalling = await Signalling.open(server, hearing, person.token)
        await signalling.wait_for("Welcome")
        arrived = cls(person, signalling, frequency, name)
        arrived.begun = begun
        await arrived.connect()
        return arrived

    async def connect(self) -> None:
        """Both connections, anew; sends at once."""
        await self.drop()
        welcome = self.signalling.of("Welcome")[-1]
        publish = PublishLeg(self.frequency)
        subscribe = SubscribeLeg(welcome["audio_slots"], welcome["video_slots"], keeps=("audio", "video"))
        self.publish, self.subscribe = publish, subscribe
        await publish.answered(await self.signalling.negotiate("publish", await publish.offer()))
        await subscribe.answered(await self.signalling.negotiate("subscribe", await subscribe.offer()))
        await publish.connected(PATIENCE)
        await subscribe.connected(PATIENCE)
        publish.start()

    def forget(self) -> None:
        """Only what comes from now on is listened to."""
        for stream in self.streams():
            stream.payloads.clear()

    def heard(self) -> list[int]:
        """The frequency of each stream of which anything has come; 0 where no tone can be told."""
        kept = [[payload for _, _, payload in sorted(stream.payloads)] for stream in self.streams()]
        return [tones.heard(payloads) if len(payloads) >= ENOUGH else 0 for payloads in kept if payloads]

    async def first_sound(self) -> float:
        """Seconds from opening the socket to the first packet of anybody's sound; somebody is sending."""
        await until(lambda: any(stream.began for stream in self.streams()), "a first sound", PATIENCE)
        return min(stream.began for stream in self.streams() if stream.began) - self.begun

    def shown(self) -> int:
        """Packets of pictures so far."""
        return self.packets("video")


class Room:
    """The attendants of one hearing by role (`agent2` is the second of a role), and the judge's control channel."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, control: ControlClient) -> None:
        self.server, self.hearing, self.control = server, hearing, control
        self.people: dict[str, Attendant] = {}
        self.tones: dict[str, int] = {}  # of everybody, those who sit at a browser included

    @classmethod
    async def gather(
        cls, server: ServerProcess, hearing: DemoHearing, roles: Iterable[str], *, before: bool = False
    ) -> Room:
        """All of them in the room and sending, a witness called in, nobody muted; `before`: the hearing is not open."""
        room = cls(server, hearing, await ControlClient.connect(server.url, hearing.id, hearing.judge.token))
        for role in roles:
            await room.enter(role)
        for role in [] if before else room.people:
            if role.startswith("witness"):
                await room.order("summon", role)
            await room.unmute(role)
        return room

    async def enter(self, role: str, person: Person | None = None) -> Attendant:
        frequency = self.tones.get(role) or FIRST_TONE + STEP * len(self.tones)
        person = person or self.hearing.person(role)
        self.tones[role] = frequency
        self.people[role] = await Attendant.arrive(self.server, self.hearing.id, person, frequency, role)
        return self.people[role]

    def id_of(self, role: str) -> str:
        return self.people[role].person.id if role in self.people else self.hearing.person(role).id

    async def unmute(self, role: str) -> None:
        answer = await self.control.command("unmute", person=self.id_of(role))
        assert answer["type"] == "Ack" or answer["code"] == "not_muted", answer

    async def order(self, name: str, role: str = "", **fields: Any) -> int:
        """Carried out; -> the entry's number. Every packet sent before the answer has been read when it returns."""
        if role:
            fields["person"] = self.id_of(role)
        answer = await self.control.command(name, **fields)
        assert answer["type"] == "Ack", (name, answer)
        await self.drained()
        return answer["seq"]

    async def drained(self) -> None:
        for each in self.people.values():
            if each.subscribe is not None and each.subscribe.is_connected:
                await each.subscribe.drained()

    def everybody(self, *without: str) -> Table:
        """All hear all others, but those left out neither hear nor are heard."""
        inside = self.tones.keys() - set(without)
        return {role: (inside - {role} if role in inside else set()) for role in self.people}

    async def listen(self) -> Table:
        """Who hears whom from now on, by the tones that arrive while everybody sends 40 packets. An unknown sound
        stands as `?`."""
        for each in self.people.values():
            each.forget()
        sent = {role: each.publish.sent["audio"] for role, each in self.people.items() if each.publish is not None}

        def has_sent() -> bool:
            now = {role: self.people[role].publish for role in sent}
            return all(leg is None or leg.sent["audio"] >= sent[role] + LISTENED for role, leg in now.items())

        await until(has_sent, "everybody to send", PATIENCE)
        await self.drained()
        return self.heard()

    def heard(self) -> Table:
        """Who has heard whom since they connected or were last asked to listen."""
        return {
            role: {self.whose(frequency) for frequency in each.heard()} if each.subscribe is not None else set()
            for role, each in self.people.items()
        }

    def whose(self, frequency: int) -> str:
        return next((role for role, own in self.tones.items() if tones.is_near(frequency, own)), "?")

    async def becomes(self, table: Mapping[str, set[str]]) -> None:
        """Whom people hear is this, at the latest after a few rounds of listening: for what has just been allowed."""
        end = time.monotonic() + PATIENCE
        while (found := await self.listen()) != table and time.monotonic() < end:
            await asyncio.sleep(0.1)
        assert found == table

    async def is_exactly(self, table: Mapping[str, set[str]]) -> None:
        """From now on people hear nobody whom the table does not allow, which is for what has just been forbidden, and
        in the end all that it does: a busy machine may hold the rest up for a moment."""
        end = time.monotonic() + PATIENCE
        while (found := await self.listen()) != table:
            nobody_else(found, table)
            assert time.monotonic() < end, (found, table)

    def stream(self, role: str, ssrc: int) -> Stream:
        leg = self.people[role].subscribe
        assert leg is not None
        return leg.streams[ssrc]

    def role_of(self, person: str) -> str:
        return next(role for role, each in self.people.items() if each.person.id == person)

    async def cuts_of(self, seq: int) -> list[dict[str, Any]]:
        """The proof in the log of what this entry ended."""

        def proof() -> list[dict[str, Any]]:
            found = [each for each in self.control.of("Event") if each["header"]["kind"] == "StreamsCut"]
            return [each for each in found if each["payload"]["of"] == seq]

        entry = (await until(proof, "the proof of a cut"))[0]
        assert entry["payload"]["measured"]
        return entry["payload"]["cuts"]

    async def leave(self) -> None:
        for each in self.people.values():
            await each.drop()


def nobody_else(found: Mapping[str, set[str]], table: Mapping[str, set[str]]) -> None:
    """A sound too short to be told (`?`) is one of those that are still to come."""
    for role, heard in found.items():
        told = heard - {"?"}
        assert told <= table[role], f"{role} hears {told - table[role]}"
        assert told == heard or told < table[role], f"{role} hears {heard}"

"""A second login session of a person ends the first, by whichever wire it comes first: closed, refused, logged once."""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.people.credentials import Use, credential, load_key
from server.people.tokens import stamp
from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing, Person
from tests.harness.fixtures import MakeServer
from tests.harness.freezes import log_of
from tests.harness.raw_socket import Closed
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.matrix.full_hearing import DATABASE
from tests.media_link.peers import Signalling

TOKEN_ENDED = Closed(4401, "token")


def second_tokens(data: Path, people: tuple[Person, ...]) -> dict[str, str]:
    """Another login for each, put into a stopped server's database; tokens by person id."""
    now, key = datetime.now(UTC), load_key(data)
    row = "INSERT INTO sessions (id, person, created_at, expires_at) VALUES (?, ?, ?, ?)"
    with sqlite3.connect(data / DATABASE) as database:
        for each in people:
            database.execute(row, (f"second-{each.id}", each.id, stamp(now), stamp(now + timedelta(hours=5))))
    database.close()
    return {each.id: credential(key, Use.TOKEN, f"second-{each.id}") for each in people}


@dataclass(slots=True)
class Device:
    """One login of one person."""

    server: ServerProcess
    hearing: DemoHearing
    token: str

    async def control(self) -> ControlClient:
        client = await ControlClient.connect(self.server.url, self.hearing.id, self.token)
        await client.wait_for("Welcome")
        return client

    async def media(self) -> Signalling:
        signalling = await Signalling.open(self.server, self.hearing.id, self.token)
        await signalling.wait_for("Welcome")
        return signalling

    async def collab(self) -> CollabSpeaker:
        speaker = await CollabSpeaker.connect(self.server.url, self.hearing.transcript, self.token)
        await speaker.in_step()
        return speaker

    async def yjs(self) -> YjsSpeaker:
        speaker = await YjsSpeaker.connect(self.server.url, self.hearing.transcript, self.token)
        await speaker.in_step()
        return speaker

    async def http(self) -> None:
        assert self.status() == 200

    def status(self) -> int:
        with self.server.http(self.token) as client:
            return client.get(f"/api/hearings/{self.hearing.id}").status_code


async def replaced(first: Device, comes: Callable[[], Awaitable[object]]) -> None:
    """The first login is on every wire, twice on one; it ends everywhere when the second one comes."""
    control, media, collab, yjs = await first.control(), await first.media(), await first.collab(), await first.yjs()
    again = await first.yjs()
    assert not any(each.raw.closed for each in (control, media, collab, yjs, again)), "one login is one device"
    await comes()
    for each in (control, media, yjs, again):
        assert await each.raw.ended() == TOKEN_ENDED
    await until(lambda: collab.denied, "PermissionDenied on /collab")
    assert first.status() == 401
    back = await YjsSpeaker.connect(first.server.url, first.hearing.transcript, first.token)
    assert await back.raw.ended() == TOKEN_ENDED


async def test_a_second_login_ends_the_first_by_whichever_way_it_comes(
    make_server: MakeServer, sockets_dropped: None
) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"})
    tokens = second_tokens(server.data, server.demo.hearing.people)
    hearing = server.start().demo.hearing
    people = [hearing.clerk, hearing.person("clerk", 1), *map(hearing.person, ("plaintiff", "defendant", "agent"))]
    ways = (Device.control, Device.media, Device.collab, Device.yjs, Device.http)
    for person, way in zip(people, ways, strict=True):
        second = Device(server, hearing, tokens[person.id])
        await replaced(Device(server, hearing, person.token), lambda way=way, second=second: way(second))
        assert second.status() == 200
        assert await second.yjs() and await second.control()
    told = [
        entry["payload"]["person"] for entry in log_of(server, hearing) if entry["header"]["kind"] == "SessionReplaced"
    ]
    assert told == [person.id for person in people]

"""People in the media room of a real server: the signalling socket, a publishing and a receiving connection each."""

from __future__ import annotations

import json
from typing import Any

from tests.harness.demo import DemoHearing, Person
from tests.harness.media_legs import Stream, SubscribeLeg
from tests.harness.media_sending import PublishLeg
from tests.harness.raw_socket import RawSocket
from tests.harness.server import ServerProcess
from tests.harness.waiting import until

FREQUENCY = 440
PATIENCE = 120.0  # seconds; the first one waits for the media process to start, on a busy machine


class Signalling:
    """The `/media` socket alone; `heard` holds every message in order."""

    def __init__(self, raw: RawSocket) -> None:
        self.raw = raw
        self.heard: list[dict[str, Any]] = []

    @classmethod
    async def open(cls, server: ServerProcess, hearing: str, token: str, *, echo: bool = False) -> Signalling:
        return cls(await RawSocket.open(server.url, f"/media/{hearing}{'?echo=1' if echo else ''}", token=token))

    def send(self, **message: object) -> None:
        self.raw.send_text(json.dumps(message))

    def of(self, kind: str) -> list[dict[str, Any]]:
        while self.raw.texts:
            self.heard.append(json.loads(self.raw.texts.popleft()))
        return [message for message in self.heard if message["type"] == kind]

    async def wait_for(self, kind: str, count: int = 1, limit: float = PATIENCE) -> dict[str, Any]:
        await until(lambda: len(self.of(kind)) >= count or self.raw.closed, f"{kind} on /media", limit)
        assert len(self.of(kind)) >= count, self.raw.closed
        return self.of(kind)[count - 1]

    async def negotiate(self, leg: str, sdp: str) -> str:
        before = len(self.of("Answer")) + len(self.of("Refused"))
        self.send(type="Offer", leg=leg, sdp=sdp)

        def answered() -> bool:
            return len(self.of("Answer")) + len(self.of("Refused")) > before or bool(self.raw.closed)

        await until(answered, f"an answer for {leg}", PATIENCE)
        assert not self.of("Refused") and not self.raw.closed, (self.of("Refused"), self.raw.closed)
        return self.of("Answer")[-1]["sdp"]


class MediaPerson:
    """One person with both connections."""

    def __init__(self, person: Person, signalling: Signalling) -> None:
        self.person = person
        self.signalling = signalling
        self.publish: PublishLeg | None = None
        self.subscribe: SubscribeLeg | None = None

    @classmethod
    async def enter(cls, server: ServerProcess, hearing: str, person: Person, *, echo: bool = False) -> MediaPerson:
        """Connected on both legs, and sending."""
        signalling = await Signalling.open(server, hearing, person.token, echo=echo)
        await signalling.wait_for("Welcome")
        entered = cls(person, signalling)
        await entered.connect()
        return entered

    async def connect(self) -> None:
        """Both connections, anew."""
        await self.drop()
        welcome = self.signalling.of("Welcome")[-1]
        publish, subscribe = PublishLeg(FREQUENCY), SubscribeLeg(welcome["audio_slots"], welcome["video_slots"])
        self.publish, self.subscribe = publish, subscribe
        await publish.answered(await self.signalling.negotiate("publish", await publish.offer()))
        await subscribe.answered(await self.signalling.negotiate("subscribe", await subscribe.offer()))
        await publish.connected(PATIENCE)
        await subscribe.connected(PATIENCE)
        publish.start()

    async def drop(self) -> None:
        for leg in (self.publish, self.subscribe):
            if leg is not None:
                await leg.close()
        self.publish = self.subscribe = None

    async def leave(self) -> None:
        await self.drop()
        await self.signalling.raw.close()

    # --- what arrives ---

    def streams(self, kind: str = "audio") -> list[Stream]:
        assert self.subscribe is not None
        return [each for each in self.subscribe.streams.values() if each.kind == kind]

    def packets(self, kind: str = "audio") -> int:
        return sum(each.count for each in self.streams(kind))

    async def hears_on(self, more: int = 10) -> None:
        """More packets of sound arrive from now on."""
        before = self.packets()
        await until(lambda: self.packets() >= before + more, f"{self.person.role} hears", PATIENCE)


def others(hearing: DemoHearing) -> tuple[Person, ...]:
    """Judge, plaintiff and defendant: those of the walks."""
    return hearing.judge, hearing.person("plaintiff"), hearing.person("defendant")

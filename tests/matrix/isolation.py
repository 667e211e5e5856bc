"""One person on every wire while the court isolates them: all bytes that reach them are kept.

Words written after the acked command are random; the test looks for them in everything the person got.
"""

import asyncio
from dataclasses import dataclass, field

from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing, Person
from tests.harness.raw_socket import RawSocket
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_annotation, add_turn, random_word


class Prisoner:
    """The isolated person's sockets, old and new, and HTTP answers."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, person: Person) -> None:
        self.server, self.hearing, self.person = server, hearing, person
        self.speakers: list[Speaker] = []
        self.controls: list[ControlClient] = []
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []

    @property
    def documents(self) -> tuple[str, str]:
        return self.hearing.transcript, self.hearing.annotations[0]

    async def connect(self, *, after: int = 0) -> None:
        """Both wires for both documents, and the control channel."""
        for wire in WIRES.values():
            for document in self.documents:
                speaker = wire(self.server.url, document, self.person.token)
                await speaker.reconnect(record=True)
                self.speakers.append(speaker)
        control = await ControlClient.connect(self.server.url, self.hearing.id, self.person.token, after)
        self.controls.append(control)

    async def in_step(self) -> None:
        for speaker in self.speakers:
            await speaker.in_step()
        await self.controls[-1].wait_for("Welcome")

    def ask_over_http(self) -> None:
        base = f"/api/hearings/{self.hearing.id}"
        with self.server.http(self.person.token) as client:
            for path in (base, base + "/transcript", base + "/log?after=0", "/api/hearings"):
                answer = client.get(path)
                self.bodies.append(answer.content)
                self.statuses += [answer.status_code] if path != "/api/hearings" else []

    def got(self) -> bytes:
        """Every byte on every socket and in every answer so far."""
        raws: list[RawSocket] = [speaker.raw for speaker in self.speakers] + [c.raw for c in self.controls]
        return b"\n".join([*(bytes(raw.received) for raw in raws), *self.bodies])

    def drop(self) -> None:
        for raw in [speaker.raw for speaker in self.speakers] + [control.raw for control in self.controls]:
            raw.abort()
        self.speakers.clear()
        self.controls.clear()
        self.bodies.clear()
        self.statuses.clear()


@dataclass(slots=True)
class Noise:
    """Writers that never pause: words, annotations, awareness. `words` are those begun since `start_counting`."""

    clerk: CollabSpeaker
    party: YjsSpeaker
    author: str
    words: list[str] = field(default_factory=list)
    counting: bool = False
    _task: asyncio.Task[None] | None = None

    def word(self) -> str:
        word = random_word("noise")
        if self.counting:
            self.words.append(word)
        return word

    async def run(self) -> None:
        while True:
            add_turn(self.clerk.doc, self.word())
            add_annotation(self.party.doc, self.author, self.word())
            self.clerk.show({"mark": self.word()})
            await asyncio.sleep(0.005)

    def start(self) -> None:
        self._task = asyncio.create_task(self.run())

    async def stop(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def some(self, count: int = 30) -> None:
        goal = len(self.words) + count
        await until(lambda: len(self.words) >= goal, "words to be written during the isolation")


async def noise_in(server: ServerProcess, hearing: DemoHearing) -> Noise:
    author = hearing.person("plaintiff")
    clerk = await CollabSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    party = await YjsSpeaker.connect(server.url, hearing.annotations[0], author.token)
    for speaker in (clerk, party):
        await speaker.in_step()
    return Noise(clerk, party, author.id)

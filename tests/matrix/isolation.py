"""One person on every wire while the court isolates them: all bytes that reach them are kept.

Words written after the acked command are random; the test looks for them in everything the person got.
"""

import asyncio
import random
from dataclasses import dataclass, field

from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing, Person
from tests.harness.media_legs import SubscribeLeg
from tests.harness.raw_socket import RawSocket
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_annotation, add_turn, random_word, rewrite
from tests.media_link.peers import Signalling


class Prisoner:
    """The isolated person's sockets, old and new, and HTTP answers."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, person: Person) -> None:
        self.server, self.hearing, self.person = server, hearing, person
        self.speakers: list[Speaker] = []
        self.controls: list[ControlClient] = []
        self.medias: list[Signalling] = []
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []

    @property
    def documents(self) -> tuple[str, str]:
        return self.hearing.transcript, self.hearing.annotations[0]

    async def connect(self, *, after: int = 0) -> None:
        """Both wires for both documents, the control channel, and the media room as one who listens."""
        for wire in WIRES.values():
            for document in self.documents:
                speaker = wire(self.server.url, document, self.person.token)
                await speaker.reconnect(record=True)
                self.speakers.append(speaker)
        control = await ControlClient.connect(self.server.url, self.hearing.id, self.person.token, after)
        self.controls.append(control)
        self.medias.append(await self.listen())

    async def listen(self) -> Signalling:
        """Slots are told as soon as they were offered; no packet is waited for."""
        signalling = await Signalling.open(self.server, self.hearing.id, self.person.token)
        await signalling.wait_for("Welcome")
        leg = SubscribeLeg(4, 4)
        await signalling.negotiate("subscribe", await leg.offer())
        await leg.close()
        await signalling.wait_for("Slots")
        return signalling

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
        others = [each.raw for each in (*self.controls, *self.medias)]
        raws: list[RawSocket] = [speaker.raw for speaker in self.speakers] + others
        return b"\n".join([*(bytes(raw.received) for raw in raws), *self.bodies])

    def drop(self) -> None:
        for each in (*self.speakers, *self.controls, *self.medias):
            each.raw.abort()
        self.speakers.clear()
        self.controls.clear()
        self.medias.clear()
        self.bodies.clear()
        self.statuses.clear()


MOST_MARKS = 50


@dataclass(slots=True)
class Noise:
    """Writers that never pause: words, annotations, awareness. `words` are those begun since `start_counting`."""

    clerk: CollabSpeaker
    party: YjsSpeaker
    author: str
    words: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    counting: bool = False
    isolated: int = 0  # the number of the isolation
    _task: asyncio.Task[None] | None = None

    def word(self) -> str:
        word = random_word("noise")
        if self.counting:
            self.words.append(word)
        return word

    def mark(self, word: str) -> None:
        """A mark of its own while a page has room for more of one person, then new words on one."""
        if len(self.marks) < MOST_MARKS:
            self.marks.append(add_annotation(self.party.doc, self.author, word))
        else:
            rewrite(self.party.doc, random.choice(self.marks), word)

    async def run(self) -> None:
        while True:
            add_turn(self.clerk.doc, self.word())
            self.mark(self.word())
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

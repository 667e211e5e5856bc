"""Attacks on a running server, each a coroutine that ends by itself: noise, floods, forged frames, sockets that hang.

They never touch the honest pair's sockets; each is seeded and bounded in count.
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from tests.faults.offences import OFFENCES, Scene
from tests.harness import messages as m
from tests.harness.demo import DemoHearing
from tests.harness.raw_socket import BINARY, RawSocket, SocketClosed, UpgradeRefused, frame, opening
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word

ENDED = (SocketClosed, UpgradeRefused, ConnectionError, OSError)


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    hearing: DemoHearing

    @property
    def offender(self) -> str:
        """The first clerk's token: the attacker has every right to write."""
        return self.hearing.clerk.token


async def open_yjs(target: Target) -> RawSocket:
    return await RawSocket.open(target.url, f"/yjs/{target.hearing.transcript}", token=target.offender, record=False)


async def open_collab(target: Target) -> RawSocket:
    raw = await RawSocket.open(target.url, "/collab", record=False)
    raw.send(m.authentication(target.hearing.transcript, target.offender))
    return raw


OPENINGS = {"yjs": open_yjs, "collab": open_collab}


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, cut, doubled or inserted."""
    out = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(out) + 1)
        way = dice.randrange(4)
        if way == 0 and at < len(out):
            out[at] = dice.randrange(256)
        elif way == 1:
            out[at:at] = dice.randbytes(dice.randint(1, 6))
        elif way == 2:
            del out[at : at + dice.randint(1, 4)]
        else:
            out[at:at] = out[: dice.randint(0, 20)]
    return bytes(out)


def honest_frames(target: Target, wire: str) -> list[bytes]:
    """Frames of every kind, to be mutated."""
    doc: Doc[Any] = Doc()
    add_turn(doc, random_word())
    document = target.hearing.transcript
    bodies = [
        m.sync(m.STEP1, doc.get_state()),
        m.sync(m.STEP2, doc.get_update()),
        m.sync(m.UPDATE, doc.get_update()),
        m.awareness({doc.client_id: (1, {"user": {"name": "x"}})}),
        bytes((m.QUERY_AWARENESS,)),
        m.stateless("", "{}")[1:],
        bytes((m.CLOSE,)),
    ]
    if wire == "yjs":
        return bodies
    return [m.authentication(document, target.offender), *(m.named(document, body) for body in bodies)]


async def fuzz(target: Target, wire: str, count: int, seed: int) -> int:
    """Mutated frames, each judged before the next, on new sockets as the server ends them. How many it took."""
    dice = random.Random(seed)
    frames, sockets = honest_frames(target, wire), 0
    raw: RawSocket | None = None
    for number in range(count):
        if raw is None or raw.closed:
            raw = await OPENINGS[wire](target)
            sockets += 1
        raw.send(mutated(dice.choice(frames), dice) if number % 10 else dice.randbytes(dice.randint(0, 200)))
        await judged(target, wire, raw)
    assert raw is not None
    raw.abort()
    return sockets


async def judged(target: Target, wire: str, raw: RawSocket) -> None:
    """Something came back after the frame: an answer to a new handshake, a refusal or the end of the socket."""
    before = raw.count
    question = m.sync(m.STEP1, m.EMPTY_VECTOR)
    if wire == "yjs":
        raw.send(question)
    else:
        raw.send(m.authentication(target.hearing.transcript, target.offender))
        raw.send(m.named(target.hearing.transcript, question))
    await until(lambda: raw.count > before or raw.closed, "an answer")


async def offend(target: Target, wire: str, scene: Scene, count: int) -> int:
    """Every offence on the transcript in turn, each on a new connection."""
    offences = [offence for offence in OFFENCES if offence.document == "transcript"]
    kind = YjsSpeaker if wire == "yjs" else CollabSpeaker
    refused = 0
    for number in range(count):
        speaker = await kind.connect(target.url, target.hearing.transcript, target.offender, Doc())
        try:
            await speaker.in_step()
            speaker.send_update(offences[number % len(offences)].make(scene))
            await until(lambda s=speaker: s.closed or getattr(s, "closes", None), "the refusal")
            refused += 1
        except SocketClosed:
            refused += 1
        speaker.vanish()
    return refused


async def flood(target: Target, wire: str, frames: int) -> None:
    """As many frames as the socket takes, until the server has enough."""
    raw = await OPENINGS[wire](target)
    body = m.sync(m.STEP2, m.NOTHING)
    message = frame(BINARY, body if wire == "yjs" else m.named(target.hearing.transcript, body))
    for _ in range(frames // 100):
        if raw.closed:
            return
        raw.write(message * 100)
        await asyncio.sleep(0.01)
    raw.abort()


async def oversize(target: Target, wire: str, count: int) -> None:
    for _ in range(count):
        raw = await OPENINGS[wire](target)
        raw.send(bytes((1 << 20) + 7))
        await raw.ended()


async def half_open(target: Target, count: int) -> list[RawSocket]:
    """Handshakes that never end; returned so that they stay open."""
    sockets = []
    for number in range(count):
        raw = await RawSocket.connect(target.url, record=False)
        raw.write(opening("127.0.0.1", "/collab", [])[: number % 150])
        sockets.append(raw)
        if number % 25 == 0:
            await asyncio.sleep(0.01)
    return sockets


async def stop_reading(target: Target, count: int) -> list[RawSocket]:
    sockets = []
    for number in range(count):
        raw = await OPENINGS["yjs" if number % 2 else "collab"](target)
        question = m.sync(m.STEP1, m.EMPTY_VECTOR)
        raw.send(question if number % 2 else m.named(target.hearing.transcript, question))
        raw.stop_reading()
        sockets.append(raw)
    return sockets


async def guess(target: Target, count: int) -> None:
    """Wrong tokens, on both wires."""
    for number in range(count):
        raw = await RawSocket.open(target.url, f"/yjs/{target.hearing.transcript}", token=f"{number:024x}.guess")
        assert (await raw.ended()).code == 4401

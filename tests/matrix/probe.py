"""One person tries everything on one document over one wire: read, write, show themselves, all bytes recorded.

It never knows what is allowed; it says what happened.
"""

from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from tests.harness import messages as m
from tests.harness.raw_socket import RawSocket
from tests.harness.speakers import CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_annotation, add_turn, random_word
from tests.matrix.full_hearing import Member


@dataclass(frozen=True, slots=True)
class Tried:
    """`word` and `mark` were written and shown; `verdicts` are the codes or reasons told."""

    read: bool
    wrote: bool
    word: str
    mark: str
    received: bytes
    verdicts: tuple[str, ...]


def news(doc: Doc[Any], document: str, person: str, word: str) -> bytes:
    """An honest update of the document's own shape that carries `word`."""
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    if document.endswith("/transcript"):
        add_turn(doc, word)
    else:
        add_annotation(doc, person, word)
    doc.unobserve(subscription)
    return updates[-1]


class Attempt:
    """`is_hasty`: everything is sent at once with the opening, before any answer."""

    def __init__(self, url: str, document: str, member: Member) -> None:
        self.url, self.document, self.member = url, document, member
        self.word, self.mark = random_word("word"), random_word("mark")

    def user(self) -> dict[str, str]:
        return {"id": self.member.id, "name": self.member.name, "mark": self.mark}

    async def try_all(self, wire: str) -> Tried:
        return await (self.on_yjs() if wire == "yjs" else self.on_collab())

    def _write(self, speaker: Speaker) -> None:
        speaker.is_silent = True
        speaker.show(self.user())
        speaker.send_update(news(speaker.doc, self.document, self.member.id, self.word))

    async def on_yjs(self) -> Tried:
        speaker = YjsSpeaker(self.url, self.document, self.member.token)
        await speaker.reconnect(record=True)
        await until(lambda: speaker.synced or speaker.closed, "SyncStep2 or a close")
        read = speaker.synced
        self._write(speaker)
        if not speaker.closed:
            speaker.ask()
            kept = speaker.kept
            await until(lambda: speaker.kept > kept or speaker.closed, "an answer to the write")
        verdicts = (str(speaker.closed.code),) if speaker.closed else ()
        wrote = speaker.closed is None
        await self._leave(speaker)
        return Tried(read, wrote, self.word, self.mark, bytes(speaker.raw.received), verdicts)

    async def on_collab(self) -> Tried:
        speaker = CollabSpeaker(self.url, self.document, self.member.token)
        await speaker.reconnect(record=True)
        await until(lambda: speaker.synced or speaker.denied or speaker.closed, "SyncStep2 or PermissionDenied")
        read = speaker.synced
        if read:
            await speaker.asked_again()
            await speaker.saved()
        before = len(speaker.acks)
        self._write(speaker)
        if read:
            await until(lambda: len(speaker.acks) > before, "SyncStatus")
        wrote = speaker.acks[before:] == [True]
        await self._leave(speaker)
        verdicts = (*speaker.denied, *speaker.closes)
        return Tried(read, wrote, self.word, self.mark, bytes(speaker.raw.received), verdicts)

    async def _leave(self, speaker: Speaker) -> None:
        if speaker.closed is None:
            await speaker.leave()


async def hasty_bytes(url: str, document: str, member: Member, word: str) -> bytes:
    """Everything at once before any answer, on both wires; returns all bytes that came back."""
    doc: Doc[Any] = Doc()
    body = m.sync(m.STEP1, m.EMPTY_VECTOR)
    update = m.sync(m.UPDATE, news(doc, document, member.id, word))
    shown = m.awareness({doc.client_id: (1, {"user": {"id": member.id, "name": member.name, "mark": word}})})
    yjs = await RawSocket.open(url, f"/yjs/{document}", token=member.token)
    collab = await RawSocket.open(url, "/collab")
    collab.send(m.authentication(document, member.token))
    for content in (body, shown, update, body):
        yjs.send(content)
        collab.send(m.named(document, content))
    await until(lambda: yjs.closed, "/yjs to be closed")
    await until(lambda: any(m.read_collab(c).kind == m.AUTH for c in collab.inbox), "the answer to the authentication")
    await collab.close()
    return bytes(yjs.received + collab.received)

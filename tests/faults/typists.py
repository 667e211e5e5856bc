"""Honest writers and readers that keep account: what was written, acknowledged, seen by another.

Each word a typist writes is `<writer.number>`; the account is kept in these words, so that any copy of the document
(or any recorded bytes) can be held against it. It never judges; the tests do.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, XmlText

from tests.harness.raw_socket import SocketClosed, UpgradeRefused
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.writing import add_turn, all_words, append_words

WORD = re.compile(rb"<(\w+\.\d+)>")
TURN_LENGTH = 40  # words before a typist opens a new turn
GONE = (SocketClosed, UpgradeRefused, ConnectionError, OSError)


def words_in(content: bytes | str) -> set[str]:
    raw = content.encode() if isinstance(content, str) else content
    return {found.decode() for found in WORD.findall(raw)}


def words_of(doc: Doc[Any]) -> set[str]:
    return words_in(all_words(doc))


@dataclass(slots=True)
class Account:
    """All words of a run."""

    written: set[str] = field(default_factory=set)
    acked: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @property
    def owed(self) -> set[str]:
        """What no crash may take back."""
        return self.acked | self.seen

    def lost_from(self, words: Iterable[str]) -> set[str]:
        return self.owed - set(words)


class Typist:
    """One clerk on one wire; keeps its document over reconnections, as a provider does."""

    def __init__(self, name: str, wire: str, url: str, document: str, token: str, account: Account) -> None:
        self.name, self.account = name, account
        self.speaker: YjsSpeaker | CollabSpeaker = WIRES[wire](url, document, token)
        self.number = 0
        self._text: XmlText | None = None
        self._since_join: list[str] = []  # one entry an Update, in order of sending

    async def join(self) -> None:
        """In step, and everything left over from before acknowledged."""
        await self.speaker.reconnect()
        await self.speaker.in_step()
        await self.speaker.asked_again()
        await self.speaker.saved()
        self._since_join.clear()
        self.account.acked |= {word for word in words_of(self.speaker.doc) if word.startswith(self.name + ".")}

    def write(self) -> str:
        """One word more, in one update."""
        self.number += 1
        word = f"{self.name}.{self.number}"
        self.account.written.add(word)
        self._since_join.append(word)
        if self._text is None or self.number % TURN_LENGTH == 0:
            self._text = add_turn(self.speaker.doc, f"<{word}>")
        else:
            append_words(self._text, f"<{word}>")
        return word

    def settle(self) -> None:
        """Books what `/collab` has acknowledged. A SyncStep2 that says nothing new is acknowledged at once, before
        Updates on their way to the disk: so every one sent is taken off first, and never too much is booked.
        """
        if isinstance(self.speaker, CollabSpeaker):
            acks = self.speaker.acks
            count = max(0, len(acks) - self.speaker.answers)
            if False not in acks:
                self.account.acked |= set(self._since_join[:count])

    async def ask(self) -> None:
        """`/yjs`: what was written before the question is on disk when it is answered."""
        before = list(self._since_join)
        await self.speaker.asked_again()
        self.account.acked |= set(before)

    async def type_on(self, pause: float) -> None:
        """Writes until the server goes; every tenth word is a question on `/yjs`."""
        try:
            while self.speaker.closed is None:
                self.write()
                self.settle()
                if isinstance(self.speaker, YjsSpeaker) and self.number % 10 == 0:
                    await self.ask()
                await asyncio.sleep(pause)
        except GONE:
            return
        finally:
            self.settle()


async def watch(wire: str, url: str, document: str, token: str, account: Account) -> Speaker:
    """A reader whose every received update is booked as seen."""
    speaker = WIRES[wire](url, document, token)
    speaker.on_update = lambda update: account.seen.update(words_in(update))
    await speaker.reconnect()
    await speaker.in_step()
    return speaker


async def fresh_copy(wire: str, url: str, document: str, token: str) -> set[str]:
    """The words that somebody who comes new gets."""
    speaker = WIRES[wire](url, document, token)
    await speaker.reconnect()
    await speaker.in_step()
    words = words_of(speaker.doc)
    await speaker.leave()
    return words

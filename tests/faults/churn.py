"""Readers come and go while two write; each reader's copy must never have a hole.

A typist's words are numbered, so the words of one typist in any honest copy are 1..n without a gap, and n is at least
what had been acknowledged when the reader asked to join.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc

from tests.faults.typists import Account, Typist, words_of
from tests.harness import messages as m
from tests.harness.demo import DemoHearing
from tests.harness.speakers import WIRES
from tests.harness.waiting import until
from tests.harness.writing import all_words

READERS = ("judge", "plaintiff", "defendant", "agent", "observer")


@dataclass(slots=True)
class ChurnReport:
    visits: int = 0
    missed: list[str] = field(default_factory=list)
    unequal: int = 0


def holes(words: set[str], owed: set[str]) -> list[str]:
    """What a copy lacks: owed words, and gaps below the highest number of each typist."""
    missing = set(owed) - words
    for name in {word.split(".")[0] for word in words}:
        numbers = {int(word.split(".")[1]) for word in words if word.startswith(name + ".")}
        missing |= {f"{name}.{n}" for n in range(1, max(numbers) + 1) if n not in numbers}
    return sorted(missing)


class Churn:
    """`readers` clients on both wires for `visits` visits each; the last visit lasts to the end."""

    def __init__(self, url: str, hearing: DemoHearing, seed: int) -> None:
        self.url, self.hearing = url, hearing
        self.random = random.Random(seed)
        self.account, self.report = Account(), ChurnReport()
        self.last: list[Any] = []
        tokens = [clerk.token for clerk in hearing.all_of("clerk")]
        self.typists = [
            Typist(name, wire, url, hearing.transcript, token, self.account)
            for name, wire, token in zip("ab", ("collab", "yjs"), tokens, strict=True)
        ]

    async def visit(self, number: int, *, stay: bool) -> None:
        """Comes, hears a few updates, is held against the account, leaves or is pulled out."""
        owed = set(self.account.acked)
        wire = "yjs" if number % 2 else "collab"
        token = self.hearing.person(READERS[number % len(READERS)]).token
        speaker = WIRES[wire](self.url, self.hearing.transcript, token, Doc())
        await speaker.reconnect()
        await speaker.in_step()
        goal = self.random.randint(1, 12)
        await until(lambda: len(speaker.updates) >= goal, "updates to come to a reader")
        self.report.visits += 1
        self.report.missed += holes(words_of(speaker.doc), owed)
        if stay:
            self.last.append(speaker)
        elif self.random.random() < 0.5:
            speaker.vanish()
        else:
            await speaker.leave()

    async def comes_and_goes(self, number: int, visits: int) -> None:
        for visit in range(visits):
            await self.visit(number, stay=visit == visits - 1)

    async def run(self, readers: int, visits: int) -> ChurnReport:
        for typist in self.typists:
            await typist.join()
        typing = [asyncio.create_task(typist.type_on(pause=0.01)) for typist in self.typists]
        await asyncio.gather(*(self.comes_and_goes(number, visits) for number in range(readers)))
        for task in typing:
            task.cancel()
        await asyncio.gather(*typing, return_exceptions=True)
        await self.compare()
        return self.report

    async def compare(self) -> None:
        """All that stayed hold the same state once the last word came."""
        for typist in self.typists:
            await typist.speaker.saved()
        everyone = [*self.last, *(typist.speaker for typist in self.typists)]
        for speaker in everyone:
            await until(lambda s=speaker: words_of(s.doc) >= self.account.written, "the last word to come")
        texts = {all_words(speaker.doc) for speaker in everyone}
        clocks = {tuple(sorted(m.state_vector(speaker.doc.get_state()).items())) for speaker in everyone}
        self.report.unequal = len(texts) - 1 + len(clocks) - 1

"""People who mark one page at once over both wires, and an account of when each mark was seen by each of the others.

A person may sit at several devices. It never judges; the tests do.
"""

import asyncio
import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from pycrdt import Doc, Map

from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import ANNOTATIONS, add_annotation, annotations, now

WRITERS = ("judge", "clerk", "plaintiff", "defendant", "agent")  # roles that may mark
PAGE = 0.0  # pycrdt writes whole numbers as big integers, which no annotation holds; JavaScript knows one kind only
NEW = re.compile(rb"freetext-([0-9a-f-]{36})")


@dataclass(slots=True)
class Sightings:
    """When each mark was made, and how long until each of the others had it (seconds)."""

    made: dict[str, float] = field(default_factory=dict[str, float])
    delays: list[float] = field(default_factory=list[float])

    def heard(self, update: bytes) -> None:
        arrived = time.monotonic()
        self.delays += [arrived - self.made[key.decode()] for key in NEW.findall(update)]

    def percentile(self, percent: int) -> float:
        return quantiles(self.delays, n=100, method="inclusive")[percent - 1]


class Annotator:
    """One device of one person on one wire."""

    def __init__(self, person: Person, wire: str, url: str, document: str, seed: int, sightings: Sightings) -> None:
        self.person, self.sightings = person, sightings
        self.speaker: YjsSpeaker | CollabSpeaker = WIRES[wire](url, document, person.token)
        self.speaker.on_update = sightings.heard
        self.keys: list[str] = []
        self._chance = random.Random(seed)
        self._number = itertools.count()

    @property
    def doc(self) -> Doc[Any]:
        return self.speaker.doc

    async def join(self) -> None:
        await self.speaker.reconnect()
        await self.speaker.in_step()

    def mark(self) -> None:
        """A new mark on the page; sometimes an answer, a change of an own mark or a tombstone on one."""
        act = self._chance.choices((self._add, self._answer, self._change, self._delete), (6, 2, 2, 1))[0]
        act()

    def _add(self) -> None:
        rect = [self._chance.uniform(0, 500) for _ in range(4)]
        self._made({"rect": rect, "style": {"color": "#d32f2f", "width": 12.0}})

    def _answer(self) -> None:
        others = sorted(annotations(self.doc))
        self._made({"kind": "reply", "reply_to": self._chance.choice(others)} if others else {})

    def _made(self, values: dict[str, Any]) -> None:
        """The id stands in the body too, where the account finds it in an update's bytes."""
        before = time.monotonic()
        key = add_annotation(self.doc, self.person.id, "", page=PAGE, **values)
        self.keys.append(key)
        self.sightings.made[key] = before
        self._entry(key)["body"] = f"freetext-{key}"

    def _change(self) -> None:
        if self.keys:
            entry = self._entry(self._chance.choice(self.keys))
            with self.doc.transaction():
                entry["body"], entry["modified"] = f"改 {next(self._number)}", now()

    def _delete(self) -> None:
        if self.keys:
            self._entry(self._chance.choice(self.keys))["deleted"] = {"by": self.person.id, "at": now()}

    def _entry(self, key: str) -> Any:
        return self.doc.get(ANNOTATIONS, type=Map)[key]


def devices(server: ServerProcess, hearing: DemoHearing, count: int, sightings: Sightings) -> list[Annotator]:
    """`count` devices, persons and wires in turn."""
    people = [person for role in WRITERS for person in hearing.all_of(role)]
    document, wires = hearing.annotations[0], list(WIRES)
    return [
        Annotator(people[n % len(people)], wires[n % len(wires)], server.url, document, n, sightings)
        for n in range(count)
    ]


async def mark_together(crowd: Sequence[Annotator], marks: int, pause: float) -> None:
    """Each makes so many marks, about `pause` seconds apart; all are on disk at the end."""
    await asyncio.gather(*(each.join() for each in crowd))
    await asyncio.gather(*(_keep_marking(each, marks, pause) for each in crowd))
    await asyncio.gather(*(each.speaker.saved(120) for each in crowd))


async def _keep_marking(one: Annotator, marks: int, pause: float) -> None:
    chance = random.Random(str(one.keys))
    for _ in range(marks):
        one.mark()
        await asyncio.sleep(chance.uniform(0, 2 * pause))


async def equal_copies(crowd: Sequence[Annotator], fresh: Annotator) -> dict[str, Any]:
    """What all copies hold once they are equal, a newcomer's with them."""
    await fresh.join()
    everyone = [*crowd, fresh]
    await until(lambda: all(annotations(each.doc) == annotations(fresh.doc) for each in everyone), "equal copies", 120)
    return annotations(fresh.doc)


async def leave(crowd: Sequence[Annotator]) -> None:
    await asyncio.gather(*(each.speaker.leave() for each in crowd))

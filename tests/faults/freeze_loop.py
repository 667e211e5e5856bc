"""Freezes in the middle of writing, again and again; used short by tests/faults and long by tests/soak.

Three connections of two clerks write on both wires; after each freeze the version is held against the account of what
was written, against a copy of the living document, and against what the page's own code makes of the same bytes.
"""

import asyncio
import random
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.typists import GONE, Account, Typist, words_in
from tests.harness.freezes import FrozenCopy, agrees, frozen_copy, log_of, of_kind, past_review, with_blocks
from tests.harness.node import ROOT, NodeClient
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until

# pages are not there to compare digests; three typists without a pause are faster than any clerk
RACING = {"YUNTING_DIGEST_WAIT": "0", "YUNTING_FRAME_RATE": "0", "YUNTING_REFUSAL_BACKOFF": "0"}
DIGESTS = ROOT / "tests" / "interop" / "signing" / "digests.mjs"
WORD_OR_NOTHING = re.compile(r"<\w+\.\d+>")


@dataclass(slots=True)
class FreezeReport:
    freezes: int = 0
    frozen_words: int = 0
    too_late: int = 0  # words written but not in their version, summed
    torn: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def figures(self) -> dict[str, int]:
        return {
            "freezes": self.freezes,
            "frozen_words": self.frozen_words,
            "too_late": self.too_late,
            "torn": len(self.torn),
            "lost": len(self.lost),
        }


@contextmanager
def page() -> Iterator[NodeClient]:
    """The page's own code that computes digests, in node."""
    client = NodeClient(DIGESTS).start()
    try:
        yield client
    finally:
        client.stop()


class FreezeLoop:
    """`server` is started already, with RACING; `page` as above."""

    def __init__(self, server: ServerProcess, seed: int, page: NodeClient) -> None:
        self.server, self.hearing, self.page = server, server.demo.hearing, page
        self.random = random.Random(seed)
        self.report = FreezeReport()

    async def run(self, freezes: int) -> FreezeReport:
        for _ in range(freezes):
            await self.round()
        return self.report

    async def round(self) -> None:
        account, number = Account(), self.report.freezes
        typists = [self.typist(f"f{number}{name}", nth, wire, account) for name, nth, wire in PLACES]
        for typist in typists:
            await typist.join()
        typing = [asyncio.create_task(type_until_refused(typist, self.random.random())) for typist in typists]
        goal = self.random.randint(6, 60)
        await until(lambda: len(account.acked) >= goal, "words acknowledged")
        certain = set(account.acked)
        await self.command("start_signing")
        stage = await asyncio.to_thread(past_review, self.server, self.hearing)
        await asyncio.gather(*typing)
        assert stage == "SIGNING", of_kind(log_of(self.server, self.hearing), "FreezeFailed")
        await self.judge(certain, account)
        for typist in typists:
            typist.speaker.vanish()
        await self.command("reopen", reason="补记")
        self.report.freezes += 1

    def typist(self, name: str, nth: int, wire: str, account: Account) -> Typist:
        token = self.hearing.person("clerk", nth).token
        return Typist(name, wire, self.server.url, self.hearing.transcript, token, account)

    async def command(self, name: str, **fields: str) -> None:
        token = self.hearing.judge.token
        answer = await asyncio.to_thread(self.server.command, token, self.hearing.id, name, **fields)
        assert answer.status_code == 200, answer.text

    async def judge(self, certain: set[str], account: Account) -> None:
        """`certain`: acknowledged before the signing was started."""
        entry = of_kind(await asyncio.to_thread(log_of, self.server, self.hearing), "Frozen")[-1]
        copy = frozen_copy(self.server.data, self.hearing.id, entry["payload"])
        agrees(copy)
        words = words_in(copy.text) & account.written
        self.report.torn += torn(copy)
        self.report.lost |= (certain | account.acked) - words
        self.report.torn += holes(words)
        self.report.frozen_words += len(words)
        self.report.too_late += len(account.written - words)
        encoded, replica = await self.living(copy)
        assert copy.files["content.json"] == encoded
        for update in (copy.files["update.bin"], replica):
            assert await self.on_the_page(copy, update) == copy.payload["content_sha256"]

    async def on_the_page(self, copy: FrozenCopy, update: bytes) -> str:
        """The digest that a signer's browser computes of a replica."""
        known = {key: copy.content[key] for key in ("hearing", "case", "people")}
        found = await self.page.call("digest", **known, part=None, update=b64encode(update).decode())
        return found["content_sha256"]

    async def living(self, copy: FrozenCopy) -> tuple[bytes, bytes]:
        """The canonical content that somebody who comes new finds, and their replica as one update."""
        reader = await YjsSpeaker.connect(self.server.url, self.hearing.transcript, self.hearing.judge.token)
        await reader.in_step()
        found = with_blocks(copy.content, reader.doc), reader.doc.get_update()
        await reader.leave()
        return found


PLACES = (("a", 0, "collab"), ("b", 1, "yjs"), ("c", 0, "yjs"))


async def type_until_refused(typist: Typist, pace: float) -> None:
    """Writes on until the freeze refuses it: a closed socket, or a denial on `/collab`."""
    speaker = typist.speaker
    try:
        while speaker.closed is None and not (isinstance(speaker, CollabSpeaker) and speaker.denied):
            typist.write()
            typist.settle()
            if isinstance(speaker, YjsSpeaker) and typist.number % 5 == 0:
                await typist.ask()
            await asyncio.sleep(pace / 100)
    except GONE:
        return
    finally:
        typist.settle()


def torn(copy: FrozenCopy) -> list[str]:
    """What is left of a word."""
    left = WORD_OR_NOTHING.sub("", copy.text)
    return [left[max(0, at - 20) : at + 20] for at, character in enumerate(left) if character in "<>"]


def holes(words: set[str]) -> list[str]:
    """Words of a writer without those the same writer had written before."""
    numbers: dict[str, set[int]] = {}
    for word in words:
        name, _, number = word.partition(".")
        numbers.setdefault(name, set()).add(int(number))
    return [name for name, found in numbers.items() if found != set(range(1, len(found) + 1))]

"""The main job at the evidence: two parties mark up both exhibits, one at a computer and one on a phone; others watch.

Owns their pages and the watchers' copies; the course of the hearing is the test's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from crdt_docs.annotations import entries, to_json
from tests.e2e.exhibit_page import ExhibitPage
from tests.e2e.page import Browser
from tests.harness.demo import DemoHearing, Person
from tests.harness.pycrdt_client import PycrdtClient
from tests.harness.server import ServerProcess

COMPUTER = {"width": 1500, "height": 900}
PHONE = {"width": 390, "height": 844}
LIMIT = 60.0  # seconds until a copy must be in step
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both exhibits of a hearing: the loan contract has words, the bank's receipt is a picture."""

    server: ServerProcess
    hearing: DemoHearing

    def ids(self) -> tuple[str, str]:
        contract, receipt = (name.rsplit("/", 1)[1] for name in self.hearing.annotations)
        return contract, receipt

    def words(self, line: int) -> list[Point]:
        """Through the middle of the second to the ninth character of a long line of the contract's first page."""
        with self.server.http(self.hearing.judge.token) as http:
            where = f"/api/hearings/{self.hearing.id}/exhibits/{self.ids()[0]}/pages/0/glyphs"
            lines = http.get(where).raise_for_status().json()["lines"]
        chosen = [each for each in lines if len(each["text"]) >= 12][line]
        quads = [[part / 100 for part in quad] for quad in absolute(chosen["quads"])]
        return [middle(quads[1], 0), middle(quads[8], 2)]

    def served(self, exhibit: str) -> list[dict[str, Any]]:
        with self.server.http(self.hearing.judge.token) as http:
            where = f"/api/hearings/{self.hearing.id}/exhibits/{exhibit}/annotations"
            return http.get(where).raise_for_status().json()["annotations"]


def absolute(numbers: list[int]) -> list[tuple[int, ...]]:
    """Each character's corners; the table holds the differences to the character before."""
    quads = [tuple(numbers[at : at + 8]) for at in range(0, len(numbers), 8)]
    return list(accumulate(quads, lambda before, step: tuple(a + b for a, b in zip(before, step, strict=True))))


def middle(quad: list[float], corner: int) -> Point:
    """Between the upper and the lower corner at the quad's left (0) or right (2) end."""
    return (quad[corner] + quad[corner + 4]) / 2, (quad[corner + 1] + quad[corner + 5]) / 2


class Marking:
    """The plaintiff at a computer, the defendant on a phone, the judge's page and an agent's provider beside them."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, browser: Browser) -> None:
        self.evidence = Evidence(server, hearing)
        self.contract, self.receipt = self.evidence.ids()
        person = hearing.person
        self.plaintiff = self._enter(browser, person("plaintiff"), **COMPUTER)
        self.defendant = self._enter(browser, person("defendant"), **PHONE)
        self.judge = self._enter(browser, hearing.judge, **COMPUTER)
        self.watcher = person("agent")

    def _enter(self, browser: Browser, person: Person, **options: object) -> ExhibitPage:
        page = browser.log_in(person, **options)
        page.enter(self.evidence.hearing.id)
        page.wait_in_step()
        entered = ExhibitPage(page)
        entered.show(self.contract)
        return entered

    def together(self) -> None:
        """Each marks words of the contract, the other answers; both see both."""
        mine = self._highlight(self.plaintiff, 1)
        self.defendant.page.wait_for(f"[data-mark='{mine}']")  # the next one that comes there is its own
        theirs = self._highlight(self.defendant, 4)
        answer(self.defendant, mine, "借款金额以实际转账为准。")
        answer(self.plaintiff, theirs, "合同第四条另有约定。")
        for page in (self.plaintiff, self.defendant, self.judge):
            for mark in (mine, theirs):
                page.page.wait(f"document.querySelector('[data-mark=\"{mark}\"]')")

    def _highlight(self, page: ExhibitPage, line: int) -> str:
        before = {mark["id"] for mark in page.marks()}
        page.tool("高亮")
        page.drag(self.evidence.words(line))
        page.page.wait(f"document.querySelectorAll('.mark').length > {len(before)}")
        page.tool("选择文字")
        return next(mark["id"] for mark in page.marks() if mark["id"] not in before)

    def go_offline(self) -> None:
        """The plaintiff's line is cut with the receipt before them; they mark it all the same."""
        self.plaintiff.show(self.receipt)
        self.plaintiff.wait_saved()
        self.plaintiff.page.do("offline", offline=True)
        self.plaintiff.page.wait("document.querySelector('.exhibit-saving').dataset.saving === 'kept'")
        self.plaintiff.tool("方框")
        self.plaintiff.drag([(150, 600), (300, 520)])
        self.plaintiff.page.wait("document.querySelector('.mark-square')")
        self.plaintiff.tool("选择文字")

    def meanwhile(self) -> None:
        """The defendant, back from an isolation that emptied the phone, draws on the receipt."""
        self.defendant.show(self.receipt)
        self.defendant.tool("手绘")
        self.defendant.drag([(160, 400), (220, 380), (280, 400), (340, 380)])
        self.defendant.page.wait("document.querySelector('.mark-ink')")
        self.defendant.tool("选择文字")
        self.defendant.wait_saved()

    def go_online(self) -> None:
        """What was marked without a line arrives; a comment on the receipt follows."""
        self.plaintiff.page.do("offline", offline=False)
        self.plaintiff.page.wait("document.querySelector('.mark-ink')")
        self.judge.show(self.receipt)
        for page in (self.judge, self.defendant):
            page.page.wait("document.querySelector('.mark-square') && document.querySelector('.mark-ink')")
        square = next(mark["id"] for mark in self.judge.marks() if mark["kind"] == "square")
        self.plaintiff.wait_saved()
        answer(self.defendant, square, "这两笔都是还款。")

    def copies_agree(self) -> None:
        """Every page draws exactly the living marks that the server has."""
        for exhibit in (self.contract, self.receipt):
            living = {each["id"] for each in self.evidence.served(exhibit) if drawn(each)}
            assert len(living) == 2
            for page in (self.plaintiff, self.defendant, self.judge):
                page.show(exhibit)
                page.page.wait(f"document.querySelectorAll('.mark').length === {len(living)}")
                assert {mark["id"] for mark in page.marks()} == living

    async def provider_agrees(self) -> None:
        """An unmodified provider holds the same entries, value by value."""
        server, hearing = self.evidence.server, self.evidence.hearing
        for exhibit in (self.contract, self.receipt):
            served = {each["id"]: each for each in await asyncio.to_thread(self.evidence.served, exhibit)}
            name = f"{hearing.id}/annotations/{exhibit}"
            async with PycrdtClient(server.url, name, self.watcher.token) as client:
                await client.provider.synced.wait()
                held = {each.id: to_json(each) for each in entries(client.doc)}
            assert held == served
            assert {each["author"] for each in served.values()} == {
                hearing.person("plaintiff").id,
                hearing.person("defendant").id,
            }


def drawn(entry: dict[str, Any]) -> bool:
    return "deleted" not in entry and "reply_to" not in entry


def answer(page: ExhibitPage, mark: str, words: str) -> None:
    """As a reply to a mark, whoever's it is."""
    page.page.wait(f"document.querySelector('[data-mark=\"{mark}\"]')")
    page.page.value(f"document.querySelector('[data-mark=\"{mark}\"]').focus()")
    page.page.do("key", key="Enter")
    page.page.wait_for(".thread-answer")
    page.page.do("fill", label="写回复", text=words)
    page.page.press("发送")
    page.page.see(words)
    page.wait_saved()


async def at_once(step: Callable[[], None]) -> None:
    """A step of the pages, without holding up those who type."""
    await asyncio.to_thread(step)

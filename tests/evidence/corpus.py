"""The trial PDFs with what is true of them, and how a person hands one in; judges nothing itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "pdf" / "open"
CASES: dict[str, dict[str, Any]] = {
    each["case"]: each for each in json.loads((FOLDER / "cases.json").read_text("utf-8"))["cases"]
}
LIMIT = 240.0

Point = tuple[float, float]
Quad = list[Point]


def taken_in() -> list[str]:
    return [name for name, each in CASES.items() if each["expect"] != "refuse"]


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's way to the exhibits of one hearing."""

    server: ServerProcess
    hearing: DemoHearing
    person: Person

    @property
    def path(self) -> str:
        return f"/api/hearings/{self.hearing.id}/exhibits"

    def ask(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.person.token}", **options.pop("headers", {})}
        return httpx.request(
            method, self.server.url + self.path + path, headers=headers, timeout=LIMIT, trust_env=False, **options
        )

    def hand_in(self, content: bytes, **query: str) -> dict[str, Any]:
        answer = self.ask("POST", params=query, content=content)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def settled(self, exhibit: str) -> dict[str, Any]:
        """The exhibit once intake has ended."""
        seen: list[dict[str, Any]] = []

        def ended() -> bool:
            seen.append(self.ask("GET", f"/{exhibit}").json())
            return seen[-1]["state"] in ("ready", "refused")

        until_blocking(ended, f"the end of intake of {exhibit}", LIMIT)
        return seen[-1]

    def taken_in(self, content: bytes, **query: str) -> dict[str, Any]:
        return self.settled(self.hand_in(content, **query)["id"])

    def lines(self, exhibit: str, page: int) -> list["Line"]:
        answer = self.ask("GET", f"/{exhibit}/pages/{page}/glyphs")
        assert answer.status_code == 200, answer.text
        table = answer.json()
        assert (table["v"], table["page"]) == (1, page)
        return [Line(each["text"], each["vertical"], quads(each)) for each in table["lines"]]


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    vertical: bool
    quads: list[Quad]

    def quad_of(self, start: int, end: int) -> Quad:
        """Of the characters from `start` up to `end`: UL UR LL LR."""
        first, last = self.quads[start], self.quads[end - 1]
        return [first[0], last[1], first[2], last[3]]


def quads(line: dict[str, Any]) -> list[Quad]:
    """From differences back to corners in user space."""
    numbers = line["quads"]
    assert len(numbers) == 8 * len(line["text"])
    found: list[Quad] = []
    before = [0] * 8
    for start in range(0, len(numbers), 8):
        before = [last + step for last, step in zip(before, numbers[start : start + 8], strict=True)]
        found.append([(before[place] / 100, before[place + 1] / 100) for place in (0, 2, 4, 6)])
    return found

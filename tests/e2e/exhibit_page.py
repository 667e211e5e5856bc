"""An exhibit in a page as a person uses it: handed in, opened, pointed at in the PDF's own places. Expects nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.page import Browser, Page
from tests.harness.demo import Person
from tests.harness.node import ROOT
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

CORPUS = ROOT / "tests" / "fixtures" / "pdf" / "open"
CASES: dict[str, dict[str, Any]] = {
    case["file"]: case for case in json.loads((CORPUS / "cases.json").read_text("utf-8"))["cases"]
}
# until the page knows the new address: what was open before may be drawn already
GO = """location.hash === '{hash}' || new Promise(done => {{
  addEventListener('hashchange', () => done(true), {{ once: true }})
  location.hash = '{hash}'
}})"""
DRAWN = "document.querySelector('.exhibit-page[data-page=\"{page}\"] .sheet-picture canvas')"
READ = "document.querySelector('.exhibit-page[data-page=\"{page}\"] .sheet-words[data-ready]')"
MARKS = "document.querySelectorAll('.mark').length"
PHRASE = CASES["plain-cjk.pdf"]["text"]
Point = Sequence[float]


def hand_in(server: ServerProcess, person: Person, path: Path, title: str) -> str:
    """The exhibit's id once it may be looked at."""
    where = f"/api/hearings/{server.demo.hearing.id}/exhibits"
    with server.http(person.token) as client:
        asked = {"title": title, "name": path.name}
        answer = client.post(where, params=asked, content=path.read_bytes())
        answer.raise_for_status()
        exhibit = answer.json()["id"]
        until_blocking(
            lambda: client.get(f"{where}/{exhibit}").json()["state"] == "ready", f"{path.name} to be ready", 120
        )
    return exhibit


@dataclass(frozen=True, slots=True)
class ExhibitPage:
    """A person's page with one exhibit open."""

    page: Page

    @staticmethod
    def enter(page: Page, server: ServerProcess, exhibit: str, at: int = 0) -> "ExhibitPage":
        """From the hearings' list; an address names the exhibit and its page."""
        page.enter(server.demo.hearing.id)
        page.wait_in_step()
        opened = ExhibitPage(page)
        opened.show(exhibit, at)
        return opened

    def show(self, exhibit: str, at: int = 0) -> None:
        self.page.value(GO.format(hash=f"#exhibit-{exhibit}-page-{at + 1}"))
        self.wait_drawn(at)

    def wait_drawn(self, at: int = 0) -> None:
        self.page.wait(DRAWN.format(page=at))
        self.page.wait(READ.format(page=at))

    def tool(self, name: str) -> None:
        self.page.click(self._tool(name))

    def tool_by_key(self, name: str) -> None:
        self.page.value(f"document.querySelector({json.dumps(self._tool(name))}).focus()")
        self.page.do("key", key="Enter")

    def _tool(self, name: str) -> str:
        """Once it can be taken: the right to write comes after the pages are drawn."""
        tool = f".exhibit-tools [aria-label='{name}']"
        self.page.wait_for(f"{tool}:enabled")
        return tool

    def layer(self, layer: str) -> None:
        """Whom what is made is for, `court` or `own`, once one may choose."""
        self.page.wait_for(f".exhibit-tools option[value='{layer}']:enabled")
        self.page.value(
            f"(s => {{ s.value = '{layer}'; s.dispatchEvent(new Event('change', {{ bubbles: true }})) }})"
            f"(document.querySelector(\".exhibit-tools select:has([value='{layer}'])\"))"
        )

    def on_screen(self, points: Sequence[Point], at: int = 0) -> list[list[float]]:
        """Points of the PDF's user space as points of the window."""
        return self.page.value(
            f"""(() => {{
              const page = document.querySelector('.exhibit-page[data-page="{at}"] .sheet-marks > g')
              const matrix = page.getScreenCTM()
              return {json.dumps([list(point) for point in points])}.map(([x, y]) => {{
                const point = new DOMPoint(x, y).matrixTransform(matrix)
                return [point.x, point.y]
              }})
            }})()"""
        )

    def bring(self, points: Sequence[Point], at: int = 0) -> None:
        """Scrolls so that the middle of the points stands in the middle of the window's part."""
        x, y = (sum(point[k] for point in points) / len(points) for k in (0, 1))
        ((left, top),) = self.on_screen([(x, y)], at)
        self.page.value(
            f"""(() => {{
              const box = document.querySelector('.exhibit-pages'), r = box.getBoundingClientRect()
              box.scrollTop += {top} - r.top - r.height / 2
              box.scrollLeft += {left} - r.left - r.width / 2
            }})()"""
        )
        self.wait_drawn(at)

    def drag(self, points: Sequence[Point], at: int = 0) -> None:
        self.bring(points, at)
        self.page.do("stroke", points=self.at_rest(points, at))

    def at_rest(self, points: Sequence[Point], at: int = 0) -> list[list[float]]:
        """Where they are in the window once two looks find them there: a part that comes late moves the page."""
        found = [self.on_screen(points, at)]

        def rests() -> bool:
            self.page.value("new Promise(done => setTimeout(() => requestAnimationFrame(() => done(true)), 80))")
            found.append(self.on_screen(points, at))
            return found[-1] == found[-2]

        until_blocking(rests, "the page to stand still")
        return found[-1]

    def marks(self) -> list[dict[str, Any]]:
        """What is drawn of annotations, in user space."""
        return self.page.value(
            """[...document.querySelectorAll('.mark')].map(mark => ({
              id: mark.dataset.mark,
              kind: mark.classList[1].replace('mark-', ''),
              label: mark.getAttribute('aria-label'),
              quads: [...mark.querySelectorAll('polygon')].map(each =>
                each.getAttribute('points').split(' ').map(pair => pair.split(',').map(Number)))
            }))"""
        )

    def choose(self, mark: str) -> None:
        """By keys, as somebody without a pointer opens a mark's thread."""
        self.page.value(f"document.querySelector('[data-mark=\"{mark}\"]').focus()")
        self.page.do("key", key="Enter")
        self.page.wait_for(".thread")

    def wait_saved(self) -> None:
        self.page.wait("document.querySelector('.exhibit-saving')?.dataset.saving === 'saved'")


def enter(
    browser: Browser, server: ServerProcess, person: Person, exhibit: str, at: int = 0, **options: object
) -> ExhibitPage:
    page = browser.log_in(person, **{"width": 1500, "height": 900, **options})
    return ExhibitPage.enter(page, server, exhibit, at)


def core_line() -> list[tuple[float, float]]:
    """From the beginning of the phrase to its end, through its middle."""
    a, b, c, d = PHRASE["core"]
    return [((a[0] + c[0]) / 2, (a[1] + c[1]) / 2), ((b[0] + d[0]) / 2, (b[1] + d[1]) / 2)]


def highlight(page: ExhibitPage) -> str:
    """The phrase is marked; the mark's id."""
    page.tool("高亮")
    page.drag(core_line(), PHRASE["page"])
    page.page.wait(f"{MARKS} === 1")
    return page.marks()[0]["id"]


def say(page: Page, label: str, text: str, button: str) -> None:
    page.do("fill", label=label, text=text)
    page.press(button)

"""A page in Chromium as a person uses it: opens, reads, presses, waits. It expects nothing."""

import json
from pathlib import Path
from typing import Any

from tests.harness.demo import Person
from tests.harness.node import ROOT, NodeClient

SCRIPT = ROOT / "tests" / "e2e" / "page_browser.mjs"
PROGRAM_MISSING = "not run: needs Debian's chromium"
CHROMIUM = Path("/usr/bin/chromium")
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LINES = "[...document.querySelectorAll('.line')]"
# once the transcript has stood still for some frames: what comes into view is laid out on the way, and moves the rest
STILL = """new Promise(done => {
  const box = document.querySelector('.transcript-scroll');
  const place = () => [box.scrollTop, box.scrollHeight, box.clientHeight].join();
  const look = (before, left) => requestAnimationFrame(() => {
    const now = place();
    if (now === before && left === 0) done();
    else look(now, now === before ? left - 1 : 6);
  });
  look(place(), 6);
})"""


class Browser:
    """One Chromium, started with the first page and ended with `stop`."""

    def __init__(self) -> None:
        self.node = NodeClient(SCRIPT).start()
        self._opened = 0

    def open(self, **options: Any) -> "Page":
        """width, height, scheme, motion; `beside` a page: the same cookies, another tab."""
        self._opened += 1
        beside = options.pop("beside", None)
        page = Page(self.node, f"page{self._opened}")
        page.do("open", beside=beside.name if beside else None, **options)
        return page

    def log_in(self, person: Person, **options: Any) -> "Page":
        page = self.open(**options)
        page.do("goto", url=person.link)
        page.wait("location.pathname === '/hearings'")
        return page

    def close_pages(self) -> None:
        self.node.ask("close_all")

    def stop(self) -> None:
        """Chromium first, so that no process outlives the test."""
        self.node.ask("quit")
        self.node.stop()


class Page:
    """One tab."""

    def __init__(self, node: NodeClient, name: str) -> None:
        self.node = node
        self.name = name

    def do(self, command: str, **fields: Any) -> Any:
        return self.node.ask(command, page=self.name, **fields)

    def go(self, url: str) -> None:
        self.do("goto", url=url)

    def enter(self, hearing: str) -> None:
        """Through the list, as a person does: the tab keeps its own login."""
        self.wait(f"document.querySelector('a[href*=\"{hearing}\"]')")
        self.do("value", expression=f"document.querySelector('a[href*=\"{hearing}\"]').click()")
        self.wait("document.querySelector('.courtroom, .waiting')")

    def see(self, text: str) -> None:
        self.do("see", text=text)

    def gone(self, text: str) -> None:
        self.do("gone", text=text)

    def click(self, selector: str) -> None:
        """By script: also what stands hidden at this width."""
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def wait_for(self, selector: str) -> None:
        self.wait(f"document.querySelector({json.dumps(selector)})")

    def press(self, name: str, role: str = "button") -> None:
        self.do("press", name=name, role=role)

    def wait(self, expression: str) -> None:
        """Until the JavaScript expression is truthy."""
        self.do("wait", expression=expression)

    def value(self, expression: str) -> Any:
        return self.do("value", expression=expression)

    def lines(self) -> list[str]:
        """The words of each turn, in order; lines outside the window have a text but are not laid out."""
        return self.value(f"{LINES}.map(line => line.querySelector('p, h3').textContent)")

    def wait_for_lines(self, condition: str) -> None:
        """Until there are so many of them: `> 100`. All that have come are drawn in one go, the frame after."""
        self.wait(f"{LINES}.length {condition}")

    def wait_for_line(self, words: str) -> None:
        self.wait(f"{LINES}.some(line => line.textContent.includes({json.dumps(words)}))")

    def lights(self) -> list[str]:
        return self.do("texts", selector=".light")

    def wait_in_step(self) -> None:
        self.wait("document.querySelectorAll('.top-bar .light-good').length === 2")

    def fits(self) -> bool:
        """Nothing scrolls sideways."""
        return self.value(FITS)

    def set_language(self, language: str) -> None:
        self.value(f"localStorage.setItem('yunting.language', '{language}')")
        self.do("reload")

    def choose(self, **choices: str) -> None:
        """language, theme, text_size, as another tab of the same browser makes them: menus and dialogs stay open."""
        for choice, value in choices.items():
            key = f"yunting.{choice.replace('_', '-')}"
            self.value(f"localStorage.setItem('{key}', '{value}')")
            self.value(f"dispatchEvent(new StorageEvent('storage', {{ key: '{key}', newValue: '{value}' }}))")
        if "language" in choices:
            self.wait(f"document.documentElement.lang.startsWith('{choices['language']}')")  # its words are here
        self.value(DRAWN)

    def learn_english(self) -> None:
        """Its words are fetched when they are first wanted: before the server is taken away."""
        self.choose(language="en")
        self.choose(language="zh")

    def violations(self) -> list[str]:
        return [f"{found['id']}: {found['help']} {found['nodes'][:3]}" for found in self.do("axe")]

"""The clerk's editor in a page as its hands see it: where the caret is put, what is typed, what stands there."""

import json
from typing import Any

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.waiting import until_blocking

LINES = """[...document.querySelectorAll('.editor .line')].map(line => ({
  id: line.id.replace('turn-', ''),
  role: line.querySelector('.line-role, .line-tag')?.textContent ?? '',
  text: line.querySelector('p, h3').textContent}))"""

CARET = """((id, offset) => {
  const words = document.querySelector(`#turn-${id} :is(p, h3)`);
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let left = offset, node = walker.nextNode();
  while (node && left > node.length) { left -= node.length; node = walker.nextNode(); }
  if (node) getSelection().collapse(node, left); else getSelection().collapse(words, 0);
  words.scrollIntoView({ block: 'center' });
})"""

SELECT = """((id, from, to) => {
  const words = document.querySelector(`#turn-${id} :is(p, h3)`);
  const text = document.createTreeWalker(words, NodeFilter.SHOW_TEXT).nextNode();
  getSelection().setBaseAndExtent(text, from, text, to);
})"""


# a selection made by script is told to the page in a task of its own
NOTICED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


class EditorPage:
    """A clerk's page with the editor open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def lines(self) -> list[dict[str, str]]:
        return self.page.value(LINES)

    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines()]

    def line(self, turn: str) -> dict[str, str]:
        return next(line for line in self.lines() if line["id"] == turn)

    def wait_text(self, turn: str, text: str) -> None:
        words = f"document.querySelector('#turn-{turn} :is(p, h3)')"
        self.page.wait(f"{words}?.textContent === {json.dumps(text)}")

    def wait_line(self, text: str) -> str:
        """The id of the turn with exactly these words, once there is one."""
        found = f"{LINES}.find(line => line.text === {json.dumps(text)})"
        self.page.wait(found)
        return self.page.value(f"{found}.id")

    def caret(self, turn: str, offset: int) -> None:
        self._enter(turn)
        self.page.value(f"{CARET}('{turn}', {offset}); {NOTICED}")

    def select(self, turn: str, start: int, end: int) -> None:
        self._enter(turn)
        self.page.value(f"{SELECT}('{turn}', {start}, {end}); {NOTICED}")

    def _enter(self, turn: str) -> None:
        """By a click, as a person does: a focus by script leaves the editor's own selection behind for a moment."""
        self.page.do("click", selector=f"#turn-{turn} :is(p, h3)")

    def key(self, key: str) -> None:
        self.page.do("key", key=key)

    def undo_until(self, expression: str) -> None:
        """Keys far apart in time are steps of their own: how many there are depends on the machine."""
        for _ in range(20):
            if self.page.value(expression):
                return
            self.key("Control+z")
        self.page.wait(expression)

    def type(self, text: str, **options: Any) -> None:
        self.page.do("type", text=text, **options)

    def compose(self, steps: list[str], text: str | None) -> None:
        self.page.do("compose", steps=steps, text=text)

    def new_turn(self, text: str) -> str:
        """At the very end."""
        lines = self.lines()
        self.caret(lines[-1]["id"], len(lines[-1]["text"]))
        self.key("Enter")
        self.page.wait(f"document.querySelectorAll('.editor .line').length === {len(lines) + 1}")
        self.type(text)
        return self.wait_line(text)

    def saved(self) -> None:
        self.page.wait("document.querySelector('.saved')?.dataset.saved === 'saved'")

    def mark(self) -> str:
        return self.page.value("document.querySelector('.saved').dataset.saved")


def number_of(node: NodeClient, name: str, person: Person) -> int:
    """Under which number a person's page writes, once this provider has seen it."""

    def seen() -> int:
        states = node.ask("seen", name=name)
        return next((number for number, state in states if state.get("user", {}).get("id") == person.id), 0)

    return until_blocking(seen, "the page to be seen")


def open_editor(browser: Browser, hearing: DemoHearing, person: Person, **options: object) -> EditorPage:
    page = browser.log_in(person, **options)
    page.enter(hearing.id)
    page.wait("document.querySelector('.editor .sheet')")
    editor = EditorPage(page)
    editor.saved()
    return editor

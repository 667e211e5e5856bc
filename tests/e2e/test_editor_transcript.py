"""Two clerks type the sample transcript in the editor, at once: one by keys, one through an input method.

All 169 turns of it in the long form (`python -m tests.soak transcript`); the first 96 in the short one, which goes
through the same. Meanwhile the server is killed and the first clerk is offline for a while. In the end every copy
equals the text turn by turn, and the witness has never had a letter of a composition. Chromium's offline mode holds the
frames of an open socket back, like a pulled cable, until the page gives that socket up by itself.
"""

import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import zip_longest
from typing import Any

import pytest

from crdt_docs.transcript import Turn
from tests.e2e.editor_page import open_editor
from tests.e2e.main_job_plan import sections
from tests.e2e.page import Browser, Page
from tests.e2e.transcript_hands import Hands
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import NeverHappened, until_blocking

LIMIT = 400.0  # seconds for one part of the text on a busy machine
LATIN = re.compile("[A-Za-z]")  # the sample has none
IS_LONG_FORM = bool(os.environ.get("WHOLE_TEXT"))
OFFLINE = 60.0 if IS_LONG_FORM else 20.0  # seconds at least; the whole hearing has the minute in its short form too
# where each part ends, and the turn in it from which the second clerk goes on
PARTS = ((46, 26), (150, 50), (169, 10)) if IS_LONG_FORM else ((46, 26), (84, 18), (96, 5))

FIGURES = """Object.fromEntries([...document.querySelectorAll('.tool-speaker')].map(one =>
  [one.querySelector('b').textContent, Number(one.getAttribute('aria-keyshortcuts').slice(-1))]).reverse())"""
HERE = "getSelection().focusNode.parentElement.closest('.line').id.replace('turn-', '')"
MARK = "document.querySelector('.saved').dataset.saved"
WATCH = f"""window.saidSaved = false;
new MutationObserver(() => {{ if ({MARK} === 'saved') window.saidSaved = true }})
  .observe(document.querySelector('.editor'), {{ subtree: true, attributes: true, childList: true }})"""
LINES = """[...document.querySelectorAll('.line[id^=turn-]')].map(line => ({
  id: line.id.replace('turn-', ''),
  kind: [...line.classList].find(name => name.startsWith('line-')).replace('line-', ''),
  role: line.querySelector('.line-role')?.textContent ?? '',
  name: line.querySelector('.line-name')?.textContent ?? '',
  text: line.querySelector('p, h3').textContent}))"""

Row = dict[str, str]


class Clerk:
    """One page and the hands on it."""

    def __init__(self, browser: Browser, hearing: DemoHearing, nth: int, *, composes: bool) -> None:
        self.editor = open_editor(browser, hearing, hearing.person("clerk", nth))
        self.page: Page = self.editor.page
        self.hands = Hands(self.page.value(FIGURES), composes=composes)
        self.letters = {"letters": 0, "seen": 0}

    def behind(self, turn: str, kind: str) -> None:
        """The caret to the end of a turn that is whole on this page."""
        self.editor.caret(turn, len(self.editor.line(turn)["text"]))
        self.hands.after(kind)

    def type(self, turns: Sequence[Turn], delay: int = 0) -> str:
        """The id of the last of them."""
        counts = self.page.do("hands", steps=self.hands.turns(turns), delay=delay, limit=LIMIT)
        self.letters = {name: self.letters[name] + counts[name] for name in self.letters}
        return self.page.value(HERE)

    def types_on(self) -> None:
        length = "document.querySelector('.sheet').textContent.length"
        self.page.wait(f"{length} > {self.page.value(length)} + 3")


class Desk:
    """Both clerks at one transcript; knows its last turn so far and that turn's kind."""

    def __init__(self, first: Clerk, second: Clerk, last: str) -> None:
        self.first, self.second = first, second
        self._last = (last, "procedure")
        self._pool = ThreadPoolExecutor(2)

    def start(self, turns: Sequence[Turn], middle: int, delay: int = 0) -> "list[Future[str]]":
        """The first clerk types the first turn, and the second the middle one behind it: from there each goes on behind
        their own, both at once, and no race decides the order."""
        self.first.behind(*self._last)
        start = self.first.type(turns[:1])
        self.second.editor.wait_text(start, turns[0].text)
        self.second.behind(start, turns[0].kind)
        there = self.second.type(turns[middle : middle + 1])
        self.first.editor.wait_text(there, turns[middle].text)
        mine, theirs = turns[1:middle], turns[middle + 1 :]
        self._last = ("", turns[-1].kind)
        return [self._pool.submit(self.first.type, mine, delay), self._pool.submit(self.second.type, theirs)]

    def finish(self, turns: Sequence[Turn], typing: "list[Future[str]]") -> None:
        """Both have typed their parts and have each other's, and all of it is saved."""
        middle, last = (one.result() for one in typing)
        self._last = (last, turns[-1].kind)
        self.first.editor.wait_text(last, turns[-1].text)
        self.second.page.wait(f"document.getElementById('turn-{middle}')")
        for clerk in (self.first, self.second):
            clerk.editor.saved()


def killed(server: ServerProcess, *clerks: Clerk) -> None:
    """SIGKILL while all type; they type on for a while, and their pages say that it is not saved."""
    for clerk in clerks:
        clerk.types_on()
    server.kill()
    for clerk in clerks:
        clerk.page.wait(f"{MARK} === 'kept'")
        clerk.types_on()
        assert clerk.editor.mark() == "kept"
    server.start()


def while_offline(clerk: Clerk, other: Clerk, typing: "Future[str]", last: Turn) -> None:
    """What the clerk types meanwhile is on their page alone, and never said to be saved."""
    began = time.monotonic()
    clerk.page.do("offline", offline=True)
    clerk.page.wait(f"{MARK} === 'kept'")  # before that an answer of the server may still come in
    clerk.page.value(WATCH)
    end = typing.result()
    clerk.editor.wait_text(end, last.text)
    clerk.page.wait(f"{MARK} === 'kept'")
    time.sleep(max(0.0, began + OFFLINE - time.monotonic()))  # the time itself is the test
    assert not clerk.page.value("window.saidSaved")
    assert not other.page.value(f"document.getElementById('turn-{end}')")
    clerk.page.do("offline", offline=False)


def roster(server: ServerProcess, hearing: DemoHearing, person: Person) -> list[Row]:
    """The people whom this person sees."""
    with server.http(person.token) as http:
        return http.get(f"/api/hearings/{hearing.id}").json()["roster"]


def stored(server: ServerProcess, hearing: DemoHearing) -> list[Row]:
    with server.http(hearing.judge.token) as http:
        return http.get(f"/api/hearings/{hearing.id}/transcript").json()["turns"]


def as_shown(turns: Sequence[Row], people: Sequence[Row]) -> list[Row]:
    """Turns as the page of somebody who sees these people shows them."""
    names = {one["person"]: one["name"] for one in people}
    return [
        {name: turn[name] for name in ("id", "kind", "role", "text")}
        | {"name": names.get(turn["speaker"], "") if turn["kind"] == "speech" else ""}
        for turn in turns
    ]


def witness_of(node: NodeClient, server: ServerProcess, hearing: DemoHearing) -> None:
    """The judge's unmodified y-websocket, which keeps every text and every inserted string from now on."""
    where = {"kind": "y-websocket", "url": server.url, "document": hearing.transcript}
    node.ask("make", name="witness", token=hearing.judge.token, **where)
    node.ask("wait", name="witness", what="synced")
    node.ask("keep", name="witness")


@pytest.mark.timeout(900)  # as fast as the machine types
def test_two_editors_type_a_transcript_at_once(browser: Browser, fresh_server: ServerProcess, node: NodeClient) -> None:
    hearing = fresh_server.demo.scheduled
    first = Clerk(browser, hearing, 0, composes=False)
    second = Clerk(browser, hearing, 1, composes=True)
    assert fresh_server.command(hearing.judge.token, hearing.id, "open").status_code == 200
    observer = hearing.person("observer")
    reader = browser.log_in(observer)
    reader.enter(hearing.id)
    witness_of(node, fresh_server, hearing)
    labels = {one["label"]: one["person"] for one in reversed(roster(fresh_server, hearing, hearing.judge))}
    turns = [turn for section in sections(labels) for turn in section]
    assert len(turns) == 169 and not LATIN.search("".join(turn.text for turn in turns))
    opened = first.editor.wait_line(stored(fresh_server, hearing)[0]["text"])
    desk = Desk(first, second, opened)
    (killed_to, killed_at), (offline_to, offline_at), (end, end_at) = PARTS

    part = turns[:killed_to]
    typing = desk.start(part, killed_at, delay=10)
    killed(fresh_server, first, second)
    desk.finish(part, typing)

    part = turns[killed_to:offline_to]
    typing = desk.start(part, offline_at, delay=8)
    while_offline(first, second, typing[0], part[offline_at - 1])
    desk.finish(part, typing)

    part = turns[offline_to:end]
    desk.finish(part, desk.start(part, end_at))

    held = stored(fresh_server, hearing)
    all_there(held, turns[:end])
    for page, person in ((first.page, hearing.clerk), (second.page, hearing.clerk), (reader, observer)):
        shown = as_shown(held, roster(fresh_server, hearing, person))
        comes_to(lambda page=page: page.value(LINES), shown, page.name)
    comes_to(lambda: node.ask("read_turns", name="witness"), held, "witness")
    no_letter_left(second, node, end)


def all_there(held: Sequence[Row], turns: Sequence[Turn]) -> None:
    """The court's one line, then the text, turn by turn."""
    fields = ("kind", "speaker", "role", "text")
    written = [tuple(turn[name] for name in fields) for turn in held[1:]]
    assert held[0]["kind"] == "procedure"
    assert written == [tuple(getattr(turn, name) for name in fields) for turn in turns]


def comes_to(read: Callable[[], list[Row]], expected: list[Row], whose: str) -> None:
    """The copy is equal in the end; says where it is not."""
    with suppress(NeverHappened):
        until_blocking(lambda: read() == expected)
    held = read()
    different = [pair for pair in zip_longest(held, expected) if pair[0] != pair[1]]
    assert different == [], f"{whose}: {len(different)} of {len(expected)} turns"


def no_letter_left(composer: Clerk, node: NodeClient, turns: int) -> None:
    """Every letter stood on the composing page, and none came to the witness."""
    assert composer.letters["seen"] == composer.letters["letters"] > 1000
    heard: dict[str, Any] = node.ask("kept", name="witness")
    for kept in (heard["texts"], heard["inserted"]):
        assert len(kept) > turns  # at least the turns; on a busy machine many keys come as one update
    assert [text for text in heard["texts"] + heard["inserted"] if LATIN.search(text)] == []

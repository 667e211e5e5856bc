"""Nothing moves under the eye: lines arrive above and below what is read or written, and no other moves."""

import json

import pytest

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word

WATCH = """(() => {
  window.shifts = [];
  const line = ({ node }) => (node instanceof Element ? node : node?.parentElement)?.closest('.line');
  new PerformanceObserver(list => {
    for (const { value, sources } of list.getEntries()) {
      const moved = sources.filter(line).map(source => line(source).textContent.slice(0, 40));
      if (moved.length > 0) shifts.push([value, moved]);
    }
  }).observe({ type: 'layout-shift' });
})()"""
BOX = "document.querySelector('.transcript-scroll')"
MIDDLE = f"""(() => {{
  const [box, lines] = [{BOX}, [...document.querySelectorAll('.line')]];
  lines[Math.floor(lines.length / 2)].scrollIntoView({{ block: 'center' }});
}})()"""
# the line in the middle of the box, and how far below the box's upper edge it stands
READ = f"""(() => {{
  const box = {BOX}.getBoundingClientRect();
  const line = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2).closest('.line');
  return [line.id, Math.round(line.getBoundingClientRect().top - box.top)];
}})()"""


def top_of(line: str) -> str:
    """How far below the upper edge of the box a line stands."""
    return f"document.getElementById('{line}').getBoundingClientRect().top - {BOX}.getBoundingClientRect().top"


FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"


def enter(browser: Browser, hearing: DemoHearing, person: Person) -> Page:
    page = browser.log_in(person)
    page.enter(hearing.id)
    page.wait("document.querySelectorAll('.line').length > 100")
    page.wait_in_step()
    page.do("hover", selector=".panel-head")
    page.value(f"{FRAMES}.then(() => {WATCH})")
    return page


def writer(node: NodeClient, server: ServerProcess, hearing: DemoHearing) -> None:
    where = {"kind": "hocuspocus", "url": server.url, "document": hearing.transcript}
    node.ask("make", name="writer", token=hearing.person("clerk", 1).token, **where)
    node.ask("wait", name="writer", what="synced")


def add(node: NodeClient, page: Page, index: int | None) -> str:
    """One line more at an index of the transcript, and it stands on the page."""
    turn = random_word("t")
    node.ask("add_turn", name="writer", turn=turn, text="一行新的发言，长到要占两行以上。" * 6, index=index)
    page.wait(f"document.getElementById('turn-{turn}')")
    page.value(FRAMES)
    return turn


def shifts(page: Page) -> list[object]:
    return page.value("shifts")


ROLES = ["plaintiff", "clerk"]


@pytest.mark.parametrize("role", ROLES)
def test_lines_arriving_at_the_end_shift_nothing(
    browser: Browser, shared_server: ServerProcess, node: NodeClient, role: str
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role))
    writer(node, shared_server, hearing)
    for _ in range(5):
        last = add(node, page, None)
        page.wait(f"document.getElementById('turn-{last}').getBoundingClientRect().bottom <= innerHeight")
    assert shifts(page) == []


@pytest.mark.parametrize("role", ROLES)
def test_lines_arriving_elsewhere_leave_what_is_read_where_it_is(
    browser: Browser, shared_server: ServerProcess, node: NodeClient, role: str
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role))
    writer(node, shared_server, hearing)
    page.value(f"{MIDDLE}; {FRAMES}")
    page.wait("document.querySelector('.to-end')")
    page.value(f"shifts.length = 0; {FRAMES}")
    [line, top] = page.value(READ)
    for index in (None, 3, None, 40, 0):
        add(node, page, index)
        assert page.value(top_of(line)) == pytest.approx(top, abs=2), index
    assert shifts(page) == []


def test_the_caret_stays_where_it_is_while_others_write_above(
    browser: Browser, shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.clerk)
    writer(node, shared_server, hearing)
    page.value(f"{MIDDLE}; {FRAMES}")
    [line, top] = page.value(READ)
    page.do("click", selector=f"#{line} p")
    page.do("key", key="End")
    add(node, page, 5)
    words = random_word("")
    page.do("type", text=words)
    page.wait(f"document.querySelector('#{line}').textContent.includes({json.dumps(words)})")
    add(node, page, 5)
    assert (
        page.value(
            "document.activeElement.matches('.sheet') && getSelection().anchorNode.parentElement.closest('.line').id"
        )
        == line
    )
    assert top == pytest.approx(page.value(top_of(line)), abs=40)  # its own words may have begun another row

"""Nothing moves under the eye: lines arrive above and below what is read or written, and no other moves."""

import json

import pytest

from tests.e2e.page import DRAWN, STILL, Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word

WATCH = """(() => {
  window.shifts = [];
  const line = ({ node }) => (node instanceof Element ? node : node?.parentElement)?.closest('.line');
  const take = entries => {
    for (const { value, sources } of entries) {
      const moved = sources.filter(line).map(source => line(source).textContent.slice(0, 40));
      if (moved.length > 0) shifts.push([value, moved]);
    }
  };
  const observer = new PerformanceObserver(list => take(list.getEntries()));
  observer.observe({ type: 'layout-shift' });
  window.shiftsSoFar = () => { take(observer.takeRecords()); return shifts; };
})()"""
BOX = "document.querySelector('.transcript-scroll')"
MIDDLE = """(() => {
  const lines = [...document.querySelectorAll('.line-speech')];
  lines[Math.floor(lines.length / 2)].scrollIntoView({ block: 'center' });
})()"""
# somebody's words in the middle of the box or next below, and how far below the box's upper edge they stand
READ = f"""(() => {{
  const box = {BOX}.getBoundingClientRect();
  const at = down => document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2 + down);
  const line = [0, 15, 30, 45, 60, 75, 90].map(down => at(down)?.closest('.line-speech')).find(Boolean);
  return [line.id, Math.round(line.getBoundingClientRect().top - box.top)];
}})()"""


def top_of(line: str) -> str:
    """How far below the upper edge of the box a line stands."""
    return f"document.getElementById('{line}').getBoundingClientRect().top - {BOX}.getBoundingClientRect().top"


def enter(browser: Browser, hearing: DemoHearing, person: Person) -> Page:
    """After the writer: as long as nobody can write, a notice stands over the lines."""
    page = browser.log_in(person)
    page.enter(hearing.id)
    page.wait_for_lines("> 100")
    page.wait_in_step()
    page.gone("笔录暂停")
    page.do("hover", selector=".panel-head")
    page.value(f"{DRAWN}.then(() => {WATCH})")
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
    page.value(DRAWN)
    return turn


def shifts(page: Page) -> list[object]:
    return page.value("shiftsSoFar()")


ROLES = ["plaintiff", "clerk"]


@pytest.mark.parametrize("role", ROLES)
def test_lines_arriving_at_the_end_shift_nothing(
    browser: Browser, shared_server: ServerProcess, node: NodeClient, role: str
) -> None:
    hearing = shared_server.demo.hearing
    writer(node, shared_server, hearing)
    page = enter(browser, hearing, hearing.person(role))
    for _ in range(5):
        last = add(node, page, None)
        page.wait(f"document.getElementById('turn-{last}').getBoundingClientRect().bottom <= innerHeight")
    assert shifts(page) == []


@pytest.mark.parametrize("role", ROLES)
def test_lines_arriving_elsewhere_leave_what_is_read_where_it_is(
    browser: Browser, shared_server: ServerProcess, node: NodeClient, role: str
) -> None:
    hearing = shared_server.demo.hearing
    writer(node, shared_server, hearing)
    page = enter(browser, hearing, hearing.person(role))
    page.value(f"{MIDDLE}; {STILL}")
    page.wait("document.querySelector('.to-end')")
    page.value(f"{DRAWN}.then(() => {{ shiftsSoFar().length = 0 }})")
    [line, top] = page.value(READ)
    for index in (None, 3, None, 40, 0):
        add(node, page, index)
        assert page.value(top_of(line)) == pytest.approx(top, abs=2), index
    assert shifts(page) == []


def test_the_caret_stays_where_it_is_while_others_write_above(
    browser: Browser, shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    writer(node, shared_server, hearing)
    page = enter(browser, hearing, hearing.clerk)
    page.value(f"{MIDDLE}; {STILL}")
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

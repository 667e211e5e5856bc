"""While the server's commit thread alone stands still, no page says that words are saved or that a command is done."""

import pytest

from tests.e2e.editor_page import EditorPage, open_editor
from tests.e2e.page import Browser, Page
from tests.e2e.test_editor import word
from tests.e2e.test_page_hearing import enter, phase
from tests.harness.server import ServerProcess
from tests.harness.stopped_thread import need_stopping, stopped, thread_named

WATCH = """window.greens = 0;
new MutationObserver(() => { if (%s) window.greens += 1 })
  .observe(document.body, { subtree: true, attributes: true, childList: true, characterData: true })"""
SAVED = "document.querySelector('.saved').dataset.saved === 'saved'"
PEOPLE = "[...document.querySelectorAll('.person')]"
IN_STEP = "document.querySelectorAll('.top-bar .light-good').length === 2"


@pytest.fixture(autouse=True)
def permitted() -> None:
    need_stopping()


def caret_seen(editor: EditorPage, turn: str) -> None:
    """The other clerk's caret in this turn."""
    editor.page.wait(f"document.querySelector('#turn-{turn} .writer-caret')")


def watch(page: Page, green: str) -> None:
    """From now on, while it is not green, counts whenever it is."""
    page.wait(f"!({green})")
    page.value(WATCH % green)


def test_nothing_turns_green_while_the_commit_thread_stands_still(
    browser: Browser, fresh_server: ServerProcess
) -> None:
    hearing = fresh_server.demo.hearing
    one = open_editor(browser, hearing, hearing.clerk)
    two = open_editor(browser, hearing, hearing.person("clerk", 1))
    judge = enter(browser, hearing, hearing.judge)
    party = enter(browser, hearing, hearing.person("defendant"))
    turn = one.new_turn(start := word())
    two.wait_text(turn, start)
    early, late = (line["id"] for line in one.lines()[4:6])
    one.saved()
    judge.wait_in_step()
    defendant = f"{PEOPLE}.find(one => one.textContent.includes('{hearing.person('defendant').name}'))"
    judge.wait(f"{defendant}.querySelector('.presence-on')")
    with stopped(fresh_server.pid, thread_named(fresh_server.pid, "yunting-commit")):
        one.type(more := word())
        watch(one.page, SAVED)
        # the carets come after the words, there and back
        one.caret(early, 1)
        caret_seen(two, early)
        two.caret(late, 1)
        caret_seen(one, late)
        assert one.mark() == "saving"

        judge.press("休庭")
        judge.do("fill", label="预计复庭时间", text="23:59")
        judge.do("fill", label="原因", text="核对证据")
        judge.press("确认休庭")
        watch(judge, IN_STEP)
        party.do("close")
        judge.wait(f"{defendant}.querySelector('.presence-off')")
        assert judge.lights()[1] != "已同步"
        phase(judge, "开庭中")
        assert (one.page.value("window.greens"), judge.value("window.greens")) == (0, 0)
        one.wait_text(turn, start + more)
        assert two.line(turn)["text"] == start
    one.saved()
    judge.wait_in_step()
    phase(judge, "休庭")
    two.wait_text(turn, start + more)
    assert one.page.value("window.greens") > 0 and judge.value("window.greens") > 0

"""For those who read with difficulty: new lines read aloud by the browser's voice, large controls beside large text."""

import pytest

from tests.e2e.page import DRAWN, LINES, Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word

HERE = {"lang": "zh-CN", "name": "本机中文", "localService": True}
ELSEWHERE = {"lang": "zh-CN", "name": "云端中文", "localService": False}
ENGLISH = {"lang": "en-US", "name": "English", "localService": True}
TEXTS = "window.said.texts"
SAID = "[...document.querySelectorAll('[aria-live=polite].visually-hidden')].map(e => e.textContent).join('')"


def enter(browser: Browser, hearing: DemoHearing, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.enter(hearing.id)
    page.wait("document.querySelectorAll('.line').length > 100")
    page.wait_in_step()
    return page


def writes(node: NodeClient, server: ServerProcess) -> NodeClient:
    """A clerk's provider by the name "clerk"."""
    hearing = server.demo.hearing
    where = {"kind": "hocuspocus", "url": server.url, "document": hearing.transcript}
    node.ask("make", name="clerk", token=hearing.clerk.token, **where)
    node.ask("wait", name="clerk", what="synced")
    return node


def add(writer: NodeClient, text: str) -> str:
    return writer.ask("add_turn", name="clerk", turn=random_word("t"), text=text)


def choose(page: Page, menu: str, choice: str) -> None:
    """In the display menu, by key."""
    page.press(menu)
    page.value(
        f"[...document.querySelectorAll('.choice-option')].find(e => e.innerText === '{choice}').control.focus()"
    )
    page.do("key", key="Space")
    page.do("key", key="Escape")
    page.wait("!document.querySelector('.menu-panel')")


def test_new_lines_are_read_aloud_once_they_rest(
    browser: Browser, shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    writer = writes(node, shared_server)
    page = enter(browser, hearing, hearing.person("plaintiff"), speech={"voices": [ENGLISH, ELSEWHERE, HERE]})
    first = random_word("一")
    turn = add(writer, first)
    page.wait(f"{SAID}.includes('{first}')")  # it has come to rest
    assert page.value(TEXTS) == []
    choose(page, "显示与账户", "开")
    assert page.value(TEXTS) == ["zh-CN 开始朗读新发言"]
    page.value("window.said.finish()")
    second = random_word("二")
    add(writer, second)
    page.wait(f"{TEXTS}.at(-1) === 'zh-CN {second}'")
    page.value("window.said.finish()")
    writer.ask("type", name="clerk", turn=turn, keys="旧的不读")
    third = add(writer, "审判员问")
    page.wait(f"{TEXTS}.at(-1) === 'zh-CN 审判员问'")
    writer.ask(
        "type", name="clerk", turn=third, keys=["，原告答"]
    )  # in one go: what rests in between is read by itself
    page.value("window.said.finish()")
    page.wait(f"{TEXTS}.at(-1) === 'zh-CN ，原告答'")  # only what was added
    assert len(page.value(TEXTS)) == 4
    page.do("reload")
    page.wait_for_lines("> 100")
    page.wait_in_step()
    page.value(DRAWN)
    last = random_word("末")
    add(writer, last)
    page.wait(f"{TEXTS}.at(-1) === 'zh-CN {last}'")  # remembered, and nothing of before


def test_a_voice_that_falls_behind_goes_on_with_the_newest_and_stops_at_once(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    writer = writes(node, fresh_server)
    page = enter(browser, hearing, hearing.person("defendant"), speech={"voices": [HERE]})
    page.set_language("en")
    page.wait("document.querySelectorAll('.line').length > 100")
    choose(page, "Display and account", "On")
    words = [random_word("多") for _ in range(6)]
    for word in words:  # the first utterance is not over: all of these wait
        add(writer, word)
        page.wait(f"{SAID}.includes('{word}')")
    for _ in range(6):
        page.value("window.said.finish()")
    assert [text.removeprefix("zh-CN ") for text in page.value(TEXTS)[1:]] == words[-3:]
    add(writer, words[0])
    page.wait(f"{TEXTS}.length === 5")
    before = page.value("window.said.cancelled")
    choose(page, "Display and account", "Off")
    assert page.value("window.said.cancelled") > before and page.value("window.said.current") is None
    choose(page, "Display and account", "On")
    before = page.value("window.said.cancelled")
    isolate = {"person": hearing.person("defendant").id, "reason": "旁人提示"}
    assert fresh_server.command(hearing.judge.token, hearing.id, "isolate", **isolate).status_code == 200
    page.wait("document.querySelector('.waiting-isolated')")
    assert page.value("window.said.cancelled") > before and page.value("window.said.current") is None


@pytest.mark.parametrize("voices", [[], [ELSEWHERE, ENGLISH]])
def test_no_voice_of_elsewhere_hears_a_word(
    browser: Browser, shared_server: ServerProcess, voices: list[dict[str, object]]
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person("plaintiff"), speech={"voices": voices})
    page.press("显示与账户")
    page.see("本机没有中文语音")
    assert page.violations() == []


def test_a_clerk_is_not_offered_to_hear_what_the_clerk_types(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.clerk, speech={"voices": [HERE]})
    page.press("显示与账户")
    page.see("文字大小")
    assert "朗读" not in page.do("text")


SMALL = """[...document.querySelectorAll('button, input:not([type=radio]), .choice-option, .splitter, .top-back')]
  .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.visually-hidden'))
  .filter(e => Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 47.5)
  .map(e => `${e.className} ${e.innerText} ${e.offsetWidth}x${e.offsetHeight}`)"""


@pytest.mark.parametrize("role", ["judge", "clerk", "plaintiff"])
def test_beside_large_text_every_control_is_large(browser: Browser, shared_server: ServerProcess, role: str) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role), speech={"voices": [HERE]})
    choose(page, "显示与账户", "150%")
    for width in (1600, 360):
        page.do("resize", width=width, height=900)
        page.value(
            "[...document.querySelectorAll('.panel-head button, .tool')].find(e => e.innerText === '查找').click()"
        )
        page.wait("document.querySelector('.find-bar')")
        hover = f"{LINES}.at(-1).dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true }}))"
        page.wait(f"({hover}, document.querySelector('.line-link'))")
        page.press("显示与账户")
        assert page.value(SMALL) == []
        assert page.fits()
        if width == 1600 and role != "clerk":  # the clerk's tools take their room above the text
            assert page.value("document.scrollingElement.scrollHeight") == 900  # the panels scroll, not the page
        page.do("key", key="Escape")
        page.value(
            "[...document.querySelectorAll('.panel-head button, .tool')].find(e => e.innerText === '查找').click()"
        )
        page.wait("!document.querySelector('.find-bar')")

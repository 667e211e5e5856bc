"""The clerk's tools in Chromium: find and replace, completion, templates, kinds; and the reader's search."""

from collections.abc import Iterator

import pytest

from tests.e2e.editor_page import EditorPage, open_editor
from tests.e2e.page import Browser
from tests.e2e.test_editor import word
from tests.harness.server import ServerProcess


@pytest.fixture
def editor(browser: Browser, shared_server: ServerProcess) -> Iterator[EditorPage]:
    hearing = shared_server.demo.hearing
    opened = open_editor(browser, hearing, hearing.clerk)
    yield opened
    opened.page.do("close")


def test_find_and_replace_leave_the_lines_of_the_court_alone(editor: EditorPage) -> None:
    wrong, right = word(), word()
    first, second = editor.new_turn(f"{wrong}元"), editor.new_turn(f"共{wrong}和{wrong}")
    courts = [line["text"] for line in editor.lines() if line["role"] == "程序"]
    editor.key("Control+f")
    editor.page.wait("document.activeElement.matches('.find-bar input')")
    editor.type(wrong)
    editor.page.see("/ 3")
    editor.key("Enter")
    editor.page.do("fill", label="替换为", text=right)
    editor.page.press("全部替换")
    editor.wait_text(first, f"{right}元")
    editor.wait_text(second, f"共{right}和{right}")
    editor.page.see("没有找到")
    editor.saved()
    assert [line["text"] for line in editor.lines() if line["role"] == "程序"] == courts
    editor.key("Escape")
    editor.page.wait("!document.querySelector('.find-bar') && document.activeElement.matches('.sheet')")


def test_tab_completes_a_name_and_an_exhibit(editor: EditorPage) -> None:
    start = word()
    turn = editor.new_turn(start)
    editor.type("周启")
    editor.page.wait("document.querySelector('.completions')?.textContent.includes('周启航')")
    editor.key("Tab")
    editor.wait_text(turn, start + "周启航")
    editor.type("出示证据1")
    editor.page.wait("document.querySelector('.completions')")
    editor.key("Tab")
    editor.wait_text(turn, start + "周启航出示证据1《借款合同（附借条）》")
    editor.page.wait("!document.querySelector('.completions')")


def test_a_template_is_put_in_with_the_speakers_of_this_hearing(editor: EditorPage) -> None:
    editor.new_turn(word())
    editor.page.press("模板")
    editor.page.press("最后陈述")
    editor.page.wait("!document.querySelector('.menu-panel')")
    found = [(line["role"], line["text"]) for line in editor.lines()[-4:]]
    assert found[0] == ("", "（四）最后陈述")
    assert [role for role, _ in found[1:]] == ["审", "原", "被"]
    editor.saved()


def test_a_turn_becomes_a_heading_and_speech_again(editor: EditorPage) -> None:
    turn = editor.new_turn(word())
    for item, kind in (("设为标题", "heading"), ("设为说明", "note"), ("设为发言", "speech")):
        editor.page.press("本条")
        editor.page.press(item)
        editor.page.wait(f"document.querySelector('#turn-{turn}').classList.contains('line-{kind}')")
    editor.saved()


def test_a_reader_finds_words_and_goes_to_them(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    page = browser.log_in(hearing.person("plaintiff"))
    page.enter(hearing.id)
    page.wait("document.querySelectorAll('.line').length > 100")
    page.press("查找")
    page.wait("document.activeElement.matches('.find-bar input')")
    page.do("type", text="独任审理")
    page.see("1 / ")
    page.wait("document.querySelector('#turn-s1').getBoundingClientRect().top > 0")
    assert page.value("CSS.highlights.get('found').size") >= 1
    assert page.violations() == []
    page.do("key", key="Escape")
    page.wait("!document.querySelector('.find-bar')")
    page.wait("CSS.highlights.get('found').size === 0")

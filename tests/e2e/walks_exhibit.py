"""Walks along the exhibits: the list, a page and its annotations, a thread, what is handed in."""

from __future__ import annotations

from collections.abc import Iterator

from tests.e2e.exhibit_page import CORPUS, ExhibitPage, hand_in
from tests.e2e.page import Page
from tests.e2e.states import Stage, Stop

CONTRACT = "loan-contract"
WORDS = "出借人"
TWICE = "微信聊天记录打印件"


def exhibits(stage: Stage) -> Iterator[Stop]:
    page = stage.enter(stage.hearing.person("plaintiff"))
    page.wait_in_step()
    page.press("证据")
    page.wait("document.querySelectorAll('.exhibit-ready').length >= 2")
    yield Stop("exhibit-list", page)
    page.press("提交证据")
    page.wait_for("dialog[open] input[type=file]")
    page.do("choose_file", selector="dialog input[type=file]", path=str(CORPUS / "not-a-pdf.pdf"))
    yield Stop("exhibit-upload", page)
    page.press("提交")
    page.wait_for(".exhibit-row .notice-danger")
    yield Stop("exhibit-refused", page)
    yield from withdrawn(page, stage)
    yield from opened(page, stage)


def withdrawn(page: Page, stage: Stage) -> Iterator[Stop]:
    hand_in(stage.server, stage.hearing.person("plaintiff"), CORPUS / "negative-origin.pdf", TWICE)
    page.press(f"撤回证据：{TWICE}")
    page.wait_for("dialog[open].dialog-danger textarea")
    yield Stop("confirm-withdraw", page)
    page.do("fill", label="撤回理由", text="与证据二内容重复。")
    page.press("确认撤回")
    page.wait_for(".is-withdrawn .exhibit-withdrawn")
    yield Stop("exhibit-withdrawn", page)


def opened(page: Page, stage: Stage) -> Iterator[Stop]:
    shown = ExhibitPage(page)
    shown.show(CONTRACT)
    yield Stop("exhibit-page", page)
    page.value("document.querySelector('.exhibit-pages').focus()")
    page.do("key", key="Control+f")
    page.wait("document.activeElement.matches('.exhibit-find input')")
    page.do("type", text=WORDS)
    page.wait_for(".selecting polygon")
    yield Stop("exhibit-search", page)
    shown.tool("高亮")
    page.wait_for(".mark")
    shown.wait_saved()
    page.do("key", key="Escape")
    shown.choose(shown.marks()[0]["id"])
    yield Stop("exhibit-thread", page)
    page.do("fill", label="写回复", text="请被告说明这一处。")
    page.press("发送")
    page.wait_for("[data-reply]")
    page.click("[data-reply] .thread-actions button:last-child")
    page.wait_for("[data-reply] .thread-deleted")
    yield Stop("exhibit-thread-deleted", page)
    page.press("全部批注")
    page.wait("!document.querySelector('.thread')")
    yield Stop("exhibit-marks", page)
    shown.tool_by_key("便签")
    page.wait_for("dialog[open] textarea")
    yield Stop("exhibit-note", page)
    page.do("key", key="Escape")
    observer = stage.enter(stage.hearing.person("observer"))
    observer.wait_in_step()
    ExhibitPage(observer).show(CONTRACT)
    observer.wait_for(".exhibit-read-only")
    yield Stop("exhibit-reader", observer)

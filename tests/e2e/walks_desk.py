"""Walks at the clerk's desk: the editor's tools, another clerk beside, and words that found no place."""

from collections.abc import Iterator

from tests.e2e.editor_page import EditorPage, number_of, open_editor
from tests.e2e.states import Stage, Stop

ANSWER = "我方认可收到二十万元，但其中三万元已经归还。"
LATE = "原告补充：还款日为二〇二四年六月三十日。"


def editor(stage: Stage) -> Iterator[Stop]:
    clerk = open_editor(stage.browser, stage.hearing, stage.hearing.clerk, lasting=True)
    page = clerk.page
    turn = clerk.new_turn(ANSWER)
    clerk.key("Control+4")
    clerk.saved()
    page.wait("!document.querySelector('.editor-state .quiet').textContent.startsWith('0')")
    yield Stop("editor", page)
    yield from search(clerk)
    yield from menus(clerk)
    yield from completion(clerk, turn)
    clerk.select(turn, 8, 12)
    page.press("存疑")
    page.wait_for(f"#turn-{turn} mark")
    clerk.saved()
    yield Stop("editor-unsure", page)
    other = open_editor(stage.browser, stage.hearing, stage.hearing.person("clerk", 1))
    other.select(turn, 1, 6)
    clerk.caret(turn, 0)
    page.wait_for(".writer-selection")
    yield Stop("editor-two-writers", page)
    yield from locked(clerk)


def search(clerk: EditorPage) -> Iterator[Stop]:
    page = clerk.page
    clerk.key("Control+f")
    page.wait("document.activeElement.matches('.find-bar input')")
    clerk.type("借款")
    page.wait_for(".found-current")
    yield Stop("editor-search", page)
    clerk.key("Escape")
    page.wait("!document.querySelector('.find-bar')")


def menus(clerk: EditorPage) -> Iterator[Stop]:
    page = clerk.page
    for name, button in (("editor-templates", "模板"), ("editor-turn-menu", "本条")):
        page.press(button)
        page.wait_for(".tool-menu .menu-panel")
        yield Stop(name, page)
        clerk.key("Escape")
        page.wait("!document.querySelector('.menu-panel')")


def completion(clerk: EditorPage, turn: str) -> Iterator[Stop]:
    clerk.caret(turn, len(ANSWER))
    clerk.type("证据")
    clerk.page.wait_for(".completions")
    yield Stop("editor-completion", clerk.page)
    clerk.key("Escape")
    clerk.page.wait("!document.querySelector('.completions')")


def locked(clerk: EditorPage) -> Iterator[Stop]:
    line = next(line for line in clerk.lines() if line["role"] == "程序")
    clerk.caret(line["id"], 2)
    clerk.type("甲")
    clerk.page.wait_for(".editor-hint")
    yield Stop("editor-locked-hint", clerk.page)


def words(stage: Stage) -> Iterator[Stop]:
    """Typed while the line is down; typed into a turn that another clerk has deleted; come too late."""
    clerk = open_editor(stage.browser, stage.hearing, stage.hearing.clerk, wire=True)
    turn = clerk.new_turn(ANSWER)
    clerk.saved()
    yield from stranded(stage, clerk, turn)
    yield from draft(stage, clerk)
    clerk.page.do("offline", offline=True)
    clerk.page.wait_for("[data-saved=kept]")
    yield Stop("editor-kept", clerk.page)
    clerk.page.do("offline", offline=False)
    clerk.saved()


def stranded(stage: Stage, clerk: EditorPage, turn: str) -> Iterator[Stop]:
    node = stage.node
    stage.clerk_writes("deleter", 1)
    node.ask("wait_words", name="deleter", text=ANSWER)
    node.ask("offline", name="deleter")
    node.ask("remove_turn", name="deleter", turn=turn)
    clerk.type(LATE)
    clerk.saved()
    node.ask("online", name="deleter")
    clerk.page.wait_for(".offers .offer-words")
    yield Stop("editor-stranded", clerk.page)
    clerk.page.press("不需要")
    clerk.page.wait("!document.querySelector('.offers')")


def draft(stage: Stage, clerk: EditorPage) -> Iterator[Stop]:
    """Another program writes under this page's number."""
    node, page = stage.node, clerk.page
    turn = clerk.new_turn("双方是否愿意调解？")
    clerk.saved()
    stage.clerk_writes("twin")
    number = number_of(node, "twin", stage.hearing.clerk)
    page.do("hold_wire")
    clerk.type(LATE)
    clerk.wait_text(turn, "双方是否愿意调解？" + LATE)
    node.ask("become", name="twin", number=number)
    node.ask("add_turn", name="twin", turn="twin", text="休庭十分钟。")
    node.ask("wait", name="twin", what="saved")
    page.do("let_go")
    page.wait_for(".offers .offer-words")
    clerk.saved()
    yield Stop("editor-draft", page)
    page.press("不需要")
    page.wait("!document.querySelector('.offers')")

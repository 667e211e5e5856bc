"""The clerk's editor in Chromium: turns by id, input methods, speakers, the court's lines, marks, paste, undo."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.e2e.editor_page import EditorPage, open_editor
from tests.e2e.page import Browser
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import NeverHappened, until_blocking
from tests.harness.writing import random_word


def word() -> str:
    """Chinese letters only, and nowhere else in the transcript."""
    return "".join(chr(0x4E00 + int(digit, 16) * 37) for digit in random_word("")[:10])


@pytest.fixture
def witness(node: NodeClient, shared_server: ServerProcess) -> NodeClient:
    """The judge's unmodified y-websocket on the transcript, by the name "witness"."""
    hearing = shared_server.demo.hearing
    where = {"kind": "y-websocket", "url": shared_server.url, "document": hearing.transcript}
    node.ask("make", name="witness", token=hearing.judge.token, **where)
    node.ask("wait", name="witness", what="synced")
    return node


@pytest.fixture
def editor(browser: Browser, shared_server: ServerProcess) -> Iterator[EditorPage]:
    hearing = shared_server.demo.hearing
    opened = open_editor(browser, hearing, hearing.clerk)
    yield opened
    opened.page.do("close")


def held_by(witness: NodeClient) -> list[tuple[str, str]]:
    return [(turn, text) for turn, text in witness.ask("read", name="witness")]


def same(editor: EditorPage, witness: NodeClient, text: str) -> None:
    """The witness comes to what stands on the page; what is saved is still on its way to the others."""
    editor.saved()
    witness.ask("wait_words", name="witness", text=text)
    shown = [(line["id"], line["text"]) for line in editor.lines()]
    with suppress(NeverHappened):
        until_blocking(lambda: held_by(witness) == shown)
    assert held_by(witness) == shown


def test_opening_writes_nothing(editor: EditorPage, witness: NodeClient) -> None:
    before = witness.ask("state", name="witness")
    editor.caret(editor.lines()[3]["id"], 1)
    editor.key("ArrowRight")
    editor.page.wait("document.activeElement.classList.contains('sheet')")
    assert witness.ask("state", name="witness") == before
    assert editor.page.do("complaints") == []


def test_typed_words_reach_the_others_and_are_said_to_be_saved(editor: EditorPage, witness: NodeClient) -> None:
    text = word()
    turn = editor.new_turn(text)
    assert re.fullmatch(r"[0-9A-Za-z_-]{13,64}", turn)
    same(editor, witness, text)


def test_a_letter_before_the_first_frame_of_a_new_turn_is_kept(editor: EditorPage, witness: NodeClient) -> None:
    turn = editor.new_turn(word())
    text = word()
    editor.page.value(
        "document.querySelector('.sheet').dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })) ||"
        f" [...'{text}'].map(letter => document.execCommand('insertText', false, letter))"
    )
    assert editor.wait_line(text) != turn
    same(editor, witness, text)


def test_enter_in_the_middle_leaves_the_id_to_the_left_half(editor: EditorPage, witness: NodeClient) -> None:
    left, right = word(), word()
    turn = editor.new_turn(left + right)
    editor.caret(turn, len(left))
    editor.key("Enter")
    editor.wait_text(turn, left)
    other = editor.wait_line(right)
    assert other != turn
    same(editor, witness, right)


def test_enter_at_the_start_makes_a_turn_before(editor: EditorPage, witness: NodeClient) -> None:
    text = word()
    turn = editor.new_turn(text)
    place = [line["id"] for line in editor.lines()].index(turn)
    editor.caret(turn, 0)
    editor.key("Enter")
    editor.page.wait(f"document.querySelectorAll('.editor .line').length === {place + 2}")
    lines = editor.lines()
    assert (lines[place]["text"], lines[place + 1]) == ("", {**lines[place + 1], "id": turn, "text": text})
    same(editor, witness, text)


def test_backspace_joins_and_the_left_keeps_its_id(editor: EditorPage, witness: NodeClient) -> None:
    left, right = word(), word()
    first = editor.new_turn(left)
    second = editor.new_turn(right)
    editor.caret(second, 0)
    editor.key("Backspace")
    editor.wait_text(first, left + right)
    assert second not in [line["id"] for line in editor.lines()]
    same(editor, witness, left + right)


def test_a_moved_turn_keeps_its_id_and_undo_brings_it_back(editor: EditorPage, witness: NodeClient) -> None:
    one, two = word(), word()
    first, second = editor.new_turn(one), editor.new_turn(two)
    editor.saved()
    editor.caret(second, 2)
    editor.key("Alt+ArrowUp")
    editor.page.wait(f"document.querySelector('#turn-{second}').nextElementSibling?.id === 'turn-{first}'")
    same(editor, witness, two)
    editor.type("甲")
    editor.wait_text(second, two[:2] + "甲" + two[2:])
    same(editor, witness, "甲")
    editor.undo_until(f"document.querySelector('#turn-{first}').nextElementSibling?.id === 'turn-{second}'")
    editor.wait_text(second, two)
    same(editor, witness, two)


def test_undo_takes_back_own_words_only(editor: EditorPage, witness: NodeClient, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    other = hearing.person("clerk", 1)
    where = {"kind": "hocuspocus", "url": shared_server.url, "document": hearing.transcript}
    witness.ask("make", name="other", token=other.token, **where)
    witness.ask("wait", name="other", what="synced")
    own, theirs = word(), word()
    turn = editor.new_turn(own)
    witness.ask("wait_words", name="other", text=own)
    witness.ask("type", name="other", turn=turn, keys=theirs)
    editor.wait_text(turn, own + theirs)
    editor.undo_until(f"document.querySelector('#turn-{turn} p').textContent === '{theirs}'")
    same(editor, witness, theirs)


def test_a_speaker_by_key_and_by_prefix(editor: EditorPage, witness: NodeClient) -> None:
    text = word()
    turn = editor.new_turn(text)
    editor.key("Control+1")
    editor.page.wait(f"document.querySelector('#turn-{turn} .line-role').textContent === '审'")
    editor.caret(turn, 0)
    editor.type("原：")
    editor.page.wait(f"document.querySelector('#turn-{turn} .line-role').textContent === '原'")
    editor.wait_text(turn, text)
    same(editor, witness, text)


def test_a_prefix_from_an_input_method(editor: EditorPage, witness: NodeClient) -> None:
    text = word()
    turn = editor.new_turn(text)
    editor.caret(turn, 0)
    editor.compose(["b", "be", "bei"], "被")
    editor.type("：")
    editor.page.wait(f"document.querySelector('#turn-{turn} .line-role').textContent === '被'")
    editor.wait_text(turn, text)
    same(editor, witness, text)


def test_no_letter_of_a_composition_leaves_the_page(
    editor: EditorPage, witness: NodeClient, shared_server: ServerProcess
) -> None:
    start = word()
    turn = editor.new_turn(start)
    editor.saved()
    witness.ask("wait_words", name="witness", text=start)
    witness.ask("keep", name="witness")
    editor.caret(turn, len(start))
    for steps, taken in (
        (["s", "sh", "she", "shen"], "审"),
        (["p", "pa", "pan"], "判"),
        (["y", "yu", "yua", "yuan"], "员"),
    ):
        editor.compose(steps, None)
        editor.page.wait(f"document.querySelector('#turn-{turn}').textContent.includes('{steps[-1]}')")
        assert editor.mark() == "saving"
        editor.compose([], taken)
    editor.wait_text(turn, start + "审判员")
    same(editor, witness, start + "审判员")
    heard = witness.ask("kept", name="witness")
    assert heard["texts"] and "审" in "".join(heard["inserted"])
    assert [text for text in heard["texts"] if re.search("[a-z]", text)] == []
    assert [text for text in heard["inserted"] if re.search("[a-z]", text)] == []


def test_a_composition_in_an_empty_turn(editor: EditorPage, witness: NodeClient) -> None:
    turn = editor.new_turn(word())
    editor.key("Enter")
    editor.compose(["n", "ni", "nih", "niha", "nihao"], "你好")
    new = editor.wait_line("你好")
    assert new != turn
    editor.type("。")
    editor.wait_text(new, "你好。")
    same(editor, witness, "你好。")


def test_the_others_write_in_the_same_turn_during_a_composition(
    editor: EditorPage, witness: NodeClient, shared_server: ServerProcess
) -> None:
    hearing = shared_server.demo.hearing
    where = {"kind": "hocuspocus", "url": shared_server.url, "document": hearing.transcript}
    witness.ask("make", name="other", token=hearing.person("clerk", 1).token, **where)
    witness.ask("wait", name="other", what="synced")
    start = word()
    turn = editor.new_turn(start)
    witness.ask("wait_words", name="other", text=start)
    editor.caret(turn, len(start))
    editor.compose(["z", "zh", "zhe"], None)
    witness.ask("type", name="other", turn=turn, keys="前", at=0)
    witness.ask("wait", name="other", what="saved")
    editor.compose(["zhen"], "真")
    editor.wait_text(turn, "前" + start + "真")
    same(editor, witness, "前" + start + "真")


def test_a_line_of_the_court_cannot_be_changed(editor: EditorPage, witness: NodeClient) -> None:
    line = next(line for line in editor.lines() if line["role"] == "程序")
    before = editor.texts()
    editor.caret(line["id"], 2)
    editor.type("甲")
    editor.page.see("由法庭写入，不能修改或删除")
    editor.key("Backspace")
    editor.key("Control+b")
    assert editor.texts() == before
    place = [one["id"] for one in editor.lines()].index(line["id"])
    editor.key("Enter")
    editor.page.wait(f"document.querySelectorAll('.editor .line').length === {len(before) + 1}")
    after = editor.lines()
    assert (after[place]["id"], after[place + 1]["text"]) == (line["id"], "")
    editor.type(text := word())
    same(editor, witness, text)


def test_marks_are_set_and_taken_away(editor: EditorPage, witness: NodeClient) -> None:
    text = word()
    turn = editor.new_turn(text)
    editor.select(turn, 0, 2)
    editor.key("Control+b")
    editor.page.wait(f"document.querySelector('#turn-{turn} strong')?.textContent === {text[:2]!r}")
    editor.select(turn, 0, 2)
    editor.page.press("存疑")
    editor.page.wait(f"document.querySelector('#turn-{turn} mark')?.textContent === {text[:2]!r}")
    editor.key("Control+b")
    editor.page.wait(f"!document.querySelector('#turn-{turn} strong')")
    same(editor, witness, text)


def test_a_paste_becomes_turns(editor: EditorPage, witness: NodeClient) -> None:
    one, two, three = word(), word(), word()
    editor.new_turn("")
    editor.page.do("paste", text=f"审：{one}\r\n\r\n原：\u3000{two}\u200b\n（一）法庭调查\n{three}\n")
    editor.wait_line(three)
    found = [(line["role"], line["text"]) for line in editor.lines()[-4:]]
    assert found == [("审", one), ("原", two), ("", "（一）法庭调查"), ("原", three)]
    same(editor, witness, three)


def test_a_paste_from_a_word_processor_is_cleaned(editor: EditorPage, witness: NodeClient) -> None:
    one, two = word(), word()
    editor.new_turn("")
    html = f"<style>p {{color: red}}</style><p class=MsoNormal><b>被：</b>{one}</p><p><span style='x'>{two}</span></p>"
    editor.page.do("paste", html=html)
    editor.wait_line(two)
    assert [(line["role"], line["text"]) for line in editor.lines()[-2:]] == [("被", one), ("被", two)]
    same(editor, witness, two)


def test_a_large_paste_is_admitted(editor: EditorPage, witness: NodeClient) -> None:
    """3,000 turns in one go: as several updates, each within the server's limits."""
    last = word()
    count = len(editor.lines())
    editor.new_turn("")
    editor.page.do("paste", text="".join(f"原：第{n}条\n" for n in range(2999)) + last)
    editor.wait_line(last)
    editor.saved()
    witness.ask("wait_words", name="witness", text=last)
    assert len(held_by(witness)) == count + 3000
    for _ in range(12):
        editor.key("Control+z")
    editor.page.wait(f"document.querySelectorAll('.editor .line').length <= {count + 1}")
    editor.saved()

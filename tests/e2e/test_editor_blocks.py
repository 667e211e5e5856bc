"""The editor's lines stand in blocks: caret, selection, copy and growth go over their borders as if there were none."""

from tests.e2e.editor_page import EditorPage, open_editor
from tests.e2e.page import STILL, Browser
from tests.e2e.test_editor import word
from tests.harness.server import ServerProcess

SLOTS = "[...document.querySelector('.editor .sheet').shadowRoot.querySelectorAll('slot')]"
BLOCKS = f"{SLOTS}.map(slot => slot.assignedElements().length)"
IN_ORDER = f"""(() => {{
  const lines = [...document.querySelectorAll('.editor .line')];
  return {SLOTS}.flatMap(slot => slot.assignedElements()).every((line, place) => line === lines[place]);
}})()"""
LINE = "(node => (node instanceof Element ? node : node.parentElement).closest('.line')?.id)"
HEAD = f"{LINE}(getSelection().focusNode)"
ENDS = f"(({{ anchorNode, focusNode }}) => [anchorNode, focusNode].map({LINE}))(getSelection())"


def last_of_first_block(editor: EditorPage) -> tuple[str, str]:
    """Ids of the turns on both sides of the first border."""
    lines = editor.lines()
    first = editor.page.value(BLOCKS)[0]
    return lines[first - 1]["id"], lines[first]["id"]


def test_every_line_stands_in_one_block_and_in_order(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    counts = editor.page.value(BLOCKS)
    assert len(counts) > 1
    assert sum(counts) == len(editor.lines())
    assert editor.page.value(IN_ORDER)


def test_the_caret_goes_over_a_border_by_arrows(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    above, below = last_of_first_block(editor)
    editor.caret(above, 0)
    editor.key("End")
    for _ in range(6):  # a turn may take several rows
        if editor.page.value(HEAD) == f"turn-{above}":
            editor.key("ArrowDown")
    assert editor.page.value(HEAD) == f"turn-{below}"
    editor.key("Home")
    for _ in range(6):
        if editor.page.value(HEAD) == f"turn-{below}":
            editor.key("ArrowUp")
    assert editor.page.value(HEAD) == f"turn-{above}"


def test_the_mouse_selects_over_a_border_both_ways(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    border = last_of_first_block(editor)
    for start, end in (border, border[::-1]):
        editor.caret(start, 0)
        editor.page.value(STILL)
        editor.page.do("drag_between", **{"from": f"#turn-{start} :is(p, h3)", "to": f"#turn-{end} :is(p, h3)"})
        assert editor.page.value(ENDS) == [f"turn-{start}", f"turn-{end}"]


def test_both_ends_of_the_transcript_are_one_key_away(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    lines = editor.lines()
    above, _ = last_of_first_block(editor)
    editor.caret(above, 1)
    editor.key("Control+End")
    assert editor.page.value(HEAD) == f"turn-{lines[-1]['id']}"
    editor.key("Control+Home")
    assert editor.page.value(HEAD) == f"turn-{lines[0]['id']}"


def test_a_selection_over_a_border_is_replaced_and_brought_back(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    above, below = last_of_first_block(editor)
    before = editor.lines()
    editor.caret(above, 2)
    editor.page.do("select_to", selector=f"#turn-{below} :is(p, h3)", offset=2)
    text = word()
    editor.compose(["n", "ni"], text[:4])
    editor.page.wait(f"document.querySelector('#turn-{above}').textContent.includes('{text[:4]}')")
    editor.type(text[4:])
    kept = editor.line(above)["text"]
    assert kept.startswith(next(one["text"] for one in before if one["id"] == above)[:2] + text)
    assert below not in [line["id"] for line in editor.lines()]
    editor.undo_until(f"document.getElementById('turn-{below}')")
    editor.undo_until(f"!document.querySelector('#turn-{above}').textContent.includes('{text}')")
    assert [line["text"] for line in editor.lines()] == [line["text"] for line in before]


def test_blocks_grow_and_are_parted(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    above, _ = last_of_first_block(editor)
    count = len(editor.lines())
    editor.caret(above, 0)
    editor.key("End")
    editor.page.do("paste", text="".join(f"原：第{n}条\n" for n in range(130)) + (last := word()))
    editor.wait_line(last)
    counts = editor.page.value(BLOCKS)
    assert sum(counts) == count + 131
    assert max(counts) <= 100
    editor.type(more := word())
    editor.wait_line(last + more)

"""What becomes of a clerk's words in Chromium: two editors, a killed server, deletions, refusals, the saved mark."""

import json
import os
import signal

from tests.e2e.editor_page import EditorPage, number_of, open_editor
from tests.e2e.page import DRAWN, Browser
from tests.e2e.test_editor import word
from tests.harness.demo import DemoHearing
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.harness.writing import random_word

KEPT = """(async () => {
  const known = (await indexedDB.databases()).some(one => one.name === 'yunting');
  if (!known) return [];
  const opened = indexedDB.open('yunting');
  const database = await new Promise(done => { opened.onsuccess = () => done(opened.result) });
  const all = await Promise.all([...database.objectStoreNames].map(store => new Promise(done => {
    const asked = database.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result) })));
  database.close();
  return all.map(rows => rows.length);
})()"""
NOTHING_KEPT = f"{KEPT}.then(counts => counts.every(count => count === 0))"


def provider(node: NodeClient, server: ServerProcess, hearing: DemoHearing, nth: int, name: str) -> None:
    """A clerk's unmodified provider."""
    where = {"kind": "hocuspocus", "url": server.url, "document": hearing.transcript}
    node.ask("make", name=name, token=hearing.person("clerk", nth).token, **where)
    node.ask("wait", name=name, what="synced")


def wait_offer(editor: EditorPage, words: str) -> None:
    editor.page.wait(
        f"[...document.querySelectorAll('.offer-words')].some(one => one.textContent === {json.dumps(words)})"
    )


def test_two_editors_and_a_killed_server_end_equal(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    one = open_editor(browser, hearing, hearing.clerk)
    two = open_editor(browser, hearing, hearing.person("clerk", 1))
    first = one.new_turn(start := word())
    two.wait_text(first, start)  # before that, the end of the last turn would soon be its middle
    second = two.new_turn(text := word())
    one.wait_line(text)
    one.caret(second, 0)
    one.page.wait("document.querySelector('.writer-caret')?.dataset.name === '沈砚秋'")
    fresh_server.kill()
    for editor in (one, two):
        editor.page.wait("document.querySelector('.saved').dataset.saved === 'kept'")
    one.type(mine := word())
    two.caret(first, 0)
    two.type(theirs := word())
    two.key("Enter")
    assert (one.mark(), two.mark()) == ("kept", "kept")
    fresh_server.start()
    one.saved()
    two.saved()
    until_blocking(lambda: one.lines() == two.lines(), "both editors to be equal")
    assert mine in "".join(one.texts()) and theirs in one.texts()
    with fresh_server.http(hearing.judge.token) as http:
        turns = http.get(f"/api/hearings/{hearing.id}/transcript").json()["turns"]
    assert [(turn["id"], turn["text"]) for turn in turns] == [(line["id"], line["text"]) for line in one.lines()]


def test_words_typed_offline_survive_a_reload_and_are_sent_then(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    turn = editor.new_turn(start := word())
    editor.saved()
    editor.page.wait(NOTHING_KEPT)
    address = editor.page.do("url")
    fresh_server.kill()
    editor.page.wait("document.querySelector('.saved').dataset.saved === 'kept'")
    editor.type(more := word())
    editor.wait_text(turn, start + more)
    editor.page.wait(f"{KEPT}.then(counts => counts[1] > 0 || counts[0] > 0)")
    fresh_server.start()
    editor.page.go(address)
    editor.page.wait("document.querySelector('.editor .sheet')")
    editor.wait_text(turn, start + more)
    editor.saved()
    editor.page.wait(NOTHING_KEPT)


def test_words_in_a_deleted_turn_come_back_by_one_click(
    browser: Browser, shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    writer = open_editor(browser, hearing, hearing.person("clerk", 1))
    other = open_editor(browser, hearing, hearing.clerk)
    provider(node, shared_server, hearing, 0, "deleter")
    turn = writer.new_turn(start := word())
    writer.new_turn(after := word())
    writer.caret(turn, len(start))
    writer.saved()
    other.wait_line(after)
    node.ask("wait_words", name="deleter", text=after)
    node.ask("offline", name="deleter")
    node.ask("remove_turn", name="deleter", turn=turn)
    late = "后来才说的二十个字一二三四五六七八九十完"
    writer.type(late)
    writer.wait_text(turn, start + late)
    writer.saved()
    node.ask("online", name="deleter")
    put_back_once(late, by=other, beside=writer)
    assert writer.texts()[-2:] == [late, after]  # where the deleted turn stood


def put_back_once(words: str, *, by: EditorPage, beside: EditorPage) -> None:
    """Both pages offer the words; one click makes a turn of them, and neither offers them any more."""
    for editor in (by, beside):
        wait_offer(editor, words)
    by.page.press("放回为一条")
    turn = beside.wait_line(words)
    by.wait_text(turn, words)
    for editor in (by, beside):
        editor.page.wait("!document.querySelector('.offers')")
        assert editor.texts().count(words) == 1
        editor.saved()


def test_words_typed_into_a_turn_that_the_other_page_deletes_are_offered_on_both(
    browser: Browser, shared_server: ServerProcess
) -> None:
    hearing = shared_server.demo.hearing
    deleter = open_editor(browser, hearing, hearing.clerk)
    writer = open_editor(browser, hearing, hearing.person("clerk", 1))
    turn = writer.new_turn(start := word())
    writer.saved()
    deleter.wait_text(turn, start)
    writer.page.do("offline", offline=True)
    writer.type(late := "乙在甲删去的这一条里又打了二十个字才知道")
    writer.wait_text(turn, start + late)
    deleter.select(turn, 0, len(start))
    deleter.key("Backspace")
    deleter.wait_text(turn, "")
    deleter.key("Backspace")
    deleter.page.wait(f"!document.getElementById('turn-{turn}')")
    deleter.saved()
    assert late in "".join(writer.texts())
    writer.page.do("offline", offline=False)
    writer.page.wait(f"!document.getElementById('turn-{turn}')")
    put_back_once(late, by=deleter, beside=writer)


def test_a_draft_after_stale_survives_a_reload(
    browser: Browser, shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk, wire=True)
    turn = editor.new_turn(start := word())
    editor.saved()
    provider(node, shared_server, hearing, 0, "twin")
    node.ask("wait_words", name="twin", text=start)
    number = number_of(node, "twin", hearing.clerk)
    editor.page.do("hold_wire")
    editor.type(late := word())
    editor.wait_text(turn, start + late)
    node.ask("become", name="twin", number=number)
    node.ask("add_turn", name="twin", turn=random_word("t"), text="别的")
    node.ask("wait", name="twin", what="saved")
    editor.page.do("let_go")
    wait_offer(editor, late)
    editor.page.see("送达时已晚")
    editor.page.wait(f"{KEPT}.then(([drafts, updates]) => drafts === 1 && updates === 0)")
    editor.page.do("reload")
    wait_offer(editor, late)
    editor.saved()
    editor.page.press("放回为一条")
    editor.wait_line(late)
    editor.saved()
    editor.page.wait(NOTHING_KEPT)


def test_nothing_is_said_to_be_saved_while_the_server_stands_still(
    browser: Browser, fresh_server: ServerProcess
) -> None:
    hearing = fresh_server.demo.hearing
    editor = open_editor(browser, hearing, hearing.clerk)
    turn = editor.new_turn(start := word())
    editor.saved()
    editor.page.value(
        "new MutationObserver(() => {"
        " if (document.querySelector('.saved').dataset.saved === 'saved') window.saidSaved = true })"
        ".observe(document.querySelector('.editor'), { subtree: true, attributes: true, childList: true })"
    )
    os.kill(fresh_server.pid, signal.SIGSTOP)
    try:
        editor.type(more := word())
        editor.page.wait("document.querySelector('.saved').dataset.saved === 'saving'")
        editor.page.value("window.saidSaved = false")
        editor.type(yet := word())
        editor.wait_text(turn, start + more + yet)
        assert editor.mark() == "saving"
        assert not editor.page.value("window.saidSaved")
    finally:
        os.kill(fresh_server.pid, signal.SIGCONT)
    editor.saved()
    assert editor.page.value("window.saidSaved")


def test_an_isolated_clerk_keeps_nothing(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    other = open_editor(browser, hearing, hearing.clerk)
    clerk = hearing.person("clerk", 1)
    editor = open_editor(browser, hearing, clerk)
    text = word()
    editor.new_turn(text)
    editor.saved()
    reason = {"person": clerk.id, "reason": "设备异常"}
    assert fresh_server.command(hearing.judge.token, hearing.id, "isolate", **reason).status_code == 200
    editor.page.see("您已被隔离")
    assert text not in editor.page.do("html")
    editor.page.wait(NOTHING_KEPT)
    editor.page.value(DRAWN)  # what is not shown any more is let go of in the frame after
    assert editor.page.do("heap", words=[text]) == []
    other.wait_line(text)

"""Exhibits in the page: annotations that everybody sees live, each person's own, kept through a bad line."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from tests.e2e.exhibit_page import CORPUS, MARKS, PHRASE, ExhibitPage, enter, hand_in, highlight, say
from tests.e2e.page import Browser
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.writing import add_annotation

AHEAD = """(() => {
  const now = Date.now.bind(Date)
  globalThis.Date = class extends Date {
    constructor(...given) { given.length ? super(...given) : super(now() + 600_000) }
    static now() { return now() + 600_000 }
  }
})()"""


@pytest.fixture
def exhibit(shared_server: ServerProcess) -> str:
    """An exhibit of its own, so that no other test's marks are in it."""
    return hand_in(shared_server, shared_server.demo.hearing.clerk, CORPUS / "plain-cjk.pdf", "借款往来记录")


# --- seen by everybody, changed by one ---


def test_a_mark_its_reply_and_its_deletion_are_seen_live_by_others(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, at)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    mark = highlight(mine)
    theirs.page.wait(f"document.querySelector('[data-mark=\"{mark}\"]')")
    assert people.person("plaintiff").name in theirs.marks()[0]["label"]
    theirs.page.do("click", selector=f"[data-mark='{mark}'] polygon")
    theirs.page.wait_for(".thread")
    buttons = theirs.page.do("texts", selector=".thread button")
    assert "修改" not in buttons and "删除" not in buttons
    say(theirs.page, "写回复", "这一处双方没有争议。", "发送")
    mine.choose(mark)
    mine.page.wait_for("[data-reply]")
    mine.page.see("这一处双方没有争议。")
    assert mine.page.do("texts", selector="[data-reply] button") == []
    mine.page.press("删除")
    theirs.page.wait(f"{MARKS} === 0")
    theirs.page.see("已删除")
    mine.wait_saved()
    theirs.wait_saved()
    assert mine.page.do("complaints") == theirs.page.do("complaints") == []


def test_an_opinion_on_a_mark_is_an_entry_of_ones_own(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, at)
    judge = enter(browser, shared_server, people.judge, exhibit, at)
    mark = highlight(mine)
    judge.page.wait(f"{MARKS} === 1")
    judge.choose(mark)
    judge.page.wait_for(".thread-answer select")
    assert "服务器收到" not in judge.page.do("text", selector=".thread")
    judge.page.value(
        "(s => { s.value = 'accepted'; s.dispatchEvent(new Event('change', { bubbles: true })) })"
        "(document.querySelector('.thread-answer select'))"
    )
    mine.choose(mark)
    mine.page.see(f"{people.judge.name}：认可")


def test_the_stroke_under_way_is_seen_before_it_is_written(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people = shared_server.demo.hearing
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit)
    mine.tool("手绘")
    line = [(100 + 20 * n, 500 + (n % 2) * 20) for n in range(8)]
    mine.bring(line)
    mine.page.do("press_along", points=mine.at_rest(line))
    theirs.page.wait_for(".live path")
    assert theirs.page.value(MARKS) == 0
    mine.page.do("lift")
    theirs.page.wait(f"{MARKS} === 1 && !document.querySelector('.live')")


def test_a_device_whose_clock_is_wrong_marks_at_the_courts_time_and_what_is_dated_back_says_so(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    page = browser.log_in(people.person("plaintiff"), width=1500, height=900)
    page.enter(people.id)
    page.wait_in_step()
    page.value(AHEAD)
    mine = ExhibitPage(page)
    mine.show(exhibit, at)
    mark = highlight(mine)
    mine.wait_saved()
    document = f"{people.id}/annotations/{exhibit}"
    dated_back = asyncio.run(dated(shared_server, document, "2026-01-05T09:00:00+08:00"))
    page.wait(f"{MARKS} === 2")
    with shared_server.http(people.judge.token) as client:
        told = client.get(f"/api/hearings/{people.id}/exhibits/{exhibit}/annotations").json()
    created = {each["id"]: each["created"] for each in told["annotations"]}
    made, came = (datetime.fromisoformat(each[mark]) for each in (created, told["received"]))
    assert abs(made - came) < timedelta(minutes=1)
    mine.choose(dated_back)
    page.see("服务器收到")
    mine.choose(mark)
    page.wait("!document.querySelector('.thread').textContent.includes('服务器收到')")


async def dated(server: ServerProcess, document: str, created: str) -> str:
    """A mark of the defendant that says of itself when it was made."""
    defendant = server.demo.hearing.person("defendant")
    speaker = await YjsSpeaker.connect(server.url, document, defendant.token)
    await speaker.in_step()
    rect = [60.0, 60.0, 80.0, 80.0]
    values = {"kind": "note", "page": float(PHRASE["page"]), "rect": rect, "created": created}
    mark = add_annotation(speaker.doc, defendant.id, body="倒签的批注", **values)
    await speaker.saved()
    await speaker.leave()
    return mark


# --- one's own steps ---


def test_undo_and_redo_go_through_ones_own_steps_alone(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, at)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    highlight(mine)
    theirs.page.wait(f"{MARKS} === 1")
    theirs.tool("方框")
    theirs.drag([(100, 300), (200, 380)], at)
    mine.page.wait(f"{MARKS} === 2")
    mine.page.value("document.querySelector('.exhibit-pages').focus()")
    mine.page.do("key", key="Control+z")
    theirs.page.wait("!document.querySelector('.mark-highlight')")
    assert mine.page.value(MARKS) == theirs.page.value(MARKS) == 1
    mine.page.wait_for("[aria-label='撤销']:disabled")
    mine.page.do("key", key="Control+Shift+z")
    theirs.page.wait(f"{MARKS} === 2")


def test_a_long_stroke_is_written_in_parts_that_join(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    mine = enter(browser, shared_server, shared_server.demo.hearing.person("plaintiff"), exhibit)
    mine.tool("手绘")
    points = [(100 + 300 * (n % 2), 200 + n * 0.25) for n in range(1200)]
    mine.bring(points)
    mine.page.do("stroke", limit=300, points=mine.at_rest(points), steps=1)
    mine.page.wait(f"{MARKS} === 2")
    mine.wait_saved()
    ends = mine.page.value(
        "[...document.querySelectorAll('.mark-ink path')].map(p => p.getAttribute('d').split(/[ML]/).filter(Boolean))"
    )
    assert ends[1][-1] == ends[0][0]  # the later part stands higher, so it is drawn first
    mine.tool("选择文字")
    mine.page.press("撤销")
    mine.page.wait(f"{MARKS} === 0")


def test_what_is_drawn_without_a_connection_is_kept_and_sent_when_it_is_back(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, at)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    mine.page.do("offline", offline=True)
    mine.page.wait("document.querySelector('.exhibit-saving').dataset.saving === 'kept'")
    highlight(mine)
    assert theirs.page.value(MARKS) == 0
    mine.page.do("offline", offline=False)
    theirs.page.wait(f"{MARKS} === 1")
    mine.wait_saved()


KEPT = """new Promise(done => {
  const asked = indexedDB.open('yunting', 1)
  asked.onsuccess = () => {
    const count = asked.result.transaction(['unconfirmed']).objectStore('unconfirmed').count()
    count.onsuccess = () => done(count.result > 0)
  }
})"""


def test_what_a_closed_page_could_not_send_is_sent_by_the_next_one(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    first = browser.log_in(people.person("plaintiff"), width=1500, height=900)
    held = browser.open(beside=first, wire=True)
    held.go(first.do("url"))
    mine = ExhibitPage.enter(held, shared_server, exhibit, at)
    held.do("hold_wire")
    highlight(mine)
    held.wait(KEPT)
    held.do("close")
    assert theirs.page.value(MARKS) == 0
    ExhibitPage.enter(first, shared_server, exhibit, at).wait_saved()
    theirs.page.wait(f"{MARKS} === 1")
    first.wait(f"{MARKS} === 1 && {KEPT}.then(kept => !kept)")


def test_marks_that_came_too_late_are_offered_again(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.hearing
    exhibit = hand_in(fresh_server, people.clerk, CORPUS / "plain-cjk.pdf", "借款往来记录")
    mine = enter(browser, fresh_server, people.person("plaintiff"), exhibit, PHRASE["page"])
    mine.page.do("offline", offline=True)
    mine.page.wait("document.querySelector('.exhibit-saving').dataset.saving === 'kept'")
    highlight(mine)
    fresh_server.command(people.judge.token, people.id, "close").raise_for_status()
    mine.page.do("offline", offline=False)
    mine.page.see("有 1 条批注没有被接收")
    mine.page.wait_for(".exhibit-read-only, .exhibit-tools [aria-label='高亮']:disabled")
    mine.page.press("放弃")
    mine.page.gone("有 1 条批注没有被接收")


# --- private notes ---


def test_a_private_note_is_seen_by_nobody_else_until_it_is_put_before_the_court(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("agent"), exhibit, at)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    mine.layer("own")
    mine.choose(highlight(mine))
    mine.wait_saved()
    mine.page.see("仅自己可见")
    assert theirs.page.value(MARKS) == 0
    mine.page.press("提交法庭")
    theirs.page.wait(f"{MARKS} === 1")
    mine.page.wait(
        "document.querySelectorAll('.mark:not(.mark-own)').length === 1 && !document.querySelector('.mark-own')"
    )


# --- handing in ---


def test_a_party_hands_in_an_exhibit_and_everybody_sees_it(browser: Browser, shared_server: ServerProcess) -> None:
    people = shared_server.demo.hearing
    mine, judge = (
        browser.log_in(person, width=1500, height=900) for person in (people.person("defendant"), people.judge)
    )
    for page in (mine, judge):
        page.enter(people.id)
        page.wait_in_step()
        page.press("证据")
        page.wait_for(".exhibit-row")
    mine.press("提交证据")
    mine.do("choose_file", selector="dialog input[type=file]", path=str(CORPUS / "negative-origin.pdf"))
    mine.do("fill", label="证据名称", text="还款说明")
    mine.do("fill", label="证明目的", text="证明已经还款。")
    mine.press("提交")
    judge.wait("[...document.querySelectorAll('.exhibit-ready')].some(row => row.textContent.includes('还款说明'))")
    judge.see("证明已经还款。")


def test_a_clerk_arranges_the_list_for_everybody(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.hearing
    clerk, party = (
        browser.log_in(person, width=1500, height=900) for person in (people.clerk, people.person("plaintiff"))
    )
    for page in (clerk, party):
        page.enter(people.id)
        page.wait_in_step()
        page.press("证据")
        page.wait("document.querySelectorAll('.exhibit-ready').length === 2")
    assert "修改" not in party.do("texts", selector=".exhibit-row button")
    titles = "[...document.querySelectorAll('.exhibit-row h3')].map(title => title.textContent)"
    before = party.value(titles)
    clerk.click(".exhibit-row:last-child .exhibit-links button")
    clerk.do("fill", label="证据序号", text="1")
    clerk.press("保存")
    party.wait(f"JSON.stringify({titles}) === JSON.stringify({json.dumps(before[::-1])})")


def test_a_refused_file_says_why(browser: Browser, shared_server: ServerProcess) -> None:
    people = shared_server.demo.hearing
    mine = browser.log_in(people.person("defendant"), width=1500, height=900)
    mine.enter(people.id)
    mine.wait_in_step()
    mine.press("证据")
    mine.press("提交证据")
    mine.do("choose_file", selector="dialog input[type=file]", path=str(CORPUS / "not-a-pdf.pdf"))
    mine.press("提交")
    mine.wait_for(".exhibit-refused .notice-danger")
    sentence = mine.do("text", selector=".exhibit-refused .notice-words span")
    assert len(sentence) > 5


def test_a_party_withdraws_its_exhibit_and_nobody_marks_it_any_more(
    browser: Browser, shared_server: ServerProcess
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    title = "重复的往来记录"
    exhibit = hand_in(shared_server, people.person("plaintiff"), CORPUS / "plain-cjk.pdf", title)
    theirs = enter(browser, shared_server, people.person("defendant"), exhibit, at)
    mark = highlight(theirs)
    theirs.wait_saved()
    mine = browser.log_in(people.person("plaintiff"), width=1500, height=900)
    mine.enter(people.id)
    mine.wait_in_step()
    mine.press("证据")
    asks = f"[aria-label='撤回证据：{title}']"
    mine.wait_for(asks)
    mine.value(f'document.querySelector("{asks}").focus()')
    mine.do("key", key="Enter")
    mine.do("fill", label="撤回理由", text="与证据一重复")
    mine.press("确认撤回")
    told = f"{people.person('plaintiff').name} "
    theirs.page.wait_for(".exhibit-viewer .exhibit-withdrawn")
    for page in (mine, theirs.page):
        page.see("撤回，理由：与证据一重复")
        assert told in page.do("text", selector=".exhibit-withdrawn")
    theirs.page.wait_for(".exhibit-read-only, .exhibit-tools [aria-label='高亮']:disabled")
    assert [each["id"] for each in theirs.marks()] == [mark]
    mine.wait(f'!document.querySelector("{asks}")')
    assert mine.do("complaints") == theirs.page.do("complaints") == []


# --- isolation ---


def test_an_isolation_leaves_nothing_of_an_exhibit_in_the_page(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.hearing
    exhibit = hand_in(fresh_server, people.clerk, CORPUS / "plain-cjk.pdf", "借款往来记录")
    party = people.person("plaintiff")
    mine = enter(browser, fresh_server, party, exhibit, PHRASE["page"])
    highlight(mine)
    mine.wait_saved()
    assert mine.page.do("heap", words=[PHRASE["phrase"]]) != []
    fresh_server.command(people.judge.token, people.id, "isolate", person=party.id).raise_for_status()
    mine.page.wait_for(".waiting-isolated")
    assert mine.page.value("document.querySelectorAll('canvas, .exhibit-page, .mark').length") == 0
    assert mine.page.do("heap", words=[PHRASE["phrase"], "借款往来记录"]) == []
    fresh_server.command(people.judge.token, people.id, "release", person=party.id).raise_for_status()
    mine.wait_drawn(PHRASE["page"])  # the address still names the page

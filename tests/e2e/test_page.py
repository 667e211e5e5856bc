"""The page in Chromium: login by link, own hearings, live transcript, who sees what. It changes no hearing's phase."""

import gzip
import re
from pathlib import Path

import pytest

from tests.e2e.page import STILL, Browser, Page
from tests.harness.demo import Person
from tests.harness.node import ROOT, NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word

DIST = ROOT / "clients" / "web" / "dist"


@pytest.fixture
def writer(node: NodeClient, shared_server: ServerProcess) -> NodeClient:
    """A clerk's unmodified provider on the transcript, by the name "clerk"."""
    demo = shared_server.demo
    node.ask(
        "make",
        name="clerk",
        kind="hocuspocus",
        url=shared_server.url,
        document=demo.hearing.transcript,
        token=demo.hearing.clerk.token,
    )
    node.ask("wait", name="clerk", what="synced")
    return node


def in_hearing(browser: Browser, server: ServerProcess, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.enter(server.demo.hearing.id)
    return page


# --- login ---


def test_a_link_logs_in_and_leaves_no_secret_in_the_address_bar(browser: Browser, shared_server: ServerProcess) -> None:
    judge = shared_server.demo.hearing.judge
    page = browser.log_in(judge)
    secret = judge.link.rsplit("#", 1)[1]
    assert secret not in page.do("url")
    page.do("back")
    assert secret not in page.do("url")


def test_a_bad_link_says_what_is_safe_and_what_to_do(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.open()
    page.go(f"{shared_server.url}/login#0123456789.wrong")
    page.see("登录链接无效或者已经过期")
    page.see("怎样取得登录链接")
    assert "wrong" not in page.do("url")


def test_a_deep_link_is_reached_after_the_login(browser: Browser, shared_server: ServerProcess) -> None:
    demo = shared_server.demo
    page = browser.open()
    page.go(f"{shared_server.url}/hearings/{demo.hearing.id}")
    page.see("怎样取得登录链接")
    assert page.do("url").endswith(f"/login?next={('/hearings/' + demo.hearing.id).replace('/', '%2F')}")
    secret = demo.hearing.judge.link.rsplit("#", 1)[1]
    page.go(f"{page.do('url')}#{secret}")
    page.do("reload")
    page.wait(f"location.pathname === '/hearings/{demo.hearing.id}'")


def test_a_login_leads_to_no_other_origin(browser: Browser, shared_server: ServerProcess) -> None:
    secret = shared_server.demo.hearing.judge.link.rsplit("#", 1)[1]
    page = browser.open()
    page.go(f"{shared_server.url}/login?next=//example.org/hearings/x#{secret}")
    page.wait("location.pathname === '/hearings'")
    assert page.value("location.origin") == shared_server.url


def test_several_people_share_a_browser_and_each_tab_stays_itself(
    browser: Browser, shared_server: ServerProcess
) -> None:
    people = shared_server.demo.hearing
    first = in_hearing(browser, shared_server, people.judge)
    second = browser.open(beside=first)
    second.go(people.person("defendant").link)
    second.wait("location.pathname === '/hearings'")
    second.enter(people.id)
    second.wait_in_step()
    first.do("reload")
    first.wait_in_step()
    assert me_in_roster(first) == people.judge.name
    assert me_in_roster(second) == people.person("defendant").name


def me_in_roster(page: Page) -> str:
    return page.value("document.querySelector('.person-name:has(.person-me)').firstChild.textContent")


# --- my hearings ---


def test_the_list_shows_today_with_phase_and_role(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.log_in(shared_server.demo.hearing.person("plaintiff"))
    page.wait("document.querySelectorAll('.hearing-row').length === 2")
    text = page.do("text", selector="main")
    assert "今天" in text and "开庭中" in text and "待开庭" in text and "原告" in text


# --- the live transcript ---


def test_what_a_provider_writes_appears_and_changes_as_it_is_typed(
    browser: Browser, shared_server: ServerProcess, writer: NodeClient
) -> None:
    people = shared_server.demo.hearing
    page = in_hearing(browser, shared_server, people.person("plaintiff"))
    words = random_word("甲")
    turn = writer.ask("add_turn", name="clerk", turn=random_word("t"), text=words, speaker=people.judge.id)
    page.wait_for_line(words)
    writer.ask("type", name="clerk", turn=turn, keys="，请坐。")
    page.wait_for_line(words + "，请坐。")
    assert people.judge.name in page.value(f"document.querySelector('#turn-{turn}').textContent")
    writer.ask("delete", name="clerk", turn=turn, at=0, length=len(words))
    page.wait(f"document.querySelector('#turn-{turn} p').textContent === '，请坐。'")
    writer.ask("remove_turn", name="clerk", turn=turn)
    page.wait(f"!document.querySelector('#turn-{turn}')")
    page.wait_in_step()


def test_it_follows_the_live_end_until_somebody_scrolls(
    browser: Browser, shared_server: ServerProcess, writer: NodeClient
) -> None:
    page = in_hearing(browser, shared_server, shared_server.demo.hearing.person("agent"))
    at_end = "(b => b.scrollHeight - b.scrollTop - b.clientHeight < 2)(document.querySelector('.transcript-scroll'))"
    page.wait("document.querySelectorAll('.line').length > 100")
    page.wait(at_end)
    words = random_word("乙")
    writer.ask("add_turn", name="clerk", turn=random_word("t"), text=words * 5)
    page.wait_for_line(words)
    page.wait(at_end)
    page.do("wheel", selector=".transcript-scroll", down=-900)
    page.wait(f"!{at_end}")
    page.value(STILL)
    line = "[0, 12, 24, 36, 48].map(down => document.elementFromPoint(480, 400 + down)?.closest('.line')).find(Boolean)"
    where = f"{line}.getBoundingClientRect().top"
    top = page.value(where)
    writer.ask("add_turn", name="clerk", turn=random_word("t"), text=random_word("丙"))
    page.see("1 条新记录")
    assert page.value(where) == top
    page.press("1 条新记录")
    page.wait(at_end)
    page.gone("1 条新记录")


def test_marks_headings_notes_and_procedure_lines_look_different(
    browser: Browser, shared_server: ServerProcess, writer: NodeClient
) -> None:
    page = in_hearing(browser, shared_server, shared_server.demo.hearing.clerk)
    page.wait("document.querySelector('.line-procedure')")
    assert page.value("document.querySelectorAll('.line-heading').length") > 0
    assert page.value("document.querySelectorAll('.line-note').length") > 0
    assert page.value("document.querySelector('.line-procedure').textContent").startswith("程序")
    turn = writer.ask("add_turn", name="clerk", turn=random_word("t"), text="借款二十万元")
    for start, length, mark in ((0, 2, "bold"), (2, 2, "underline"), (4, 2, "unsure")):
        writer.ask("format", name="clerk", turn=turn, at=start, length=length, mark=mark)
    page.wait(f"document.querySelector('#turn-{turn} mark')")
    marked = page.value(
        f"['strong', 'u', 'mark'].map(tag => document.querySelector('#turn-{turn} ' + tag).firstChild.textContent)"
    )
    assert marked == ["借款", "二十", "万元"]


# --- who sees what ---


def test_a_waiting_witness_sees_a_waiting_screen_and_asks_for_no_document(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page = in_hearing(browser, shared_server, shared_server.demo.hearing.person("witness"))
    page.see("请等候传唤")
    page.wait_in_step()
    assert not [request for request in page.do("requests") if "/collab" in request]
    assert page.value("document.querySelectorAll('.line').length") == 0


def test_only_those_with_the_right_see_commands(browser: Browser, shared_server: ServerProcess) -> None:
    people = shared_server.demo.hearing
    shown = {}
    for person in (people.judge, people.clerk, people.person("defendant"), people.person("observer")):
        page = in_hearing(browser, shared_server, person)
        page.wait_in_step()
        bar = page.value("document.querySelectorAll('.command-bar:not(.own-bar)').length")
        per_person = page.value("document.querySelectorAll('.person-command button').length")
        shown[person.role] = (bar, per_person > 0)
    assert shown == {"judge": (1, True), "clerk": (1, True), "defendant": (0, False), "observer": (0, False)}


def test_a_hearing_of_others_is_not_there(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.log_in(shared_server.demo.hearing.judge)
    page.go(re.sub(r"/hearings\b", "/hearings/somebody-elses", page.do("url")))
    page.see("没有这场庭审")


# --- what the browser sees of it ---


def test_nothing_comes_from_another_origin_and_the_browser_has_no_complaint(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page = in_hearing(browser, shared_server, shared_server.demo.hearing.judge)
    page.wait_in_step()
    host = shared_server.url.split("://")[1]
    assert {re.sub(r"^\w+://([^/]*).*", r"\1", request) for request in page.do("requests")} == {host}
    assert page.do("complaints") == []


def test_the_page_is_small_and_has_no_inline_script_or_style() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in DIST.rglob("*.js")}
    (english,) = (name for name in sizes if name.startswith("english-"))
    assert 0 < sizes.pop(english) < 20_000  # its words, for those who choose the language
    assert 0 < sum(sizes.values()) < 250_000
    index = Path(DIST / "index.html").read_text("utf-8")
    first = [DIST / name for name in re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', index)]
    read = sum(len(gzip.compress(path.read_bytes())) for path in first)
    assert 0 < read < 90_000  # what everybody loads; editor, exhibits and signing come to those who open them
    assert not any("pdfjs" in path.name or "exhibit" in path.name for path in first)
    assert 'class="skeleton"' in index
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)", index)

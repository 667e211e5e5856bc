"""Coming back to a hearing: what changed while the line was lost, and links that lead to one line."""

import pytest

from tests.e2e.page import DRAWN, LINES, STILL, Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.harness.writing import random_word

# from now on all that a screen reader is told; each sentence stands there for a while, or until two more have come
HEAR = """(() => {
  window.heard = '';
  const hear = () => {
    for (const e of document.querySelectorAll('[aria-live=polite].visually-hidden')) heard += e.textContent + '|';
  };
  new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true });
  hear();
})()"""
AT_END = "(b => b.scrollHeight - b.scrollTop - b.clientHeight < 40)(document.querySelector('.transcript-scroll'))"
NOTICE = "document.querySelector('.banners .notice-good')"


def enter(browser: Browser, hearing: DemoHearing, person: Person, **options: object) -> Page:
    page = browser.open(**options)
    page.do("intercept")
    page.go(person.link)
    page.wait("location.pathname === '/hearings'")
    page.enter(hearing.id)
    place = ".editor" if person.role == "clerk" else ".transcript"
    page.wait(f"document.querySelectorAll('{place} .line').length > 100")
    page.wait_in_step()
    return page


def writes(node: NodeClient, server: ServerProcess) -> NodeClient:
    """The second clerk's provider by the name "clerk"."""
    hearing = server.demo.hearing
    where = {"kind": "hocuspocus", "url": server.url, "document": hearing.transcript}
    node.ask("make", name="clerk", token=hearing.person("clerk", 1).token, **where)
    node.ask("wait", name="clerk", what="synced")
    return node


@pytest.fixture
def writer(node: NodeClient, fresh_server: ServerProcess) -> NodeClient:
    return writes(node, fresh_server)


@pytest.fixture
def shared_writer(node: NodeClient, shared_server: ServerProcess) -> NodeClient:
    return writes(node, shared_server)


def add(writer: NodeClient, text: str) -> str:
    turn = writer.ask("add_turn", name="clerk", turn=random_word("t"), text=text)
    writer.ask("wait", name="clerk", what="saved")
    return turn


def seen(turn: str) -> str:
    """The line stands in the window of the transcript."""
    box = "document.querySelector('.transcript-scroll').getBoundingClientRect()"
    return (
        f"((line, box) => line.top >= box.top - 1 && line.top < box.bottom)"
        f"(document.querySelector('#turn-{turn}').getBoundingClientRect(), {box})"
    )


# --- what changed meanwhile ---


@pytest.mark.parametrize(("role", "language"), [("plaintiff", "zh"), ("clerk", "en")])
def test_a_reconnect_says_what_changed_and_leads_there(
    browser: Browser, fresh_server: ServerProcess, writer: NodeClient, role: str, language: str
) -> None:
    hearing = fresh_server.demo.hearing
    changed, removed = add(writer, random_word("改")), add(writer, random_word("删"))
    page = enter(browser, hearing, hearing.person(role))
    page.set_language(language)
    page.wait(f"document.querySelector('#turn-{removed}')")
    page.wait_in_step()
    page.do("cut")
    page.wait("document.querySelector('.banners .notice-danger')")
    assert fresh_server.command(hearing.judge.token, hearing.id, "recess").status_code == 200
    new = [add(writer, random_word("新") + "。" * 200) for _ in range(12)]
    writer.ask("type", name="clerk", turn=changed, keys="，更正")
    writer.ask("remove_turn", name="clerk", turn=removed)
    writer.ask("wait", name="clerk", what="saved")
    page.value(HEAR)
    page.do("mend")
    zh, en = "休庭，新增 13 条、改动 1 条、删去 1 条", "recess, 13 new lines, 1 line changed, 1 line taken out"
    told = zh if language == "zh" else en  # the twelve and the court's own line of the recess
    page.wait(f"{NOTICE}?.textContent.includes('{told}')")
    page.wait(f"heard.includes('{told}')")
    first = page.value(f"{LINES}.find(line => line.textContent.includes('休庭') && line.matches('.line-procedure')).id")
    page.press("看第一条新记录" if language == "zh" else "Go to the first new line")
    page.wait(seen(first.removeprefix("turn-")))
    page.wait(f"!{AT_END}")
    assert page.value(f"!!{NOTICE}")
    page.do("wheel", selector=".transcript-scroll", down=20_000)
    page.wait(f"!{NOTICE}")
    assert new[-1] in page.value(f"{LINES}.at(-1).id")


def test_an_outage_in_which_nothing_happened_is_not_spoken_of(
    browser: Browser, shared_server: ServerProcess, shared_writer: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.judge)
    page.do("cut")
    page.wait("document.querySelector('.banners .notice-danger')")
    page.do("mend")
    page.wait_in_step()
    words = random_word("后")
    add(shared_writer, words)
    page.wait_for_line(words)
    assert not page.value(f"!!{NOTICE}")


def test_the_notice_goes_when_it_is_put_away_and_with_the_next_command(
    browser: Browser, fresh_server: ServerProcess, writer: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    page = enter(browser, hearing, hearing.judge)
    for put_away in (lambda: page.press("知道了"), lambda: (page.press("休庭"), page.press("确认休庭"))):
        page.do("cut")
        page.wait("document.querySelector('.banners .notice-danger')")
        add(writer, random_word("新"))
        page.do("mend")
        page.see("中断期间：新增 1 条。")
        put_away()
        page.wait(f"!{NOTICE}")


def test_nothing_is_counted_of_an_isolation(browser: Browser, fresh_server: ServerProcess, writer: NodeClient) -> None:
    hearing = fresh_server.demo.hearing
    defendant = hearing.person("defendant")
    page = enter(browser, hearing, defendant)
    page.do("cut")
    page.wait("document.querySelector('.banners .notice-danger')")
    isolate = {"person": defendant.id, "reason": "旁人提示"}
    assert fresh_server.command(hearing.judge.token, hearing.id, "isolate", **isolate).status_code == 200
    add(writer, random_word("中"))
    page.do("mend")
    page.see("您已被隔离")
    assert fresh_server.command(hearing.judge.token, hearing.id, "release", person=defendant.id).status_code == 200
    page.see("隔离已经解除")
    page.wait_in_step()
    assert "新增" not in page.do("text")


# --- links to a line ---


def old_turn(page: Page, nth: int = 12) -> str:
    """A turn far above the live end."""
    return page.value(f"{LINES}[{nth}].id").removeprefix("turn-")


@pytest.mark.parametrize("role", ["plaintiff", "clerk"])
def test_a_link_opens_its_line_and_the_page_stays_there(
    browser: Browser, shared_server: ServerProcess, shared_writer: NodeClient, role: str
) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role))
    page.wait(AT_END)
    first, second = old_turn(page), old_turn(page, 40)
    page.go(f"{page.do('url')}#turn-{first}")
    page.do("reload")
    page.wait(f"document.querySelector('#turn-{first}.line-visited')")  # first of all: it is for three seconds
    page.wait(seen_at(first))
    page.wait(has_place(first))
    add(shared_writer, random_word("新"))
    page.wait("document.querySelector('.to-end')?.textContent.startsWith('1 ')")
    assert page.value(seen(first))
    page.value(f"location.hash = '#turn-{second}'")
    page.wait(seen_at(second))
    page.wait(has_place(second))
    page.wait("!document.querySelector('.line-visited')")
    page.do("back")
    page.wait(seen_at(first))


def seen_at(turn: str) -> str:
    return f"document.querySelector('#turn-{turn}') && {seen(turn)}"


def has_place(turn: str) -> str:
    """The reading position: the focus, or the caret of the editor."""
    line = f"document.querySelector('#turn-{turn}')"
    return (
        f"document.activeElement === {line} || "
        f"(document.activeElement.closest('.editor') && {line}.contains(getSelection().anchorNode))"
    )


def test_a_login_on_the_way_keeps_the_line(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    turn = old_turn(enter(browser, hearing, hearing.judge))
    page = browser.open()
    page.go(f"{shared_server.url}/hearings/{hearing.id}#turn-{turn}")
    page.see("怎样取得登录链接")
    page.go(f"{page.do('url')}#{hearing.judge.link.rsplit('#', 1)[1]}")
    page.do("reload")
    page.wait(f"location.pathname === '/hearings/{hearing.id}'")
    page.wait(seen_at(turn))
    assert page.value("location.hash") == f"#turn-{turn}"


@pytest.mark.parametrize("role", ["plaintiff", "clerk"])
def test_a_line_that_is_gone_is_said_to_be_gone(browser: Browser, shared_server: ServerProcess, role: str) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role))
    page.value(f"{HEAR}; location.hash = '#turn-gone-long-ago'")
    page.see("链接所指的一条已不在笔录中")
    page.wait("heard.includes('链接所指的一条已不在笔录中')")
    assert page.violations() == []
    page.press("知道了")
    page.wait("!document.querySelector('.transcript .notice')")
    page.wait(AT_END)


COPIED = "navigator.clipboard.readText()"


def pointed_at(page: Page, line: str) -> str:
    """The id of a line that the pointer came to and whose button is there; it comes again while the page settles."""

    def has_button() -> bool:
        for selector in (".top-bar", f"{line} p"):
            page.do("hover", selector=selector)
        return page.value("!!document.querySelector('.line-link')")

    page.value(STILL)
    until_blocking(has_button, "the button at a line")
    return page.value(f"document.querySelector('{line}:hover').id")


def test_the_address_of_a_line_is_copied_by_pointer_and_by_key(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.person("plaintiff"))
    page.do("allow", permissions=["clipboard-read", "clipboard-write"])
    turn = pointed_at(page, ".line-speech:nth-last-child(3)")
    page.press("复制本条链接")
    page.see("已复制本条链接")
    address = f"{shared_server.url}/hearings/{hearing.id}#"
    assert page.value(COPIED) == address + turn
    page.press("查找")
    words = page.value(f"{LINES}[20].querySelector('p, h3').textContent")
    page.do("fill", label="在笔录中查找", text=words)
    for _ in range(3):
        page.do("key", key="Tab")
    page.do("key", key="Enter")
    page.wait(f"{COPIED}.then(text => text !== '{address + turn}')")
    page.go(page.value(COPIED))
    page.wait(f"document.activeElement.textContent.includes('{words}')")
    assert page.violations() == []


def test_a_clerk_copies_the_address_of_the_line_of_the_caret(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, hearing, hearing.clerk)
    page.set_language("en")
    page.wait("document.querySelectorAll('.editor .line').length > 100")
    page.do("allow", permissions=["clipboard-read", "clipboard-write"])
    turn = old_turn(page)
    page.do("click", selector=f"#turn-{turn} :is(p, h3)")
    page.press("This line")
    item = "[...document.querySelectorAll('.menu-item')].find(e => e.textContent === 'Copy link to this line')"
    page.value(f"{item}.focus()")
    page.do("key", key="Enter")
    page.see("Link to the line copied")
    assert page.value(COPIED) == f"{shared_server.url}/hearings/{hearing.id}#turn-{turn}"


def test_a_line_just_visited_is_forgotten_with_all_others(
    browser: Browser, fresh_server: ServerProcess, writer: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    defendant = hearing.person("defendant")
    words = random_word("中")
    turn = add(writer, words)
    page = enter(browser, hearing, defendant)
    page.wait_for_line(words)
    page.value(f"location.hash = '#turn-{turn}'")
    page.wait("document.querySelector('.line-visited')")
    assert pointed_at(page, f"#turn-{turn}") == f"turn-{turn}"
    page.press("复制本条链接")
    isolate = {"person": defendant.id, "reason": "旁人提示"}
    assert fresh_server.command(hearing.judge.token, hearing.id, "isolate", **isolate).status_code == 200
    page.see("您已被隔离")
    page.value(DRAWN)  # what is not shown any more is let go of in the frame after
    assert page.do("heap", words=[words]) == []


# --- sleep, and the time before anything has come ---


@pytest.mark.parametrize("role", ["plaintiff", "clerk"])
def test_a_page_that_slept_comes_back_by_itself_and_says_what_it_missed(
    browser: Browser, fresh_server: ServerProcess, writer: NodeClient, role: str
) -> None:
    hearing = fresh_server.demo.hearing
    page = enter(browser, hearing, hearing.person(role))
    page.do("sleep", asleep=True)
    fresh_server.restart()
    writer.ask("wait", name="clerk", what="synced")
    words = random_word("夜")
    add(writer, words)
    assert fresh_server.command(hearing.judge.token, hearing.id, "recess").status_code == 200
    page.do("sleep", asleep=False)
    page.wait(f"{NOTICE}?.textContent.includes('中断期间：休庭，新增 2 条')")
    page.wait_for_line(words)
    page.wait_in_step()
    after = random_word("醒")
    add(writer, after)
    page.wait_for_line(after)


def test_no_moment_of_loading_is_blank(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    for person in (hearing.judge, hearing.clerk, hearing.person("witness")):
        page = browser.log_in(person)
        page.do("watch_for_blank")
        page.go(page.do("url").replace("/hearings", f"/hearings/{hearing.id}"))
        page.wait("document.querySelector('.transcript .line, .waiting')")
        page.wait_in_step()
        assert page.value("window.blanks") == []
        assert page.value("window.frames_looked_at") > 1

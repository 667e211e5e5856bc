"""Walks outside the courtroom and along the record that is read: login, lists, parties, observers."""

import sqlite3
from collections.abc import Iterator

from tests.e2e.page import Page
from tests.e2e.states import Stage, Stop
from tests.harness.demo import Person


def outside(stage: Stage) -> Iterator[Stop]:
    page = stage.browser.open()
    page.go(stage.server.url + "/login")
    page.wait_for(".steps")
    yield Stop("login", page)
    page.go(stage.server.url + "/login#0123456789.wrong")
    page.do("reload")
    page.wait_for(".notice-danger")
    yield Stop("login-bad-link", page)
    page = stage.browser.log_in(stage.hearing.judge)
    page.wait_for(".hearing-row")
    yield Stop("hearings", page)
    page.do("stall", address="**/api/hearings?*")
    page.do("reload")
    page.wait_for(".page-main h1 + .skeleton")
    yield Stop("hearings-loading", page)
    page.go(page.do("url").replace("/hearings", "/nowhere"))
    page.wait_for(".notice-calm")
    yield Stop("address-unknown", page)


def reading(stage: Stage) -> Iterator[Stop]:
    stage.clerk_writes("writer")
    page = stage.enter(stage.hearing.person("plaintiff"))
    page.gone("笔录暂停")
    page.wait_in_step()
    yield Stop("reader", page)
    page.press("查找")
    page.wait("document.activeElement.matches('.find-bar input')")
    page.do("type", text="借款")
    page.see("1 / ")
    yield Stop("reader-search", page)
    page.do("key", key="Escape")
    page.wait("!document.querySelector('.find-bar')")
    page.do("wheel", selector=".transcript-scroll", down=-900)
    page.wait_for(".to-end")
    stage.node.ask("add_turn", name="writer", turn="while-away", text="双方对借款金额均无异议。")
    page.see("1 条新记录")
    yield Stop("reader-new-lines", page)
    observer = stage.enter(stage.hearing.person("observer"))
    observer.wait_in_step()
    yield Stop("observer", observer)
    yield Stop("hearing-loading", loading(stage))


def loading(stage: Stage) -> Page:
    """Whether there is a transcript to read is not known yet."""
    page = stage.browser.open()
    page.do("stall", address="**/api/hearings/*")
    page.go(stage.hearing.person("agent").link)
    page.wait("location.pathname === '/hearings'")
    page.enter(stage.hearing.id)
    return page


def stranger(stage: Stage) -> Iterator[Stop]:
    """Somebody with a login who takes part in nothing; then the server is gone as well."""
    observer = stage.hearing.person("observer")
    take_out(stage, observer)
    page = stage.browser.log_in(observer)
    page.wait_for(".empty")
    yield Stop("hearings-empty", page)
    page.go(page.do("url").replace("/hearings", f"/hearings/{stage.hearing.id}"))
    page.wait_for(".notice-warn")
    yield Stop("hearing-of-others", page)
    stage.server.kill()
    page.click("main a")
    page.wait_for(".notice-warn .button")
    yield Stop("hearings-unreachable", page)
    page.press("显示与账户")
    page.press("退出登录")
    page.wait_for(".display-account [role=alert]")
    yield Stop("logout-unreachable", page)


def take_out(stage: Stage, person: Person) -> None:
    """Of every hearing, while the server stands still; then it serves the same data without making a demo of it."""
    stage.server.terminate()
    with sqlite3.connect(next(stage.server.data.glob("*.sqlite3"))) as database:
        database.execute("DELETE FROM participants WHERE person = ?", (person.id,))
    database.close()
    stage.server.is_demo = False
    stage.server.start()


def login_ends(stage: Stage) -> Iterator[Stop]:
    """A person logs out in one tab while the hearing stands in another."""
    page = stage.enter(stage.hearing.person("observer"))
    other = stage.browser.open(beside=page)
    other.go(page.do("url").replace(f"/{stage.hearing.id}", ""))
    other.wait_for(".hearing-row")
    other.press("显示与账户")
    other.press("退出登录")
    other.wait_for(".notice-good")
    yield Stop("logged-out", other)
    page.wait_for(".notice-warn")
    yield Stop("login-expired", page)

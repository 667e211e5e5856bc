"""The page when the wire misbehaves: what it shows for frames that a healthy server rarely sends. Frames are added or
held back between the page and a real server."""

import json

from tests.e2e.page import Browser, Page
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

CLOSE = 7  # type of an in-band close on /collab


def enter(browser: Browser, server: ServerProcess) -> Page:
    """The judge's page on the hearing in session, behind the intercepting proxy."""
    page = browser.open()
    page.do("intercept")
    page.go(server.demo.hearing.judge.link)
    page.wait("location.pathname === '/hearings'")
    page.enter(server.demo.hearing.id)
    page.wait_in_step()
    return page


def tell(page: Page, **message: object) -> None:
    page.do("inject", path="/control/", text=json.dumps(message))


def sockets(page: Page, path: str) -> int:
    return len([url for url in page.do("sockets") if path in url])


def test_a_court_that_cannot_save_is_shown_and_reading_goes_on(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server)
    tell(page, type="Storage", writable=False)
    page.see("法庭暂时无法保存新的内容")
    assert page.lights() == ["已连接", "未同步"]
    assert page.lines()
    tell(page, type="Storage", writable=True)
    page.gone("法庭暂时无法保存新的内容")
    page.wait_in_step()


def test_the_step_light_waits_for_the_ack_and_for_what_is_applied(
    browser: Browser, fresh_server: ServerProcess
) -> None:
    page = enter(browser, fresh_server)
    page.do("hold", types=["Ack", "Applied"])
    page.press("休庭")
    page.press("确认休庭")
    page.wait("document.querySelector('.top-bar .phase').innerText.trim() === '休庭'")
    page.see("“休庭”正在执行……")
    assert page.lights() == ["已连接", "正在同步"]
    assert page.value("document.querySelector('.button-large').disabled")
    page.do("free")
    page.see("休庭：已经生效")
    page.wait_in_step()


def test_a_command_whose_answer_was_lost_is_settled_by_the_log(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    page = enter(browser, fresh_server)
    page.do("hold", types=["Ack", "Applied", "Event", "State"])
    page.press("休庭")
    page.press("确认休庭")
    page.see("“休庭”正在执行……")
    with fresh_server.http(hearing.judge.token) as http:
        until_blocking(lambda: http.get(f"/api/hearings/{hearing.id}/log").json()["seq"] == 2, "the recess in the log")
    fresh_server.kill()
    page.see("连接中断，正在自动重新连接")  # whatever was still on its way to the old socket has been held
    page.do("hold", types=[])
    fresh_server.start()
    page.see("休庭：已经生效")
    page.see("中断期间：休庭")
    page.wait_in_step()


def test_a_skipped_event_is_asked_for(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server)
    before = sockets(page, "/control/")
    header = {
        "v": 1,
        "hearing": "h",
        "seq": 1_000_000,  # whatever else the hearing has seen
        "at": "2026-01-01T00:00:00Z",
        "kind": "Released",
        "actor": "x",
        "heads": {},
    }
    tell(page, type="Event", header=header, leaf="")
    until_blocking(lambda: sockets(page, "/control/") == before + 1)
    page.wait_in_step()
    assert sockets(page, "/control/") == before + 1  # once


def test_a_message_of_an_unknown_type_is_passed_over(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server)
    tell(page, type="SomethingNewer", value=1)
    tell(page, type="Storage", writable=False)
    page.see("法庭暂时无法保存新的内容")
    assert page.do("complaints") == []


def test_a_document_closed_as_stale_is_opened_anew(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    page = enter(browser, shared_server)
    page.wait_for_lines("> 100")
    count = len(page.lines())
    name = hearing.transcript.encode()
    frame = bytes([len(name)]) + name + bytes([CLOSE, 5]) + b"stale"
    # what it asks before it loads anew has no answer until the notice has been seen
    page.do("lie", address=f"**/api/hearings/{hearing.id}?as=*", pairs=[], held=True)
    page.do("inject", path="/collab", hex=frame.hex())
    page.see("正在重新载入")
    page.do("answer")
    page.gone("正在重新载入")
    page.wait_in_step()
    page.wait_for_lines(f"=== {count}")


def test_a_page_that_is_too_slow_to_say_who_it_is_stays_logged_in(
    browser: Browser, shared_server: ServerProcess
) -> None:
    """The court closes the socket of a page that stood still as nobody's, though the login holds."""
    page = enter(browser, shared_server)
    before = sockets(page, "/collab")
    page.do("end", path="/collab", code=4401, reason="token")
    until_blocking(lambda: sockets(page, "/collab") > before, "the page to come back")
    page.wait_in_step()

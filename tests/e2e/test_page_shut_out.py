"""A page that was too slow to introduce itself on its documents' socket: shut out as nobody, and not logged out."""

from tests.e2e.page import Browser
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking


def test_a_page_that_was_shut_out_of_the_documents_comes_back_while_its_login_stands(
    browser: Browser, shared_server: ServerProcess
) -> None:
    hearing = shared_server.demo.hearing
    page = browser.open()
    page.do("intercept")
    page.go(hearing.judge.link)
    page.enter(hearing.id)
    page.wait_in_step()
    page.value("void (window.same = true)")
    before = len(page.do("sockets"))
    page.do("end", path="/collab", code=4401, reason="token")
    until_blocking(lambda: any("/collab" in url for url in page.do("sockets")[before:]), "another socket", 50)
    page.wait_in_step()
    assert page.value("window.same && location.pathname") == f"/hearings/{hearing.id}"

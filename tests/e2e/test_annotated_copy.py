"""The annotated copy as a person gets it out of the page: a PDF with the marks in it, or words that say why not."""

from pathlib import Path

import pytest

from tests.annotated.readers import READERS
from tests.e2e.exhibit_page import CORPUS, PHRASE, ExhibitPage, enter, hand_in, highlight
from tests.e2e.page import Browser
from tests.harness.server import ServerProcess

BUTTON = "下载带批注的 PDF"


@pytest.fixture
def marked(browser: Browser, shared_server: ServerProcess) -> tuple[ExhibitPage, str]:
    return marked_on(browser, shared_server)


def marked_on(browser: Browser, server: ServerProcess) -> tuple[ExhibitPage, str]:
    """A party's page of an exhibit with one highlight of its own, the list of annotations open; the mark."""
    people = server.demo.hearing
    exhibit = hand_in(server, people.clerk, CORPUS / "plain-cjk.pdf", "借款往来记录")
    page = enter(browser, server, people.person("plaintiff"), exhibit, PHRASE["page"])
    mark = highlight(page)
    page.wait_saved()
    page.choose(mark)
    page.page.press("全部批注")
    return page, mark


def test_the_copy_that_is_downloaded_holds_the_mark(
    marked: tuple[ExhibitPage, str], shared_server: ServerProcess
) -> None:
    page, mark = marked
    file = page.page.do("download", name=BUTTON)
    assert file["name"] == "plain-cjk-批注.pdf"
    for reader in READERS:
        (seen,) = (each for each in reader.annotations(Path(file["path"]), PHRASE["page"]) if each.id == mark)
        assert (seen.kind, seen.author) == ("/Highlight", shared_server.demo.hearing.person("plaintiff").name)
    assert page.page.do("complaints") == []


def test_a_copy_that_cannot_be_made_is_explained_and_can_be_asked_for_again(
    marked: tuple[ExhibitPage, str],
) -> None:
    page, _ = marked
    page.page.do("offline", offline=True)
    page.page.press(BUTTON)
    page.page.see("无法连接到服务器")
    page.page.do("offline", offline=False)
    assert page.page.do("download", name=BUTTON)["name"] == "plain-cjk-批注.pdf"
    page.page.gone("无法连接到服务器")


def test_the_server_s_refusal_is_told_in_its_words(browser: Browser, fresh_server: ServerProcess) -> None:
    page, _ = marked_on(browser, fresh_server)
    for copy in (fresh_server.data / "exhibits").rglob("served.pdf"):
        copy.write_bytes(b"no PDF any more")
    page.page.press(BUTTON)
    page.page.see("带批注的副本未能制成")

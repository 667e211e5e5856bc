"""Looking at an exhibit: addresses, find, keys, fingers, long files; all a page needs comes from our own server."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.e2e.exhibit_page import CORPUS, MARKS, PHRASE, enter, hand_in, highlight
from tests.e2e.page import Browser
from tests.harness.server import ServerProcess


@pytest.fixture
def exhibit(shared_server: ServerProcess) -> str:
    """An exhibit of its own, so that no other test's marks are in it."""
    return hand_in(shared_server, shared_server.demo.hearing.clerk, CORPUS / "plain-cjk.pdf", "借款往来记录")


def test_an_address_opens_the_page_and_the_annotation(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    people, at = shared_server.demo.hearing, PHRASE["page"]
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, at)
    mark = highlight(mine)
    mine.wait_saved()
    other = browser.log_in(people.judge, width=1500, height=900)
    other.go(other.do("url").replace("/hearings", f"/hearings/{people.id}") + f"#annotation-{mark}")
    other.wait(f"document.querySelector('[data-mark=\"{mark}\"].mark-chosen')")
    other.wait(f"document.querySelector('.exhibit-page-box input').value === '{at + 1}'")


def test_words_are_found_and_marked_without_a_pointer(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    mine = enter(browser, shared_server, shared_server.demo.hearing.person("plaintiff"), exhibit)
    mine.page.value("document.querySelector('.exhibit-pages').focus()")
    mine.page.do("key", key="Control+f")
    mine.page.wait("document.activeElement.matches('.exhibit-find input')")
    mine.page.do("type", text=PHRASE["phrase"])
    mine.page.see("1 / 1")
    mine.page.wait(f"document.querySelector('.exhibit-page-box input').value === '{PHRASE['page'] + 1}'")
    mine.page.wait_for(".selecting polygon")
    mine.tool_by_key("下划线")
    mine.page.wait(f"{MARKS} === 1")
    assert PHRASE["phrase"] in mine.marks()[0]["label"]


def test_shift_and_arrows_choose_words_and_a_box_is_moved_by_arrows(
    browser: Browser, shared_server: ServerProcess, exhibit: str
) -> None:
    mine = enter(browser, shared_server, shared_server.demo.hearing.person("plaintiff"), exhibit)
    mine.page.value("document.querySelector('.exhibit-pages').focus()")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"):
        mine.page.do("key", key=key)
    mine.page.wait("document.querySelectorAll('.selecting polygon').length === 2")
    mine.tool_by_key("方框")
    mine.page.wait_for(".mark-square rect")
    left = "Number(document.querySelector('.mark-square rect').getAttribute('x'))"
    before = mine.page.value(left)
    mine.page.value("document.querySelector('.mark-square').focus()")
    mine.page.do("key", key="ArrowRight")
    mine.page.wait(f"{left} === {before} + 2")
    mine.wait_saved()


def test_fingers_magnify_and_choose(browser: Browser, shared_server: ServerProcess, exhibit: str) -> None:
    people = shared_server.demo.hearing
    mine = enter(browser, shared_server, people.person("plaintiff"), exhibit, width=390, height=844, touch=True)
    width = "document.querySelector('.exhibit-page').offsetWidth"
    before = mine.page.value(width)
    mine.page.do("pinch", selector=".exhibit-pages", **{"from": 80, "to": 320})  # a busy page misses its beginning
    mine.page.wait(f"{width} > {before * 1.5}")
    mine.page.value(
        "(t => getSelection().setBaseAndExtent(t, 1, t, 4))(document.querySelector('.sheet-words span').firstChild)"
    )
    mine.page.wait("document.querySelectorAll('.selecting polygon').length === 1")
    wanted = mine.page.value("Array.from(document.querySelector('.sheet-words span').textContent).slice(1, 4).join('')")
    mine.tool("高亮")
    mine.page.wait(f"{MARKS} === 1")
    assert mine.marks()[0]["label"].endswith(wanted)


def test_only_the_pages_in_the_window_are_drawn(browser: Browser, shared_server: ServerProcess, tmp_path: Path) -> None:
    exhibit = hand_in(shared_server, shared_server.demo.hearing.clerk, long_pdf(tmp_path, 300), "三百页")
    mine = enter(browser, shared_server, shared_server.demo.hearing.person("agent"), exhibit)
    drawn = "document.querySelectorAll('.exhibit-page canvas').length"
    assert mine.page.value(drawn) <= 5
    mine.page.do("fill", label="页码", text="250")
    mine.page.do("key", key="Enter")
    mine.wait_drawn(249)
    assert mine.page.value(drawn) <= 6
    assert mine.page.value("document.querySelectorAll('.exhibit-page').length") <= 6
    ranges = [request for request in mine.page.do("requests") if request.endswith("/served") or "/served?" in request]
    assert 0 < len(ranges) < 60  # pieces, not the whole file again and again


def long_pdf(folder: Path, pages: int) -> Path:
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 100), f"Page {number + 1} of the ledger", fontsize=20)
    path = folder / "long.pdf"
    document.save(path)
    return path


@pytest.mark.parametrize("name", ["cjk-not-embedded.pdf", "scan-ccitt.pdf", "annots-with-appearance.pdf"])
def test_what_a_page_needs_comes_from_our_own_server(browser: Browser, shared_server: ServerProcess, name: str) -> None:
    """Character maps, fonts and decoders; the picture has ink on it and the browser has no complaint."""
    exhibit = hand_in(shared_server, shared_server.demo.hearing.clerk, CORPUS / name, name)
    mine = enter(browser, shared_server, shared_server.demo.hearing.person("plaintiff"), exhibit)
    ink = """(c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data
      let dark = 0; for (let i = 0; i < d.length; i += 4) if (d[i] + d[i + 1] + d[i + 2] < 300) dark++
      return dark })(document.querySelector('.exhibit-page canvas'))"""
    assert mine.page.value(ink) > 200
    hosts = {request.split("/")[2] for request in mine.page.do("requests")}
    assert hosts == {shared_server.url.split("://")[1]}
    assert mine.page.do("complaints") == []

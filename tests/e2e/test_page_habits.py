"""Habits of the hearing page that make it a tool of every day: panels that remember their width."""

from tests.e2e.page import FITS, Browser, Page
from tests.harness.demo import Person
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

BAR = "document.querySelector('.splitter')"
SIDE = "document.querySelector('.court-roster').offsetWidth"


def enter(browser: Browser, server: ServerProcess, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.enter(server.demo.hearing.id)
    page.wait_in_step()
    return page


def told(page: Page) -> int:
    """The share of the row that the bar says the transcript has, in per cent."""
    return int(page.value(f"{BAR}.getAttribute('aria-valuenow')"))


def press(page: Page, key: str) -> None:
    """On the bar; then until what it tells is what is drawn."""
    page.value(f"{BAR}.focus()")
    page.do("key", key=key)
    drawn = f"100 * (1 - {SIDE} / document.querySelector('main').clientWidth)"
    page.wait(f"Math.abs({BAR}.getAttribute('aria-valuenow') - {drawn}) < 1")


# --- panels ---


def test_the_bar_between_the_panels_is_dragged_and_remembered(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server, shared_server.demo.hearing.judge)
    usual = page.value(SIDE)
    page.do("drag", selector=".splitter", right=-120)
    page.wait(f"Math.abs({SIDE} - {usual + 120}) <= 2")
    page.do("swipe", selector=".splitter", right=40)
    page.wait(f"Math.abs({SIDE} - {usual + 80}) <= 3")
    chosen = page.value(SIDE)
    page.do("reload")
    page.wait("document.querySelector('.court-roster')")
    assert page.value(SIDE) == chosen
    assert page.value("getSelection().isCollapsed")
    page.do("double_click", selector=".splitter")
    page.wait(f"{SIDE} === {usual}")
    page.do("reload")
    page.wait("document.querySelector('.court-roster')")
    assert page.value(SIDE) == usual


def test_the_bar_moves_by_key_and_leaves_room_on_both_sides(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server, shared_server.demo.hearing.clerk)
    for language, name in (("zh", "笔录与名单的分界"), ("en", "Border between transcript and people")):
        page.set_language(language)
        page.wait(f"{BAR}?.getAttribute('aria-label') === '{name}'")
    page.wait(f"{BAR}.getAttribute('aria-valuenow') > 0")
    usual, share = page.value(SIDE), told(page)
    press(page, "ArrowLeft")
    assert page.value(SIDE) > usual and told(page) < share
    press(page, "ArrowRight")
    assert abs(page.value(SIDE) - usual) <= 1
    press(page, "Home")
    assert told(page) == int(page.value(f"{BAR}.getAttribute('aria-valuemin')")) > 30
    assert page.value("document.querySelector('.court-transcript').offsetWidth") >= 480
    press(page, "End")
    assert told(page) == int(page.value(f"{BAR}.getAttribute('aria-valuemax')")) < 90
    assert page.value(SIDE) >= 224 and page.fits()
    press(page, "Enter")
    assert page.value(SIDE) == usual
    assert page.value(f"document.activeElement === {BAR}")
    assert page.violations() == []


def test_a_width_fits_every_window_and_text_size(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server, shared_server.demo.hearing.judge, width=1600)
    press(page, "Home")
    for width, text in ((1600, 100), (1600, 150), (2100, 200), (1000, 100)):
        page.do("resize", width=width, height=800)
        page.value(f"document.documentElement.dataset.text = '{text}'")
        page.wait(f"document.querySelector('.court-transcript').offsetWidth >= {30 * 16 * text // 100}")
        page.wait(f"{SIDE} >= {14 * 16 * text // 100}")
        page.wait(FITS)
    page.do("resize", width=800, height=800)
    page.wait(f"!{BAR}.checkVisibility()")
    page.wait(FITS)


# --- an application of its own ---


def test_the_page_can_be_installed_and_keeps_nothing_in_a_cache(browser: Browser, shared_server: ServerProcess) -> None:
    page = enter(browser, shared_server, shared_server.demo.hearing.person("plaintiff"))
    found = page.do("installable")
    faults = [fault["errorId"] for fault in found["errors"] if "errorId" in fault]
    assert faults == ["in-incognito"] and len(found["errors"]) == 1  # a test's window is a private one
    assert found["url"] == f"{shared_server.url}/manifest.webmanifest"
    manifest = found["data"]
    assert (manifest["short_name"], manifest["start_url"], manifest["display"]) == ("云庭", "/hearings", "standalone")
    for icon in manifest["icons"]:
        size = page.value(
            f"new Promise((done, fail) => {{ const image = new Image(); image.onerror = fail;"
            f" image.onload = () => done(`${{image.naturalWidth}}x${{image.naturalHeight}}`);"
            f" image.src = '{icon['src']}' }})"
        )
        assert icon["sizes"] in (size, "any")
    kept = "Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()])"
    assert page.value(kept) == [[], []]
    assert page.do("complaints") == []


# --- language ---


def test_a_language_that_cannot_be_fetched_is_spoken_once_it_can(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page = browser.log_in(shared_server.demo.hearing.judge)
    page.see("我的庭审")
    page.do("offline", offline=True)
    page.value("dispatchEvent(new StorageEvent('storage', {key: 'yunting.language', newValue: 'en'}))")
    until_blocking(lambda: page.do("complaints"), "the browser's word that a script could not be fetched")
    page.do("offline", offline=False)
    page.see("我的庭审")
    page.choose(language="en")
    page.see("My hearings")
    page.choose(language="zh")
    page.see("我的庭审")

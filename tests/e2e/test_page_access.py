"""The page for everybody: axe finds nothing, nothing scrolls sideways, in both languages and schemes, at 200 % text."""

from collections.abc import Callable
from itertools import product

import pytest

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing
from tests.harness.server import ServerProcess

SHOWN = (
    "document.querySelector('.line, .empty, .waiting, .hearing-row, .steps') && !document.querySelector('.skeleton')"
)


def login(browser: Browser, server: ServerProcess) -> Page:
    page = browser.open()
    page.go(server.url + "/login")
    return page


def bad_link(browser: Browser, server: ServerProcess) -> Page:
    page = browser.open()
    page.go(server.url + "/login#wrong")
    page.see("登录链接无效")
    return page


def hearings(browser: Browser, server: ServerProcess) -> Page:
    return browser.log_in(server.demo.hearing.judge)


Opening = Callable[[Browser, ServerProcess], Page]


def as_role(role: str, of: Callable[[ServerProcess], DemoHearing] = lambda server: server.demo.hearing) -> Opening:
    """Opens a hearing as the first person of a role."""

    def enter(browser: Browser, server: ServerProcess) -> Page:
        hearing = of(server)
        page = browser.log_in(hearing.person(role))
        page.enter(hearing.id)
        return page

    return enter


def with_dialog(browser: Browser, server: ServerProcess) -> Page:
    page = as_role("judge")(browser, server)
    page.wait_in_step()
    page.value("document.querySelector('.button-large').click()")
    page.wait("document.querySelector('dialog[open]')")
    return page


def with_menu(browser: Browser, server: ServerProcess) -> Page:
    page = as_role("judge")(browser, server)
    page.wait("document.querySelector('.command-bar .menu button')")
    page.value("document.querySelector('.command-bar .menu button').click()")
    return page


PAGES = {
    "login": login,
    "bad link": bad_link,
    "hearings": hearings,
    "judge": as_role("judge"),
    "judge before the session": as_role("judge", lambda server: server.demo.scheduled),
    "party": as_role("plaintiff"),
    "party before the session": as_role("plaintiff", lambda server: server.demo.scheduled),
    "witness": as_role("witness"),
    "dialog": with_dialog,
    "menu": with_menu,
}
STAYS_OVER_RELOAD = {name for name in PAGES if name not in ("bad link", "dialog", "menu")}


def in_language(page: Page, language: str) -> None:
    """Loads the page anew, which closes menus and dialogs."""
    page.set_language(language)
    page.wait(SHOWN)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, shared_server: ServerProcess, name: str
) -> None:
    page = PAGES[name](browser, shared_server)
    page.wait(SHOWN)
    found = []
    for language in ("zh", "en") if name in STAYS_OVER_RELOAD else ("zh",):
        if name in STAYS_OVER_RELOAD:
            in_language(page, language)
        for scheme in ("light", "dark"):
            page.do("scheme", scheme=scheme)
            found += [f"{language} {scheme} {violation}" for violation in page.violations()]
        found += [f"{language} {what}" for what in too_wide(page)]
    assert found == []


def too_wide(page: Page) -> list[str]:
    """Widths in px and text sizes in per cent at which something scrolls sideways, and what."""
    found = []
    for width, text in product((360, 768, 1280), (100, 200)):
        page.do("resize", width=width, height=740)
        page.value(f"document.documentElement.dataset.text = '{text}'")
        if not page.fits():
            found.append(f"{width} px, {text} %: {page.value(WIDEST)}")
    page.value("document.documentElement.dataset.text = '100'")
    return found


WIDEST = (
    "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    ".map(e => e.className || e.tagName).slice(0, 6).join()"
)


def test_the_isolated_page_has_no_violation_and_fits(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.hearing
    page = as_role("defendant")(browser, fresh_server)
    answer = fresh_server.command(
        people.judge.token, people.id, "isolate", person=people.person("defendant").id, reason="旁人提示"
    )
    assert answer.status_code == 200
    page.see("您已被隔离")
    assert page.violations() == []
    page.do("resize", width=360, height=740)
    assert page.fits()
    page.set_language("en")
    page.see("You have been isolated")
    assert page.violations() == []


def test_the_roster_tab_of_a_phone_has_no_violation(browser: Browser, shared_server: ServerProcess) -> None:
    page = as_role("judge")(browser, shared_server)
    page.do("resize", width=360, height=740)
    page.wait("document.querySelector('.tabs button')")
    page.press("名单")
    page.wait("document.querySelector('.roster').checkVisibility()")
    assert page.violations() == []
    assert page.fits()


def test_large_text_gets_the_narrow_layout_at_once_and_after_a_reload(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page = as_role("judge")(browser, shared_server)
    page.wait(SHOWN)
    tabs = "getComputedStyle(document.querySelector('.tabs')).display"
    assert page.value(tabs) == "none"
    page.value("document.querySelector('.top-bar .menu button').click()")
    page.value("[...document.querySelectorAll('.choice-option input')].at(-1).click()")
    page.wait(f"{tabs} === 'flex'")
    page.do("reload")
    page.wait(SHOWN)
    assert page.value(tabs) == "flex"

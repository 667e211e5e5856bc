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
    page.wait("document.querySelector('.notice-danger')")
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


def in_english(browser: Browser, server: ServerProcess) -> Page:
    page = as_role("judge")(browser, server)
    page.set_language("en")
    return page


def opened(first: Opening, button: str) -> Opening:
    """A page with what a button opens: a dialog or a menu."""

    def enter(browser: Browser, server: ServerProcess) -> Page:
        page = first(browser, server)
        page.wait_in_step()
        page.value(f"document.querySelector('{button}').click()")
        page.wait("document.querySelector('dialog[open], .menu-panel')")
        return page

    return enter


NEXT, OTHERS, DISPLAY = ".button-large", ".command-bar .menu button", ".top-bar .menu button"
PAGES = {
    "login": login,
    "bad link": bad_link,
    "hearings": hearings,
    "judge": as_role("judge"),
    "judge before the session": as_role("judge", lambda server: server.demo.scheduled),
    "party": as_role("plaintiff"),
    "party before the session": as_role("plaintiff", lambda server: server.demo.scheduled),
    "witness": as_role("witness"),
    "dialog": opened(as_role("judge"), NEXT),
    "dialog in English": opened(in_english, NEXT),
    "commands": opened(as_role("judge"), OTHERS),
    "commands in English": opened(in_english, OTHERS),
    "display": opened(as_role("judge"), DISPLAY),
    "display in English": opened(in_english, DISPLAY),
}
STAYS_OVER_RELOAD = (
    "login",
    "hearings",
    "judge",
    "judge before the session",
    "party",
    "party before the session",
    "witness",
)


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


def in_all_looks(page: Page) -> list[str]:
    """Violations in both languages and schemes, and what is too wide."""
    found = []
    for language in ("zh", "en"):
        in_language(page, language)
        for scheme in ("light", "dark"):
            page.do("scheme", scheme=scheme)
            found += page.violations()
        found += too_wide(page)
    return found


def test_isolation_and_recess_look_right_to_everybody(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.hearing
    isolated, judge = as_role("defendant")(browser, fresh_server), as_role("judge")(browser, fresh_server)
    defendant = people.person("defendant").id
    for command in ({"name": "isolate", "person": defendant, "reason": "旁人提示"}, {"name": "recess"}):
        assert fresh_server.command(people.judge.token, people.id, **command).status_code == 200
    isolated.see("您已被隔离")
    judge.see("现在休庭")
    assert in_all_looks(isolated) == []
    assert in_all_looks(judge) == []


def test_a_lost_connection_looks_right_to_everybody(browser: Browser, fresh_server: ServerProcess) -> None:
    pages = [as_role("judge")(browser, fresh_server), in_english(browser, fresh_server)]
    for page in pages:
        page.wait_in_step()
    fresh_server.kill()
    for page in pages:
        page.wait("document.querySelector('.notice-danger')")
        page.do("scheme", scheme="light")
        assert page.violations() == []
        page.do("scheme", scheme="dark")
        assert page.violations() == []
        assert too_wide(page) == []


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

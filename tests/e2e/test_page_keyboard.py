"""The page by keyboard alone: all that can be clicked is reached and shows it, and the focus is never lost.

Menus, dialogs and tabs are opened and left by keys; lines and banners that come and go leave the focus where it is.
"""

from itertools import chain
from typing import Any

import pytest

from tests.e2e.page import Browser, Page
from tests.e2e.states import Stage
from tests.e2e.walks_court import NEXT, OTHERS
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess

# the next Tab leads to the page's first stop, wherever the focus was
START = """(() => {
  const first = document.createElement('button')
  document.body.prepend(first)
  first.focus()
  first.remove()
})()"""
MOST = 200  # keys until the focus has gone round any page
# what a person can press, write in or scroll
CLICKABLE = """[...document.querySelectorAll(
    'a[href], button, input, textarea, select, [contenteditable=true], [tabindex="0"]')]
  .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))"""
NAME = "(e => (e.className || e.tagName) + ' ' + (e.getAttribute('aria-label') ?? e.textContent).trim().slice(0, 20))"
HERE = f"""(() => {{
  const e = document.activeElement
  if (e === document.body) return null
  const ring = getComputedStyle(e.matches('.choice-option input') ? e.nextElementSibling : e)
  return {{ name: {NAME}(e), place: {CLICKABLE}.indexOf(e),
    isRinged: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2 }}
}})()"""
WATCH = """(() => {
  window.focused = document.activeElement
  window.left = 0
  addEventListener('focusout', () => { window.left += 1 })
})()"""
KEPT = "document.activeElement === window.focused && window.focused !== document.body && window.left === 0"


@pytest.fixture
def stage(browser: Browser, shared_server: ServerProcess, node: NodeClient) -> Stage:
    return Stage(browser, shared_server, node)


@pytest.fixture
def own_stage(browser: Browser, fresh_server: ServerProcess, node: NodeClient) -> Stage:
    """For what changes the hearing's phase."""
    return Stage(browser, fresh_server, node)


def go_round(page: Page) -> list[dict[str, Any]]:
    """Every stop of the Tab key from the page's start until it leaves the page."""
    page.value(START)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.do("key", key="Tab")
        here = page.value(HERE)
        if here is None:
            return stops
        stops.append(here)
    raise AssertionError(f"the focus goes round and round: {[stop['name'] for stop in stops[-20:]]}")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("role", ["judge", "clerk", "plaintiff"])
def test_everything_is_reached_by_tab_and_shows_the_focus(stage: Stage, role: str, width: int) -> None:
    page = stage.enter(stage.hearing.person(role), width=width)
    page.wait_in_step()
    page.wait("document.querySelector('.line')")
    stops = go_round(page)
    reached = {stop["place"] for stop in stops}
    names = page.value(f"{CLICKABLE}.map({NAME})")
    assert [name for place, name in enumerate(names) if place not in reached] == []
    assert [stop["name"] for stop in stops if not stop["isRinged"]] == []
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)


def test_a_stop_without_a_ring_would_be_found(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.open()
    page.go(shared_server.url + "/login")
    page.wait_for(".steps")
    assert go_round(page) and all(stop["isRinged"] for stop in go_round(page))
    sheet = "new CSSStyleSheet()"
    page.value(
        f"(s => (s.replaceSync('* {{ outline: none !important }}'), document.adoptedStyleSheets = [s]))({sheet})"
    )
    assert not any(stop["isRinged"] for stop in go_round(page))


def focus(page: Page, selector: str) -> None:
    page.value(f"document.querySelector('{selector}').focus()")


@pytest.mark.parametrize(
    ("role", "menu"),
    [
        ("judge", OTHERS),
        ("judge", ".top-bar .menu button"),
        ("judge", ".person-command .menu button"),
        ("clerk", ".tool-menu button"),
        ("clerk", ".tool-menu.menu-right button"),
    ],
)
def test_a_menu_is_opened_and_left_by_keys(stage: Stage, role: str, menu: str) -> None:
    page = stage.enter(stage.hearing.person(role))
    page.wait_in_step()
    page.wait_for(menu)
    for key in ("Enter", "Space"):
        focus(page, menu)
        page.do("key", key=key)
        page.wait_for(".menu-panel")
        page.do("key", key="Tab")
        page.wait("document.activeElement.closest('.menu-panel')")
        page.do("key", key="Escape")
        page.wait("!document.querySelector('.menu-panel')")
        assert page.value(f"document.activeElement === document.querySelector('{menu}')")


def test_a_menu_closes_when_the_focus_goes_on(stage: Stage) -> None:
    page = stage.enter(stage.hearing.judge)
    page.wait_in_step()
    focus(page, OTHERS)
    page.do("key", key="Enter")
    page.wait_for(".menu-panel")
    page.do("key", key="Shift+Tab")
    page.wait("!document.querySelector('.menu-panel')")


def test_a_question_keeps_the_focus_and_gives_it_back_to_what_asked(stage: Stage) -> None:
    page = stage.enter(stage.hearing.judge)
    page.wait_in_step()
    for asks in (NEXT, OTHERS):
        focus(page, asks)
        page.do("key", key="Enter")
        if asks == OTHERS:
            page.wait_for(".menu-panel")
            page.do("key", key="Tab")
            page.do("key", key="Enter")
        page.wait_for("dialog[open]")
        for _ in range(8):
            page.do("key", key="Tab")
            assert page.value("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        focus(page, "dialog button")  # behind the last stop the window has no focus, and gets it back in its own time
        page.do("key", key="Escape")
        page.wait("!document.querySelector('dialog')")
        page.wait(f"document.activeElement === document.querySelector('{asks}')")


def test_the_skip_link_leads_past_the_bar(stage: Stage) -> None:
    page = stage.enter(stage.hearing.person("plaintiff"))
    page.value(START)
    page.do("key", key="Tab")
    assert page.value("document.activeElement.matches('.skip')")
    page.wait("document.activeElement.getBoundingClientRect().top >= 0")
    page.do("key", key="Enter")
    page.wait("document.activeElement.id === 'main'")


def test_the_record_is_scrolled_by_keys(stage: Stage) -> None:
    page = stage.enter(stage.hearing.person("plaintiff"))
    page.wait_in_step()
    top = "document.querySelector('.transcript-scroll').scrollTop"
    page.wait(f"{top} > 0")
    focus(page, ".transcript-scroll")
    end = page.value(top)
    page.do("key", key="PageUp")
    page.wait(f"{top} < {end}")
    page.wait_for(".to-end")
    page.do("key", key="End")
    page.wait("!document.querySelector('.to-end')")


def test_the_tabs_of_a_phone_are_used_by_keys(stage: Stage) -> None:
    page = stage.enter(stage.hearing.person("plaintiff"), width=390)
    page.wait_in_step()  # the people are here, and their tab is the second
    focus(page, ".tab:nth-child(2)")
    page.do("key", key="Enter")
    page.wait("document.querySelector('.roster').checkVisibility()")
    assert not page.value("document.querySelector('.sheet').checkVisibility()")
    assert page.value("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.do("key", key="Shift+Tab")
    page.do("key", key="Space")
    page.wait("document.querySelector('.sheet').checkVisibility()")


def test_search_gives_the_focus_back(stage: Stage) -> None:
    page = stage.enter(stage.hearing.person("plaintiff"))
    opener = ".panel-state .button"
    focus(page, opener)
    page.do("key", key="Enter")
    page.wait("document.activeElement.matches('.find-bar input')")
    page.do("key", key="Escape")
    page.wait(f"!document.querySelector('.find-bar') && document.activeElement.matches('{opener}')")


def test_lines_and_banners_leave_the_focus_where_it_is(own_stage: Stage) -> None:
    hearing = own_stage.hearing
    clerk = own_stage.enter(hearing.clerk)
    clerk.do("click", selector=".editor .line:last-child p")
    party, judge = own_stage.enter(hearing.person("plaintiff")), own_stage.enter(hearing.judge)
    focus(party, ".panel-state .button")
    judge.wait_in_step()
    focus(judge, NEXT)
    judge.do("key", key="Enter")
    judge.wait("document.activeElement.closest('dialog')")
    for page in (clerk, party, judge):
        page.value(WATCH)
    own_stage.clerk_writes("writer", 1)
    for number in range(3):
        own_stage.node.ask("add_turn", name="writer", turn=f"more{number}", text=f"第{number}句")
    for page in (clerk, party, judge):
        page.wait_for("#turn-more2")
        assert page.value(KEPT)
    own_stage.command("isolate", person=hearing.person("defendant").id)
    own_stage.server.kill()
    for page in (clerk, party, judge):
        page.wait_for(".banners .notice-danger")
        assert page.value(KEPT)
    own_stage.server.start()
    for page in (clerk, party, judge):
        page.wait("!document.querySelector('.banners .notice-danger')")
        assert page.value(KEPT)


def test_a_command_leaves_the_focus_on_the_bar(own_stage: Stage) -> None:
    """The button is not there to be pressed again while the command is on its way; the focus waits for the next one."""
    own_stage.enter(own_stage.hearing.clerk)
    page = own_stage.enter(own_stage.hearing.judge)
    page.wait_in_step()
    focus(page, NEXT)
    page.do("key", key="Enter")
    page.wait_for("dialog[open] button[type=submit]")
    focus(page, "dialog button[type=submit]")
    page.do("key", key="Enter")
    page.wait_for(".phase-recess")
    page.wait_in_step()
    assert page.value("document.activeElement.matches('.command-bar')")
    page.do("key", key="Tab")
    assert page.value("document.activeElement.matches('.command-bar button')")


def test_what_was_told_is_put_away_without_losing_the_focus(own_stage: Stage) -> None:
    party = own_stage.enter(own_stage.hearing.person("plaintiff"), lasting=True, intercept=True)
    party.wait_in_step()
    party.do("cut")
    party.wait_for(".banners .notice-danger")
    own_stage.command("recess")
    party.do("mend")
    party.wait_for(".banners .notice-good .button:last-child")
    focus(party, ".banners .notice-good .button:last-child")
    party.do("key", key="Enter")
    party.wait("!document.querySelector('.banners .notice-good')")
    assert party.value("document.activeElement.id") == "main"


# pairs of which only the colour tells one from the other, and what is nothing but a spot of colour
DIFFERENT = (
    (".tab[aria-pressed=true]", ".tab[aria-pressed=false]"),
    (".tool[aria-pressed=true]", ".tool[aria-pressed=false]"),
    (".choice-option input:checked + span", ".choice-option input:not(:checked) + span"),
    (".presence-on", ".presence-off"),
    (".top-bar .light-dot", "body"),
    (".phase-dot", "body"),
)
PAINT = (
    "(style => [style.backgroundColor, style.borderBottomColor].join())(getComputedStyle(document.querySelector('{}')))"
)


def test_nothing_vanishes_in_forced_colours(stage: Stage) -> None:
    """Devices that paint in their own few colours still tell what is chosen, and who is there."""
    page = stage.enter(stage.hearing.clerk)
    page.wait_in_step()
    page.do("click", selector=".editor .line-speech p")
    page.wait_for(".tool-speaker[aria-pressed=true]")
    page.click(".top-bar .menu button")
    page.wait_for(".choice-option")
    for selector in chain(*DIFFERENT):
        page.wait_for(selector)
    page.do("forced_colors", forced="active")
    assert page.value("matchMedia('(forced-colors: active)').matches")
    paints = [[page.value(PAINT.format(selector)) for selector in pair] for pair in DIFFERENT]
    assert [pair for pair, (one, other) in zip(DIFFERENT, paints, strict=True) if one == other] == []

"""The page for everybody: in each state, in any look, axe finds nothing and nothing scrolls sideways."""

from collections.abc import Iterator

import pytest

from tests.e2e import walks_trouble
from tests.e2e.looks import faults
from tests.e2e.page import Browser, Page
from tests.e2e.page_pictures import take_if_asked
from tests.e2e.states import FULL_DISK, LOADED, Stage, State, Stop
from tests.e2e.walks import JOURNEYS
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.small_disk import SmallDisk


def looked_at(stops: Iterator[Stop], states: dict[str, State]) -> str:
    """What is wrong in any state on the way; every state is come to, in the catalogue's words."""
    found, seen = [], []
    for stop in stops:
        state = states[stop.name]
        seen.append(stop.name)
        stop.page.see(state.says)
        take_if_asked(stop.page, stop.name, state)
        found += faults(stop.page, stop.name, state)
    assert sorted(seen) == sorted(states)
    return "\n".join(found)


@pytest.mark.parametrize("name", JOURNEYS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, request: pytest.FixtureRequest, node: NodeClient, name: str
) -> None:
    journey = JOURNEYS[name]
    server: ServerProcess = request.getfixturevalue("fresh_server" if journey.is_alone else "shared_server")
    assert looked_at(journey.walk(Stage(browser, server, node)), dict(journey.states)) == ""


def test_the_same_on_a_full_disk(
    browser: Browser, make_server: MakeServer, node: NodeClient, small_disk: SmallDisk
) -> None:
    server = make_server(small_disk.path / "data").start()
    stage = Stage(browser, server, node)
    assert looked_at(walks_trouble.full_disk(stage, small_disk), FULL_DISK) == ""
    server.stop()


def test_a_fault_of_each_kind_would_be_found(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.open()
    page.go(shared_server.url + "/login")
    page.wait_for(".steps")
    page.value("document.querySelector('.steps').insertAdjacentHTML('beforeend', '<img src=\"/icon.svg\">')")
    page.value("document.querySelector('main').style.setProperty('min-width', '500px')")
    found = "\n".join(faults(page, "login", State(".nothing", "")))
    assert all(part in found for part in ("image-alt", "360 px", ".nothing is not there"))


def test_large_text_gets_the_narrow_layout_at_once_and_after_a_reload(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page: Page = Stage(browser, shared_server, browser.node).enter(shared_server.demo.hearing.judge)
    tabs = "getComputedStyle(document.querySelector('.tabs')).display"
    assert page.value(tabs) == "none"
    page.value("document.querySelector('.top-bar .menu button').click()")
    page.value("[...document.querySelectorAll('.choice-option input')].at(-1).click()")
    page.wait(f"{tabs} === 'flex'")
    page.do("reload")
    page.wait(LOADED)
    assert page.value(tabs) == "flex"


def test_a_choice_in_one_tab_holds_in_the_others(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.log_in(shared_server.demo.hearing.judge)
    other = browser.open(beside=page)
    other.go(shared_server.url + "/login")
    other.press("显示与账户")
    other.click(".choice-option[lang=en] input")
    page.see("My hearings")

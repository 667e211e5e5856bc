"""The transcript on paper: all of it once, under the name of its hearing, whatever the screen shows at the moment."""

import re
from pathlib import Path

import pytest

from tests.e2e import paper
from tests.e2e.page import LINES, Browser, Page
from tests.harness.demo import Person
from tests.harness.server import ServerProcess


def enter(browser: Browser, server: ServerProcess, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.enter(server.demo.hearing.id)
    wait_for_all(page, person.role)
    return page


def wait_for_all(page: Page, role: str) -> None:
    """The lines, and what the other socket tells: the names of the people and of the hearing."""
    page.wait(f"document.querySelectorAll('{'.editor' if role == 'clerk' else '.transcript'} .line').length > 100")
    page.wait_in_step()


LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})  # as type joins Latin letters


def printed(page: Page, path: Path) -> list[str]:
    page.do("pdf", path=str(path))
    return [re.sub(r"\s", "", text).translate(LIGATURES) for text in paper.pages(path)]


def without(text: str, parts: list[str]) -> str:
    """What is left when each part has been taken out once, in this order; a missing part fails."""
    rest, place = "", 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"not on paper after {text[max(0, place - 40) : place]!r}: {part!r}"
        rest, place = rest + text[place:found], found + len(part)
    return rest + text[place:]


def words_of(page: Page, selector: str) -> list[str]:
    return [re.sub(r"\s", "", text) for text in page.value(f"{LINES}.flatMap({selector})")]


# what is there for those who hear the page is not on paper
SPOKEN = """line => {
  const words = line.querySelector('p, h3').cloneNode(true)
  for (const unseen of words.querySelectorAll('.visually-hidden')) unseen.remove()
  return [words.textContent]
}"""
MARGIN = "line => [...line.querySelectorAll('.line-role, .line-name, .line-tag, .line-time')].map(e => e.textContent)"


@pytest.mark.parametrize("role", ["plaintiff", "clerk"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_turn_is_on_paper_once_and_no_control_is(
    browser: Browser, shared_server: ServerProcess, tmp_path: Path, role: str, language: str
) -> None:
    page = enter(browser, shared_server, shared_server.demo.hearing.person(role))
    page.set_language(language)
    wait_for_all(page, role)
    sheets = printed(page, tmp_path / "transcript.pdf")
    assert len(sheets) > 4
    rest = "".join(sheets)
    for number, _ in enumerate(sheets, 1):
        rest = rest.replace(f"{number}/{len(sheets)}", "", 1)
    spoken = words_of(page, SPOKEN)
    start = rest.index(spoken[0] + spoken[1])  # the first line alone is the court's name, as in the heading
    head, body = rest[:start], rest[start:]
    title = "庭审笔录" if language == "zh" else "Transcript"
    assert head.startswith(f"{title}周启航与贺岚民间借贷纠纷")
    assert "（2024）云0188民初2617号" in head and "云州市清江区人民法院" in head and "202" in head
    assert sorted(without(body, spoken)) == sorted("".join(words_of(page, MARGIN)))


def test_paper_is_white_and_the_same_whatever_the_screen_shows(
    browser: Browser, shared_server: ServerProcess, tmp_path: Path
) -> None:
    person = shared_server.demo.hearing.person("plaintiff")
    usual = enter(browser, shared_server, person)
    expected = printed(usual, tmp_path / "usual.pdf")
    odd = enter(browser, shared_server, person, scheme="dark", width=400)
    odd.value("localStorage.setItem('yunting.theme', 'dark'); localStorage.setItem('yunting.text-size', '200')")
    odd.do("reload")
    wait_for_all(odd, person.role)
    odd.press("名单")
    assert printed(odd, tmp_path / "odd.pdf") == expected
    assert paper.colours(tmp_path / "odd.pdf") == paper.colours(tmp_path / "usual.pdf")

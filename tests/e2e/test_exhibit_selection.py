"""Words chosen by a pointer in real pages of all kinds become quads that lie where the words truly stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.annotated.readers import READERS
from tests.annotated.spots import beside
from tests.annotated.spots import inside as spots
from tests.e2e.exhibit_page import CASES, CORPUS, ExhibitPage, hand_in
from tests.e2e.page import Browser
from tests.harness.server import ServerProcess

WITH_TEXT = [name for name, case in CASES.items() if case["expect"] != "refuse" and case.get("text")]
Point = Sequence[float]


@pytest.fixture(scope="module")
def handed_in(shared_server: ServerProcess) -> Callable[[str], str]:
    """A file of the corpus as an exhibit, from when it is first asked for: no process takes in what others look at."""
    clerk = shared_server.demo.hearing.clerk
    return cache(lambda name: hand_in(shared_server, clerk, CORPUS / name, name.removesuffix(".pdf")))


@pytest.fixture
def clean(shared_server: ServerProcess, browser: Browser) -> Iterator[Browser]:
    """Judges' pages of the hearing, closed after each test."""
    yield browser


def middle(a: Point, b: Point) -> tuple[float, float]:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def ends(quad: Sequence[Point]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Middles of the edges where the words begin and end; corners UL UR LL LR."""
    return middle(quad[0], quad[2]), middle(quad[1], quad[3])


def chosen(page: ExhibitPage, case: dict[str, Any]) -> dict[str, Any]:
    """A highlight drawn over the case's phrase; corners of its quads around them."""
    text = case["text"]
    page.tool("高亮")
    page.wait_saved()  # the marks of earlier tests are here
    before = {mark["id"] for mark in page.marks()}
    page.drag(ends(text["core"]), text["page"])
    page.page.wait(f"document.querySelectorAll('.mark').length > {len(before)}")
    (mark,) = (mark for mark in page.marks() if mark["id"] not in before)
    assert text["phrase"] in mark["label"]
    page.wait_saved()
    return mark


def inside(polygon: Sequence[Point], point: Point, slack: float = 0.02) -> bool:
    """Convex, in either direction."""
    sides = []
    for a, b in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        sides.append(((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])) / length)
    return all(side >= -slack for side in sides) or all(side <= slack for side in sides)


def judge(polygon: Sequence[Point], text: dict[str, Any]) -> list[str]:
    """What is wrong with a quad (corners around it) as the place of a phrase."""
    found = [f"core {corner} outside {polygon}" for corner in text["core"] if not inside(polygon, corner)]
    start, end = ends(text["quad"])
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    places = [(corner[0] - start[0]) * along[0] + (corner[1] - start[1]) * along[1] for corner in polygon]
    for name, got, wanted in (("start", min(places), 0.0), ("end", max(places), length)):
        if abs(got - wanted) > 1:
            found.append(f"{name} is {got - wanted:.2f} units off")
    lines = [point for point in beside(text["quad"], (-1.0, 2.0)) if inside(polygon, point, -0.02)]
    return found + [f"a neighbouring line's {point} is in it" for point in lines]


def annotated(server: ServerProcess, exhibit: str, folder: Path) -> Path:
    """The copy with the annotations, as the judge keeps it."""
    path = folder / "annotated.pdf"
    with server.http(server.demo.hearing.judge.token) as client:
        answer = client.get(f"/api/hearings/{server.demo.hearing.id}/exhibits/{exhibit}/annotated")
    assert answer.status_code == 200, answer.text
    path.write_bytes(answer.content)
    return path


def in_copy(reader: Any, copy: Path, page: int, mark: str) -> list[Point]:
    """The mark's only quad as a reader finds it, corners around it."""
    (seen,) = (each for each in reader.annotations(copy, page) if each.id == mark)
    assert (seen.kind, len(seen.quads)) == ("/Highlight", 8)
    upper_left, upper_right, lower_left, lower_right = zip(seen.quads[::2], seen.quads[1::2], strict=True)
    return [upper_left, upper_right, lower_right, lower_left]


def drawn_amiss(reader: Any, source: Path, copy: Path, text: dict[str, Any]) -> list[str]:
    """Where a reader draws the copy amiss: paper under the phrase is coloured, the lines beside it stay."""
    before, after = (reader.picture(path, text["page"]) for path in (source, copy))
    core = [point for point in spots(text["core"]) if min(before.at(point) or (0,)) > 200]
    assert len(core) > 50
    pale = [f"{point} has no colour" for point in core if before.at(point) == after.at(point)]
    beyond = [point for point in beside(text["quad"], (-1.0, 2.0)) if before.at(point) != after.at(point)]
    return pale + [f"{point} of another line is changed" for point in beyond]


def enter(browser: Browser, server: ServerProcess, exhibit: str, at: int) -> ExhibitPage:
    page = browser.log_in(server.demo.hearing.person("plaintiff"), width=1500, height=900)
    return ExhibitPage.enter(page, server, exhibit, at)


@pytest.mark.parametrize("name", WITH_TEXT)
def test_a_dragged_pointer_marks_the_words_where_they_stand(
    clean: Browser, shared_server: ServerProcess, handed_in: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    """On the screen, and in the PDF that the court hands out with the annotations in it, as others read it."""
    case = CASES[name]
    page = enter(clean, shared_server, handed_in(name), case["text"]["page"])
    mark = chosen(page, case)
    (quad,) = mark["quads"]
    assert judge(quad, case["text"]) == []
    assert page.page.do("complaints") == []
    copy = annotated(shared_server, handed_in(name), tmp_path)
    for reader in READERS:
        assert judge(in_copy(reader, copy, case["text"]["page"], mark["id"]), case["text"]) == [], reader.name
        assert drawn_amiss(reader, CORPUS / name, copy, case["text"]) == [], reader.name


@pytest.mark.parametrize("name", ["rotate90-cropbox.pdf", "skewed-text.pdf", "vertical-cjk.pdf", "negative-origin.pdf"])
def test_it_is_the_same_when_the_page_is_turned_and_magnified(
    clean: Browser, shared_server: ServerProcess, handed_in: Callable[[str], str], name: str
) -> None:
    case = CASES[name]
    page = enter(clean, shared_server, handed_in(name), case["text"]["page"])
    page.page.press("旋转")
    page.page.press("放大")
    page.wait_drawn(case["text"]["page"])
    (quad,) = chosen(page, case)["quads"]
    assert judge(quad, case["text"]) == []


INK = """(async ([core, at]) => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  const sheet = document.querySelector(`.exhibit-page[data-page="${at}"]`)
  const canvas = sheet.querySelector('canvas'), box = canvas.getBoundingClientRect()
  const matrix = sheet.querySelector('.sheet-marks > g').getScreenCTM()
  const context = canvas.getContext('2d')
  let dark = 0, covered = 0
  const N = 60
  const between = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
  for (let i = 0; i <= N; i++) for (let j = 0; j <= 6; j++) {
    const [x, y] = between(between(core[0], core[1], i / N), between(core[2], core[3], i / N), j / 6)
    const point = new DOMPoint(x, y).matrixTransform(matrix)
    const px = [(point.x - box.left) * canvas.width / box.width, (point.y - box.top) * canvas.height / box.height]
    const [r, g, b] = context.getImageData(Math.floor(px[0]), Math.floor(px[1]), 1, 1).data
    if (r + g + b < 384) dark++
    if (document.elementsFromPoint(point.x, point.y).some(each => each.closest('.mark-highlight'))) covered++
  }
  return { dark: dark / ((N + 1) * 7), covered: covered / ((N + 1) * 7) }
})"""


@pytest.mark.parametrize("name", [name for name in WITH_TEXT if name != "cjk-not-embedded.pdf"])
def test_what_is_drawn_covers_the_letters_on_the_screen(
    clean: Browser, shared_server: ServerProcess, handed_in: Callable[[str], str], name: str
) -> None:
    """The picture of pdf.js and the marks over it agree: under the mark is the words' ink."""
    case = CASES[name]
    page = enter(clean, shared_server, handed_in(name), case["text"]["page"])
    chosen(page, case)
    seen = page.page.value(f"{INK}({json.dumps([case['text']['core'], case['text']['page']])})")
    assert seen["covered"] == 1
    assert seen["dark"] > 0.05

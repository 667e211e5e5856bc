"""Marks stand where they were made, in every reader: over the phrase, not over its neighbours, on any kind of page."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageOps

from tests.annotated.marks import OPEN, YELLOW, blank, entry, exported, key, quad_of, with_words, write
from tests.annotated.readers import READERS, SCALE
from tests.annotated.spots import beside, inside

WORDS = with_words()


def is_paper(colour: tuple[int, int, int] | None) -> bool:
    return colour is not None and min(colour) > 200


def is_yellow(colour: tuple[int, int, int] | None) -> bool:
    return colour is not None and colour[0] > 150 and colour[1] > 150 and colour[2] < 90


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["case"])
def test_a_highlight_covers_its_phrase_and_no_other_line(case: dict[str, Any], reader: Any, tmp_path: Path) -> None:
    page = case["text"]["page"]
    # a mark of its own that this page has already would be taken for ours
    path = exported(
        OPEN / case["file"], tmp_path, entry(1, "highlight", page=page, quads=[quad_of(case)], style=YELLOW)
    )
    plain, marked = (reader.picture(file, page) for file in (OPEN / case["file"], path))
    core = list(inside(case["text"]["core"]))
    assert [point for point in core if is_paper(marked.at(point))] == []
    assert sum(is_yellow(marked.at(point)) for point in core) > len(core) / 4
    assert any(max(marked.at(point) or (255,)) < 120 for point in core), "the words themselves stay legible"
    near = [point for point in beside(case["text"]["quad"]) if not is_yellow(plain.at(point))]
    assert [point for point in near if is_yellow(marked.at(point))] == []
    assert len(near) > 20


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("kind", ["highlight", "underline", "strikeout"])
@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["case"])
def test_quad_points_come_back(case: dict[str, Any], kind: str, reader: Any, tmp_path: Path) -> None:
    page = case["text"]["page"]
    path = exported(OPEN / case["file"], tmp_path, entry(1, kind, page=page, quads=[quad_of(case)]))
    (seen,) = [each for each in reader.annotations(path, page) if each.id == key(1)]
    assert seen.quads == pytest.approx(quad_of(case), abs=0.01)
    assert seen.flags == 4


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize(("turn", "unit"), [*product((0, 90, 180, 270), (1, 2.5))])
def test_every_drawn_kind_stands_in_its_place_on_a_turned_and_scaled_page(
    turn: int, unit: float, reader: Any, tmp_path: Path
) -> None:
    source = tmp_path / "blank.pdf"
    blank(source, turn, unit)
    red = {"color": "#ff0000", "width": 6}
    marks = {
        (100, 130): entry(1, "square", page=0, rect=[100, 100, 160, 160], style=red),
        (200, 130): entry(2, "ellipse", page=0, rect=[260, 160, 200, 100], style=red),
        (130, 215): entry(3, "line", page=0, paths=[[[100, 200], [160, 230]]], style=red),
        (230, 215): entry(4, "arrow", page=0, rect=[200, 200, 260, 230], style=red),
        (130, 300): entry(5, "ink", page=0, paths=[[100, 300, 160, 300]], style=red),
        (230, 300): entry(6, "ink", page=0, paths=[[[230, 300]]], style=red),
    }
    path = exported(source, tmp_path, *marks.values())
    picture = reader.picture(path, 0)
    assert {point: picture.at(point) for point in marks} == dict.fromkeys(marks, (255, 0, 0))
    assert all(is_paper(picture.at(point)) for point in [(130, 130), (230, 130), (130, 250), (230, 320)])
    assert len(reader.annotations(path, 0)) == len(marks)


@pytest.mark.parametrize("unit", [1.0, 3.0])
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_note_is_as_big_on_paper_whatever_the_page_s_unit(reader: Any, unit: float, tmp_path: Path) -> None:
    source = tmp_path / "blank.pdf"
    blank(source, 0, unit)
    picture = reader.picture(exported(source, tmp_path, entry(1, "note", page=0, rect=[200, 200, 201, 201])), 0).image
    left, _, right, _ = ImageOps.invert(picture).getbbox() or (0, 0, 0, 0)
    shown = picture.width / 350 / SCALE  # pixels are made for a unit: one reader leaves UserUnit to its caller
    assert (right - left) / SCALE * unit / shown == pytest.approx(15, abs=2)


def test_a_mark_on_a_page_that_is_not_there_is_counted_as_left_out(tmp_path: Path) -> None:
    reply = entry(2, "reply", reply_to=key(1), body="?")
    far, here = entry(1, "note", page=99, rect=[1, 1, 2, 2]), entry(3, "note", page=0, rect=[1, 1, 2, 2])
    done = write(OPEN / "plain-cjk.pdf", tmp_path / "out.pdf", far, reply, here)
    assert (done.count, done.left_out) == (1, (key(1), key(2)))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize(
    "lost",
    [
        entry(1, "highlight", page=0, quads=[], body="无处可放"),
        entry(1, "square", page=0, rect=[0, 0, 1e300, 5], body="无处可放"),
        entry(1, "note", body="无处可放"),
        entry(1, "reply", reply_to=key(9), body="无处可放"),
    ],
    ids=lambda lost: lost.kind,
)
def test_words_whose_mark_has_no_place_stand_in_the_page_s_corner(lost: Any, reader: Any, tmp_path: Path) -> None:
    path = exported(OPEN / "rotate90-cropbox.pdf", tmp_path, lost)
    (seen,) = reader.annotations(path, 0)
    assert (seen.kind, seen.words) == ("/Text", "无处可放")

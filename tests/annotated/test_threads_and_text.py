"""Words, names, times and threads come back from the exported PDF in every reader; free text is drawn whole."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest

from crdt_docs.annotations import from_json, to_json
from server.evidence import lettering
from server.evidence.annotating import GONE, FontMissing, Told, annotate
from server.fonts import fonts
from tests.annotated.marks import NAMES, OPEN, blank, entry, exported, key, write
from tests.annotated.readers import READERS

PLAIN = OPEN / "plain-cjk.pdf"
OPINION = "对真实性无异议；但金额（¥120,000）与 transfer record 不符。\n请书记员记录在案：第 3 页的“利息”二字系后加。"
QUAD = [32, 714, 140, 714, 32, 700, 140, 700]
BOX = [60, 300, 260, 360]
by_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


def plain(text: str) -> str:
    return "".join(text.split())


def gone(number: int, kind: str, **more: Any) -> Any:
    values = to_json(entry(number, kind, **more))
    return from_json(values | {"deleted": {"by": "anna", "at": "2026-03-02T11:00:00+08:00"}})


Objects = Callable[[Path, str], Any]


@pytest.fixture
def the_object() -> Iterator[Objects]:
    """The one annotation object of a file that has a certain key."""
    with ExitStack() as stack:

        def find(path: Path, having: str) -> Any:
            pages = stack.enter_context(pikepdf.open(path)).pages
            (found,) = (each for page in pages for each in page.obj.get("/Annots", ()) if having in each)
            return found

        yield find


@by_reader
def test_words_author_and_id_come_back(reader: Any, tmp_path: Path) -> None:
    path = exported(PLAIN, tmp_path, entry(1, "highlight", "bert", page=1, quads=[QUAD], body=OPINION))
    (seen,) = reader.annotations(path, 1)
    assert (seen.id, seen.kind, seen.author) == (key(1), "/Highlight", NAMES["bert"])
    assert seen.words.replace("\r", "\n") == OPINION


@by_reader
def test_a_time_that_the_server_saw_otherwise_is_said(reader: Any, tmp_path: Path) -> None:
    """Entry 1 came an hour after the time that it gives itself, entry 2 within the minute, its answer a day before."""
    marks = [entry(number, "note", page=0, rect=[1, 1, 9, 9], body="见") for number in (1, 2)]
    answer = entry(3, "reply", "bert", reply_to=key(2), body="不认可")
    at = {key(1): "2026-03-02T03:00:01.250Z", key(2): "2026-03-02T02:01:01Z", key(3): "2026-03-01T02:00:00Z"}
    target = tmp_path / "late.pdf"
    annotate(PLAIN, target, [*marks, answer], Told(NAMES, at), None)
    words = {each.id: each.words.replace("\r", "\n") for each in reader.annotations(target, 0)}
    assert words[key(1)] == "见\n〔服务器收到：2026-03-02 11:00:01〕"
    assert words[key(2)] == "见"
    assert words[key(3)] == "不认可\n〔服务器收到：2026-03-01 10:00:00〕"


@by_reader
def test_replies_stay_threaded(reader: Any, tmp_path: Path) -> None:
    path = exported(
        PLAIN,
        tmp_path,
        entry(1, "highlight", page=1, quads=[QUAD]),
        entry(2, "reply", "bert", reply_to=key(1), body="不认可"),
        entry(3, "reply", "anna", reply_to=key(2), body="请说明理由"),
        gone(4, "reply", reply_to=key(1), body="说错了"),
        entry(5, "reply", "bert", reply_to=key(4), body="听到了"),
    )
    seen = {each.id: each for each in reader.annotations(path, 1)}
    assert {each.id: each.answers for each in seen.values()} == {
        key(1): "",
        key(2): key(1),
        key(3): key(2),
        key(5): key(1),
    }
    assert [seen[key(number)].words for number in (2, 3, 5)] == ["不认可", "请说明理由", "听到了"]


@by_reader
def test_a_decision_on_a_mark_is_a_review_state_of_its_author(reader: Any, tmp_path: Path, the_object: Objects) -> None:
    decided = entry(2, "status", "bert", reply_to=key(1), body="accepted")
    path = exported(PLAIN, tmp_path, entry(1, "note", page=1, rect=[50, 50, 51, 51]), decided)
    seen = {each.id: each for each in reader.annotations(path, 1)}
    assert seen[key(2)].answers == key(1)
    assert NAMES["bert"] in seen[key(2)].words
    state = the_object(path, "/State")
    assert (str(state["/State"]), str(state["/StateModel"])) == ("Accepted", "Review")


@by_reader
def test_deleted_marks_are_not_on_paper_but_answers_to_them_are(reader: Any, tmp_path: Path) -> None:
    path = exported(
        PLAIN,
        tmp_path,
        gone(1, "highlight", page=1, quads=[QUAD], body="撤回"),
        gone(2, "freetext", page=1, rect=BOX, body="也撤回"),
        entry(3, "reply", "bert", reply_to=key(2), body="此前已看到"),
    )
    assert [(each.id, each.words) for each in reader.annotations(path, 1)] == [(key(2), GONE), (key(3), "此前已看到")]


def test_times_are_dates_of_pdf_in_the_court_s_zone(tmp_path: Path, the_object: Objects) -> None:
    changed = entry(
        1, "note", page=1, rect=[1, 1, 2, 2], created="2026-03-02T02:00:00Z", modified="2026-03-02T23:59:59Z"
    )
    note = the_object(exported(PLAIN, tmp_path, changed), "/Popup")
    assert str(note["/CreationDate"]) == "D:20260302100000+08'00'"
    assert str(note["/M"]) == "D:20260303075959+08'00'"
    assert note["/Popup"]["/Parent"].objgen == note.objgen


def test_words_are_utf_16_where_they_are_not_latin(tmp_path: Path, the_object: Objects) -> None:
    path = exported(PLAIN, tmp_path, entry(1, "note", page=1, rect=[1, 1, 2, 2], body="原件"))
    note = the_object(path, "/Popup")
    assert bytes(note["/Contents"]) == b"\xfe\xff" + "原件".encode("utf-16-be")


@by_reader
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_free_text_in_chinese_is_drawn_with_its_own_font_and_can_be_copied(
    turn: int, reader: Any, tmp_path: Path, the_object: Objects
) -> None:
    blank(tmp_path / "blank.pdf", turn)
    path = exported(
        tmp_path / "blank.pdf", tmp_path, entry(1, "freetext", page=0, rect=[60, 200, 260, 360], body=OPINION)
    )
    words = plain(reader.drawn_words(path, 0))
    assert words == plain(OPINION) if turn == 0 else sorted(words) == sorted(plain(OPINION))
    drawn = the_object(path, "/DA")
    font = drawn["/AP"]["/N"]["/Resources"]["/Font"]["/F0"]
    file = font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].read_bytes()
    assert 1_000 < len(file) < 40_000, "a subset, not the whole font"


@by_reader
@pytest.mark.parametrize(
    ("turn", "first"), [(0, (70, 349.6)), (90, (70.4, 310)), (180, (250, 310.4)), (270, (249.6, 350))]
)
def test_free_text_begins_in_the_corner_where_its_reader_begins(
    turn: int, first: tuple[float, float], reader: Any, tmp_path: Path
) -> None:
    """`first` lies within the first letter, a full block."""
    path = exported(
        PLAIN, tmp_path, entry(1, "freetext", page=1, rect=BOX, body="■", rot=turn, style={"color": "#0000ff"})
    )
    colour = reader.picture(path, 1).at(first)
    assert colour is not None and colour[2] > 200 and max(colour[:2]) < 100


@by_reader
def test_free_text_that_does_not_fit_goes_on_below_and_is_whole(
    reader: Any, tmp_path: Path, the_object: Objects
) -> None:
    body = "证据三为微信聊天记录截图，共六页。" * 20
    path = exported(PLAIN, tmp_path, entry(1, "freetext", page=1, rect=[60, 700, 200, 720], body=body))
    assert plain(body) in plain(reader.drawn_words(path, 1))
    drawn = the_object(path, "/DA")
    x0, y0, x1, y1 = map(float, drawn["/Rect"])
    assert (x0, x1, y1) == (60, 200, 720)
    assert y0 < 420


def test_without_a_font_only_words_on_the_page_cannot_be_exported(tmp_path: Path) -> None:
    noted = annotate(
        PLAIN, tmp_path / "a.pdf", [entry(1, "note", page=0, rect=[1, 1, 2, 2], body="见")], Told(NAMES), None
    )
    assert noted.count == 1
    with pytest.raises(FontMissing):
        annotate(PLAIN, tmp_path / "b.pdf", [entry(1, "freetext", page=0, rect=BOX, body="见")], Told(NAMES), None)


def letters(*texts: str) -> lettering.Lettering:
    return lettering.lettering(fonts().regular, texts)[0]


def test_a_character_that_the_font_lacks_is_written_out_by_its_number() -> None:
    _, drawn = lettering.lettering(fonts().regular, ["𪚥字\u200b\tA"])
    assert drawn == {"𪚥字\u200b\tA": "〔U+2A6A5〕字    A"}


@pytest.mark.parametrize(
    ("text", "ems", "broken"),
    [
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三，四五", 3, ["一二", "三，四", "五"]),
        ("一二（三四）", 3, ["一二", "（三", "四）"]),
        ("a transfer record", 4, ["a", "transfer", "record"]),
        ("incomprehensible", 3, None),
        ("第一行\n\n第三行", 9, ["第一行", "", "第三行"]),
        ("", 3, [""]),
    ],
)
def test_lines_break_as_chinese_is_set(text: str, ems: int, broken: list[str] | None) -> None:
    chosen = letters(text)
    found = lettering.lines(text, chosen, ems * 1000)
    assert broken is None or found == broken
    assert all(chosen.width(line) <= ems * 1000 for line in found)
    assert "".join(found).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_annotations_that_the_file_has_are_kept_and_look_as_before(tmp_path: Path) -> None:
    source = OPEN / "annots-with-appearance.pdf"
    path = exported(source, tmp_path, entry(1, "note", page=0, rect=[20, 20, 21, 21]))
    for reader in READERS:
        before, after = reader.annotations(source, 0), reader.annotations(path, 0)
        assert len(before) > 2
        assert after[: len(before)] == before
        assert [each.id for each in after[len(before) :]] == [key(1)]
        pictures = [reader.picture(file, 0).image.crop((0, 0, 1700, 2300)) for file in (source, path)]
        assert pictures[0].tobytes() == pictures[1].tobytes()


def test_a_list_of_annotations_that_two_pages_share_is_not_written_into(tmp_path: Path) -> None:
    source = tmp_path / "shared.pdf"
    with pikepdf.open(PLAIN) as pdf:
        pdf.pages[0].obj["/Annots"] = pdf.pages[1].obj["/Annots"] = pdf.make_indirect(pikepdf.Array())
        pdf.save(source)
    path = exported(source, tmp_path, entry(1, "note", page=1, rect=[20, 20, 21, 21]))
    assert [len(reader.annotations(path, page)) for reader in READERS for page in (0, 1)] == [0, 1, 0, 1]


def test_equal_input_gives_equal_bytes_and_the_source_stays_as_it_was(tmp_path: Path) -> None:
    before = PLAIN.read_bytes()
    marks = [
        entry(1, "freetext", page=1, rect=BOX, body=OPINION),
        entry(2, "highlight", page=1, quads=[QUAD]),
        entry(3, "reply", reply_to=key(2), body="见"),
    ]
    write(PLAIN, tmp_path / "a.pdf", *marks)
    write(PLAIN, tmp_path / "b.pdf", *reversed(marks))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert PLAIN.read_bytes() == before


def test_a_copy_of_a_file_with_an_owner_s_password_can_be_opened_without(tmp_path: Path) -> None:
    path = exported(OPEN / "enc-owner-restricted.pdf", tmp_path, entry(1, "note", page=0, rect=[20, 20, 21, 21]))
    with pymupdf.open(path) as document:
        assert not document.is_encrypted
        assert (document.metadata or {}).get("encryption") is None


def test_text_can_break_out_of_no_string_and_no_stream(tmp_path: Path) -> None:
    nasty = ") Tj ET Q endstream endobj /JS (app.alert(1)) >> <<\\"
    path = exported(
        PLAIN,
        tmp_path,
        entry(1, "freetext", page=1, rect=BOX, body=nasty),
        entry(2, "note", page=1, rect=[1, 1, 2, 2], body=nasty, style={"color": ") rg /JS"}),
    )
    with pymupdf.open(path) as document:
        assert [each.info["content"] for each in document[1].annots()] == [nasty, nasty]
        assert "JavaScript" not in "".join(document.xref_object(n) for n in range(1, document.xref_length()))
    assert plain(nasty) in plain(READERS[1].drawn_words(path, 1))

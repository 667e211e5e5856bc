"""The frozen record on paper: the same bytes each time, every word of the content, nothing of it read as markup."""

from io import BytesIO
from typing import Any

import pikepdf
import pymupdf
import pypdfium2
import pytest

from server.signing import pdf
from server.signing.pdf import PdfFailed, PrintFacts, render

FACTS = PrintFacts("云州市清江区人民法院", "周启航与贺岚民间借贷纠纷", 2, 1_726_104_600_000, "0123456789abcdef" * 4)
PEOPLE = [
    {"id": "p-a", "role": "judge", "name": "顾明远"},
    {"id": "p-b", "role": "plaintiff", "name": "周启航"},
]
HOSTILE = [
    '#import "@preview/cetz:0.3.4"',
    '#read("/etc/passwd") #plugin("x")',
    "$ x^2 $ *bold* _it_ `raw` <label> @ref = heading",
    '"); #panic("gone") //',
    "\\u{41} \\ #{while true {}} ]] }} ))",
    "#set page(width: 1pt)",
    "https://example.com/x 'quotes' \"more\" -- --- ...",
]


def block(text: str | list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    runs = [{"text": text}] if isinstance(text, str) else text
    plain = {
        "id": "t1",
        "kind": "speech",
        "speaker": "p-a",
        "role": "审",
        "at": "2024-09-12T01:30:05.000Z",
        "origin": "",
    }
    return {**plain, "runs": runs, **changed}


def content(*blocks: dict[str, Any]) -> dict[str, Any]:
    people = [dict(each) for each in PEOPLE]
    return {
        "schema": "yunting.transcript/1", "hearing": "h1", "case": "（2024）云0188民初2617号", "people": people,
        "blocks": list(blocks),
    }  # fmt: skip


def words(bytes_: bytes) -> str:
    with pymupdf.open(stream=bytes_, filetype="pdf") as opened:
        return "".join("".join(page.get_text() for page in opened).split())


def flat(text: str) -> str:
    return "".join(text.split())


def test_the_same_content_gives_the_same_bytes_and_another_gives_others() -> None:
    first, _ = render(content(block("现在开庭。")), FACTS)
    assert render(content(block("现在开庭。")), FACTS)[0] == first
    assert render(content(block("现在休庭。")), FACTS)[0] != first


def test_every_word_stands_in_it_with_court_case_version_people_and_time() -> None:
    made, missing = render(
        content(
            block("一、庭前准备", kind="heading", id="t0"),
            block([{"text": "现在"}, {"text": "开庭", "bold": True}, {"text": "吗", "underline": True}]),
            block("敲法槌。", kind="procedure", id="t2"),
            block("（以下略）", kind="note", id="t3", role="", speaker=""),
            block([{"text": "听不清", "unsure": {"at": "2024-09-12T01:31:00Z"}}], id="t4", role="", speaker="p-b"),
        ),
        FACTS,
    )
    shown = words(made)
    for expected in (
        "云州市清江区人民法院", "（2024）云0188民初2617号", "第2版", "0123456789abcdef", "审判员顾明远", "原告周启航",
        "一、庭前准备", "审：现在开庭吗", "敲法槌。", "（以下略）", "周启航：听不清", "09:30:05",
        "2024年9月12日09时30分", "第1页共1页",
    ):  # fmt: skip
        assert flat(expected) in shown
    assert missing == []


def test_it_is_pdf_a_3b_with_noto_serif_sc_embedded_and_no_other_font() -> None:
    made, _ = render(content(block([{"text": "粗", "bold": True}, {"text": "细"}])), FACTS)
    with pymupdf.open(stream=made, filetype="pdf") as opened:
        metadata = opened.get_xml_metadata()
        fonts = {(name, kind != "n/a") for page in opened for _, kind, _, name, *_ in page.get_fonts()}
    assert "<pdfaid:part>3</pdfaid:part>" in metadata and "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert fonts
    assert all("NotoSerifSC" in name and embedded for name, embedded in fonts)


def test_a_character_that_no_font_has_is_printed_as_its_code_point_and_listed_once() -> None:
    made, missing = render(content(block("证人𪚥与𪚥", id="t9"), block("😀", id="t10")), FACTS)
    assert "证人〔U+2A6A5〕与〔U+2A6A5〕" in words(made)
    assert missing == [{"turn": "t9", "code_point": 0x2A6A5}, {"turn": "t10", "code_point": 0x1F600}]


def test_a_name_that_no_font_has_is_printed_too() -> None:
    given = content(block("好", role="", speaker="p-a"))
    given["people"][0]["name"] = "顾𪚥"
    made, missing = render(given, FACTS)
    assert "顾〔U+2A6A5〕：好" in words(made)
    assert {"turn": "", "code_point": 0x2A6A5} in missing


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_is_shown_as_it_is(text: str) -> None:
    made, _ = render(content(block(text), block(text, kind="heading"), block("后文")), FACTS)
    found = words(made)
    assert found.count(flat(text)) >= 2
    assert "后文" in found


def test_markup_in_names_labels_case_and_court_is_shown_as_it_is() -> None:
    evil = "#panic(1)*x*"
    given = content(block("好", role=evil))
    given["case"] = evil
    given["people"][0]["name"] = evil
    made, _ = render(given, PrintFacts(evil, evil, 1, 0, "00" * 32))
    assert words(made).count(evil) >= 5


@pytest.mark.parametrize("text", ["https://example.com/" + "abcdefgh" * 60, "9" * 400, "甲" * 400, "、" * 300])
def test_a_word_without_a_space_does_not_run_off_the_page(text: str) -> None:
    made, _ = render(content(block(text)), FACTS)
    with pymupdf.open(stream=made, filetype="pdf") as opened:
        found = [(word[2], word[4]) for page in opened for word in page.get_text("words")]
        width = opened[0].rect.width
    assert max(right for right, _ in found) <= width - 24 / 25.4 * 72 + 12  # a punctuation mark may hang out
    assert flat(text) in words(made)


def test_line_ends_and_controls_do_not_vanish() -> None:
    made, missing = render(content(block("甲\n乙\u202e丙")), FACTS)
    assert "甲〔U+000A〕乙〔U+202E〕丙" in words(made)
    assert [each["code_point"] for each in missing] == [0x0A, 0x202E]


def test_the_file_holds_no_script_no_link_and_no_attachment() -> None:
    made, _ = render(content(block("见 https://example.com/")), FACTS)
    with pikepdf.open(BytesIO(made)) as opened:
        names = {str(key) for item in opened.objects if isinstance(item, pikepdf.Dictionary) for key in item}
    assert names & {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/URI", "/Launch"} == set()


def test_a_long_record_is_numbered_page_by_page_as_another_reader_sees_it() -> None:
    made, _ = render(content(*(block(f"第{number}句话。" * 8, id=f"t{number}") for number in range(200))), FACTS)
    with pypdfium2.PdfDocument(made) as opened:
        pages = len(opened)
        last = flat(opened[pages - 1].get_textpage().get_text_bounded())
    assert pages > 5
    assert f"第{pages}页共{pages}页" in last


def test_a_broken_order_is_told_and_not_taken_for_a_pdf() -> None:
    with pytest.raises(PdfFailed, match="typesetting ended with"):
        pdf.typeset(pdf.TEMPLATE, {"case": "x"}, 0)

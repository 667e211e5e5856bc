"""Every file of the corpus gets the verdict it should, and what is shown of it is true and harmless."""

import io
import re
from hashlib import sha256
from typing import Any

import pikepdf
import pymupdf
import pypdfium2
import pytest

from tests.evidence.corpus import CASES, FOLDER, Desk, Line, taken_in
from tests.evidence.geometry import along, holds, middle, reach

Exhibits = dict[str, dict[str, Any]]
FORBIDDEN = re.compile(
    rb"/(JS|JavaScript|OpenAction|AA|Launch|GoToR|GoToE|SubmitForm|ImportData|EmbeddedFiles?|EF|RichMedia\w*|Screen|"
    rb"Movie|Sound|3D|XFA|Metadata|Collection|AF|Rendition|FileAttachment|Filespec|Base)\b"
)
ALONG = 1.0  # units that an end may be off in reading direction; a quarter of an em would be allowed


def served(desk: Desk, exhibit: str) -> bytes:
    answer = desk.ask("GET", f"/{exhibit}/served")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    return answer.content


def written(thing: pikepdf.Object) -> bytes:
    """An object as it stands in the file, names decoded, what it refers to left out."""
    return (thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing).unparse(resolved=True)


@pytest.mark.parametrize("case", CASES)
def test_each_file_gets_its_verdict(handed_in: Exhibits, case: str) -> None:
    truth, exhibit = CASES[case], handed_in[case]
    assert (exhibit["size"], exhibit["sha256"]) == (truth["size"], truth["sha256"])
    if truth["expect"] == "refuse":
        reasons = {each.replace("-", "_") for each in [truth.get("reason"), *truth.get("reasons", ())] if each}
        assert exhibit["state"] == "refused" and exhibit["intake"]["code"] in reasons
        assert exhibit["intake"]["title_zh"] and exhibit["intake"]["title_en"] and exhibit["number"] == 0
        return
    assert exhibit["state"] == "ready" and exhibit["intake"] == {"step": 8, "steps": 8}
    assert exhibit["pages"] == len(exhibit["page_table"]) == truth["pages"]
    warned = {each["code"] for each in exhibit["warnings"]}
    assert warned == {each.replace("-", "_") for each in truth.get("warnings", ())}
    assert all(each["title_zh"] and each["title_en"] for each in exhibit["warnings"])


@pytest.mark.parametrize("case", [name for name, each in CASES.items() if "boxes" in each])
def test_the_page_table_holds_the_true_boxes(handed_in: Exhibits, case: str) -> None:
    table = handed_in[case]["page_table"]
    assert [{key: row[key] for key in ("media", "crop", "rotate", "user_unit")} for row in table] == CASES[case][
        "boxes"
    ]


@pytest.mark.parametrize("case", [name for name, each in CASES.items() if "labels" in each])
def test_the_page_table_holds_the_printed_labels(handed_in: Exhibits, case: str) -> None:
    assert [row["label"] for row in handed_in[case]["page_table"]] == CASES[case]["labels"]


@pytest.mark.parametrize("case", taken_in())
def test_the_original_comes_back_byte_for_byte_and_is_never_shown_in_the_page(
    desk: Desk, handed_in: Exhibits, case: str
) -> None:
    answer = desk.ask("GET", f"/{handed_in[case]['id']}/original")
    assert sha256(answer.content).hexdigest() == CASES[case]["sha256"]
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("case", taken_in())
def test_nothing_active_is_left_in_any_object_of_the_copy(desk: Desk, handed_in: Exhibits, case: str) -> None:
    with pikepdf.open(io.BytesIO(served(desk, handed_in[case]["id"]))) as pdf:
        texts = [written(thing) for thing in pdf.objects]
        links = [bytes(each) for each in re.findall(rb"/URI (\(.*?\)|<.*?>)", b"\n".join(texts))]
    found = {match[0] for text in texts for match in FORBIDDEN.finditer(text)}
    assert found == set()
    assert all(link.lower().startswith((b"(http://", b"(https://")) for link in links)


@pytest.mark.parametrize("case", [name for name, each in CASES.items() if each.get("active")])
def test_the_active_originals_would_be_found(case: str) -> None:
    with pikepdf.open(FOLDER / CASES[case]["file"]) as pdf:
        assert any(FORBIDDEN.search(written(thing)) for thing in pdf.objects)


@pytest.mark.parametrize("case", taken_in())
def test_three_readers_find_the_same_pages_in_the_copy_and_its_first_comes_first(
    desk: Desk, handed_in: Exhibits, case: str
) -> None:
    content = served(desk, handed_in[case]["id"])
    assert b"/Linearized" in content[:1_024]
    with pikepdf.open(io.BytesIO(content)) as pdf, pymupdf.open(stream=content, filetype="pdf") as document:
        assert not pdf.is_encrypted
        third = pypdfium2.PdfDocument(content)
        assert len(pdf.pages) == document.page_count == len(third) == CASES[case]["pages"]
        third.close()


def phrase_line(lines: list[Line], phrase: str) -> tuple[Line, int]:
    found = [(line, line.text.index(phrase)) for line in lines if phrase in line.text]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("case", [name for name in taken_in() if "text" in CASES[name]])
def test_words_stand_where_they_truly_are(desk: Desk, handed_in: Exhibits, case: str) -> None:
    truth = CASES[case]["text"]
    lines = desk.lines(handed_in[case]["id"], truth["page"])
    assert handed_in[case]["page_table"][truth["page"]]["text"]
    line, start = phrase_line(lines, truth["phrase"])
    assert line.vertical == truth.get("vertical", False)
    quad = line.quad_of(start, start + len(truth["phrase"]))
    real = [tuple(corner) for corner in truth["quad"]]
    assert all(holds(quad, tuple(corner)) for corner in truth["core"])
    direction = along(real)
    assert abs(reach(quad[2], real[2], direction)) <= ALONG
    assert abs(reach(quad[3], real[3], direction)) <= ALONG
    assert [round(max(abs(a - b) for a, b in zip(*pair, strict=True)), 1) for pair in zip(quad, real, strict=True)] == [
        pytest.approx(0, abs=0.3)
    ] * 4
    others = [each for each in lines if each is not line]
    assert not any(holds(quad, middle(each.quad_of(0, len(each.text)))) for each in others)


def test_a_page_without_words_has_an_empty_table(desk: Desk, handed_in: Exhibits) -> None:
    exhibit = handed_in["scan-ccitt"]
    assert not exhibit["page_table"][0]["text"]
    assert desk.lines(exhibit["id"], 0) == []


def test_the_name_that_was_given_is_the_name_that_comes_back(desk: Desk, handed_in: Exhibits) -> None:
    exhibit = handed_in["plain-cjk"]
    assert exhibit["name"] == CASES["plain-cjk"]["upload_name"]
    assert exhibit["title"] == CASES["plain-cjk"]["upload_name"].removesuffix(".pdf")
    header = desk.ask("HEAD", f"/{exhibit['id']}/original").headers["content-disposition"]
    assert "filename*=UTF-8''%E8%AF%81%E6%8D%AE%E4%B8%80%20" in header and header.isascii()

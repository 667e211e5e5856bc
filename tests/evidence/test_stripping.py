"""What acts, reaches out or carries files is taken out wherever it hides; pages and http(s) links stay."""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from server.evidence.stripping import Stripping
from tests.evidence.making import blank, by_hand, written

JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def stripped(content: bytes) -> tuple[bytes, bool]:
    """Every object's text after stripping and saving, and whether something active was found."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stripping = Stripping(pdf)
        stripping.run()
        everything = b"\n".join(_text(thing) for thing in pdf.objects)
        saved = written(pdf)
    with pikepdf.open(io.BytesIO(saved)) as pdf:
        return everything + b"\n".join(_text(thing) for thing in pdf.objects), stripping.found


def _text(thing: Any) -> bytes:
    if isinstance(thing, pikepdf.Stream):
        return thing.stream_dict.unparse(resolved=True) + thing.read_raw_bytes()
    return thing.unparse(resolved=True)


def on_page(annotation: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        whole = pikepdf.Object.parse(b"<< /Type /Annot /Rect [0 0 9 9] " + annotation + b" >>")
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(whole)])

    return change


def link(action: bytes) -> Callable[[pikepdf.Pdf], None]:
    return on_page(b"/Subtype /Link /A << " + action + b" >>")


def in_root(entry: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for key, value in pikepdf.Object.parse(b"<< " + entry + b" >>").items():
            pdf.Root[key] = value

    return change


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["bad.exe"] = b"SECRET"


def form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(XFA=Array([String("xdp"), pdf.make_stream(b"SECRET")]), Fields=Array())


def external(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_stream(b"")
    stream["/F"] = Dictionary(Type=Name.Filespec, F=String("SECRET"))
    pdf.pages[0].obj.Contents = stream


FIELD = b"<< /FT /Btn /T (b) /AA << /D " + JS + b" >> /Kids [<< /A " + JS + b" >>] >>"
ACTIVE: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "opening script": in_root(b"/OpenAction " + JS),
    "additional action": in_root(b"/AA << /WC " + JS + b" >>"),
    "name tree": in_root(b"/Names << /JavaScript << /Names [(x) " + JS + b"] >> >>"),
    "launch": link(b"/S /Launch /F (SECRET)"),
    "other file": link(b"/S /GoToR /F (SECRET) /D [0 /Fit]"),
    "embedded file": link(b"/S /GoToE /F (SECRET)"),
    "form": link(b"/S /SubmitForm /F << /FS /URL /F (SECRET) >>"),
    "import": link(b"/S /ImportData /F (SECRET)"),
    "named print": link(b"/S /Named /N /Print"),
    "javascript address": link(b"/S /URI /URI (javascript:SECRET)"),
    "file address": link(b"/S /URI /URI (file:///SECRET)"),
    "mail address": link(b"/S /URI /URI (mailto:SECRET)"),
    "relative address": link(b"/S /URI /URI (SECRET)"),
    "base address": in_root(b"/URI << /Base (SECRET) >>"),
    "chain behind a link": link(
        b"/S /URI /URI (https://court.example/) /Next [" + JS + b" << /S /Launch /F (SECRET) >>]"
    ),
    "attachment": attached,
    "file annotation": on_page(b"/Subtype /FileAttachment /FS << /F (SECRET) >>"),
    "media": on_page(b"/Subtype /RichMedia /RichMediaContent << /X (SECRET) >>"),
    "screen": on_page(b"/Subtype /Screen /A << /S /Rendition /JS (SECRET) >>"),
    "film": on_page(b"/Subtype /Movie /Movie << /F (SECRET) >>"),
    "sound": on_page(b"/Subtype /Sound"),
    "solid": on_page(b"/Subtype /3D /3DD (SECRET)"),
    "XFA": form,
    "external stream": external,
    "field": in_root(b"/AcroForm << /Fields [" + FIELD + b"] /CO [] >>"),
    "portfolio": in_root(b"/Collection << /View /D /X (SECRET) >>"),
}
GONE = re.compile(
    rb"SECRET|app\.alert|/(JS|JavaScript|OpenAction|AA|Launch|GoToR|GoToE|SubmitForm|ImportData|EmbeddedFiles?|EF|Base|"
    rb"RichMedia\w*|Screen|Movie|Sound|3D\w*|XFA|Collection|Rendition|FileAttachment|Filespec|Print)\b"
)


@pytest.mark.parametrize("what", ACTIVE)
def test_what_acts_is_taken_out_and_told(what: str) -> None:
    pdf = blank()
    ACTIVE[what](pdf)
    content = written(pdf)
    text, found = stripped(content)
    assert found and GONE.findall(text) == []


@pytest.mark.parametrize("what", ACTIVE)
def test_it_was_there_before(what: str) -> None:
    pdf = blank()
    ACTIVE[what](pdf)
    assert any(GONE.search(_text(thing)) for thing in pdf.objects)


PAGES = (b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")


def test_names_written_with_escapes_are_the_same_names() -> None:
    content = by_hand(
        [b"<< /Type /Catalog /Pages 2 0 R /#4fpen#41ction << /#53 /Java#53cript /J#53 (app.alert) >> >>", *PAGES]
    )
    text, found = stripped(content)
    assert found and GONE.findall(text) == []


def test_an_object_that_nobody_refers_to_is_cleaned_too() -> None:
    hidden = b"<< /S /Launch /F (SECRET) >>"
    stream = b"<< /Type /EmbeddedFile /Length 6 >>\nstream\nSECRET\nendstream"
    text, found = stripped(by_hand([b"<< /Type /Catalog /Pages 2 0 R >>", *PAGES, hidden, stream]))
    assert found and GONE.findall(text) == []


def test_what_is_nested_deeply_and_in_circles_is_cleaned_too() -> None:
    nested = b"[" * 90 + b"<< /A << /S /Launch /F (SECRET) >> >>" + b"]" * 90
    circle = b"<< /Self 5 0 R /Next [5 0 R << /S /ImportData /F (SECRET) >>] >>"
    text, found = stripped(by_hand([b"<< /Type /Catalog /Pages 2 0 R /X 4 0 R >>", *PAGES, nested, circle]))
    assert found and GONE.findall(text) == []


@pytest.mark.parametrize(
    "change",
    [
        link(b"/S /URI /URI (https://court.example/a)"),
        link(b"/S /URI /URI (HTTP://court.example/)"),
        link(b"/S /GoTo /D [0 /Fit]"),
        link(b"/S /Named /N /NextPage"),
        in_root(b"/PageLabels << /Nums [0 << /S /D >>] >>"),
        on_page(b"/Subtype /Highlight /QuadPoints [0 0 0 0 0 0 0 0] /Contents (words) /F 4"),
    ],
)
def test_what_only_shows_or_leads_to_a_page_stays(change: Callable[[pikepdf.Pdf], None]) -> None:
    pdf = blank()
    change(pdf)
    before = sorted(_text(thing) for thing in pdf.objects)
    stripping = Stripping(pdf)
    stripping.run()
    assert sorted(_text(thing) for thing in pdf.objects) == before and not stripping.found


def test_metadata_goes_without_a_word() -> None:
    pdf = blank()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "SECRET"
    text, found = stripped(written(pdf))
    assert b"/Metadata" not in text and b"xmpmeta" not in text and not found

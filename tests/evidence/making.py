"""Small PDFs made for one question each, by a library or byte by byte."""

import io
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name


def blank(pages: int = 1, size: tuple[float, float] = (595, 842)) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=size)
    return pdf


def written(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], Any], pages: int = 1) -> bytes:
    """A blank document after a change."""
    pdf = blank(pages)
    change(pdf)
    return written(pdf)


def with_text(content: bytes, **page: Any) -> bytes:
    """One page with a Latin font F1 and this content; `page`: further entries of its dictionary."""

    def change(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        sheet = pdf.pages[0].obj
        sheet.Resources = Dictionary(Font=Dictionary(F1=font))
        sheet.Contents = pdf.make_stream(content)
        for key, value in page.items():
            sheet["/" + key] = value

    return changed(change)


def with_stream(raw: bytes, filters: Sequence[str], **entries: Any) -> bytes:
    """A blank document whose page has an XObject of these very bytes."""

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(raw, filter=Array([Name(each) for each in filters]), decode_parms=None)
        for key, value in entries.items():
            stream["/" + key] = value
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X1=stream))

    return changed(change)


def zipped(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


def by_hand(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file of these object bodies, numbered from 1, with a cross-reference table; not a byte is put right."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def repeated(content: bytes, times: int) -> bytes:
    """The pages of a document so many times."""
    with pikepdf.open(io.BytesIO(content)) as source:
        pdf = pikepdf.new()
        for _ in range(times):
            pdf.pages.extend(source.pages)
        return written(pdf)

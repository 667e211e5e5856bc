"""Opens a PDF that may be damaged, and repairs it once when it does not open. Changes no original."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pymupdf
from pymupdf import mupdf

from server.evidence.verdicts import Refused

RECONSTRUCTED = ("file is damaged", "reconstruct", "recover")


@contextlib.contextmanager
def opened(path: Path, folder: Path, warnings: set[str]) -> Iterator[pikepdf.Pdf]:
    """The document; raises Refused with `encrypted` or `damaged`. `folder` takes a repaired copy."""
    with _open(path, folder, warnings) as pdf:
        if pdf.is_encrypted:
            warnings.add("encrypted_empty_password")
        if "/Size" not in pdf.trailer:  # without it the library writes files that nobody opens
            pdf.trailer["/Size"] = len(pdf.objects) + 1
        yield pdf
        note_faults(pdf, warnings)


def _open(path: Path, folder: Path, warnings: set[str]) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(path)
        if _has_pages(pdf):
            return pdf
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        pdf = None
    repaired = _repaired(path, folder)
    if repaired is not None:
        warnings.add("repaired")
        return repaired
    if pdf is None or pdf.get_warnings():  # it may have had pages that could not be read
        raise Refused("damaged")
    return pdf  # sound as it is, without pages


def _has_pages(pdf: pikepdf.Pdf) -> bool:
    return len(pdf.pages) > 0


def _repaired(path: Path, folder: Path) -> pikepdf.Pdf | None:
    """Through another library, which rebuilds what it can find; None when that is no document with pages."""
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            if document.needs_pass:
                raise Refused("encrypted")
            if document.page_count == 0:
                return None
            copy = folder / "repaired.pdf"
            document.save(copy, garbage=1, encryption=mupdf.PDF_ENCRYPT_NONE)
        pdf = pikepdf.open(copy)
        return pdf if _has_pages(pdf) else None
    except (pymupdf.FileDataError, pikepdf.PdfError, ValueError, RuntimeError):
        return None


def note_faults(pdf: pikepdf.Pdf, warnings: set[str]) -> None:
    """What the library had to put right, as warnings."""
    faults = [str(fault) for fault in pdf.get_warnings()]
    if any(word in fault for fault in faults for word in RECONSTRUCTED):
        warnings.add("repaired")
    elif faults:
        warnings.add("structure")

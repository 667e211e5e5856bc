"""Names of documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.hearing.documents import DocumentKind, DocumentName, annotations, notes, parse, transcript

ID = st.text("0123456789ABCXYZabcxyz_-", min_size=1, max_size=64)


@given(ID, ID, ID)
def test_names_are_read_as_they_are_written(hearing: str, person: str, exhibit: str) -> None:
    for name in (transcript(hearing), annotations(hearing, exhibit), notes(hearing, person, exhibit)):
        assert parse(str(name)) == name


def test_the_parts_of_each_kind() -> None:
    assert parse("h/transcript") == DocumentName("h", DocumentKind.TRANSCRIPT)
    assert parse("h/annotations/e") == DocumentName("h", DocumentKind.ANNOTATIONS, "e")
    assert parse("h/notes/p/e") == DocumentName("h", DocumentKind.NOTES, "e", "p")


NO_NAMES = """
h|h/|/transcript|h/transcript/|h/transcript/x|h/annotations|h/annotations/|h/annotations/a/b|h/notes/e|h/notes//e
h/notes/p/e/x|h/other|h h/transcript|../transcript|庭/transcript
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("name", [*NO_NAMES, "h/transcript\n", "h" * 65 + "/transcript", "h/annotations/" + "e" * 65])
def test_what_is_no_name_has_no_parts(name: str) -> None:
    assert parse(name) is None

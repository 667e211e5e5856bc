"""Names of a hearing's documents: text <-> parts; says nothing about who may open them."""

import re
from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document holds."""

    TRANSCRIPT = "transcript"
    ANNOTATIONS = "annotations"
    NOTES = "notes"


_ID = "[0-9A-Za-z_-]{1,64}"
_NAME = re.compile(
    f"(?P<hearing>{_ID})/(?:transcript|annotations/(?P<shared>{_ID})|notes/(?P<person>{_ID})/(?P<private>{_ID}))"
)


@dataclass(frozen=True, slots=True)
class DocumentName:
    """`<hearing>/transcript`, `<hearing>/annotations/<exhibit>` or `<hearing>/notes/<person>/<exhibit>`; unused
    parts are empty."""

    hearing: str
    kind: DocumentKind
    exhibit: str = ""
    person: str = ""

    def __str__(self) -> str:
        parts = (self.hearing, str(self.kind), self.person, self.exhibit)
        return "/".join(part for part in parts if part)


def parse(name: str) -> DocumentName | None:
    """The parts of a name; None when it is no document's name. `str(parse(name)) == name` for every name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    hearing, shared, person, private = match.group("hearing", "shared", "person", "private")
    if shared is not None:
        return DocumentName(hearing, DocumentKind.ANNOTATIONS, shared)
    if private is not None:
        return DocumentName(hearing, DocumentKind.NOTES, private, person)
    return DocumentName(hearing, DocumentKind.TRANSCRIPT)


def transcript(hearing: str) -> DocumentName:
    return DocumentName(hearing, DocumentKind.TRANSCRIPT)


def annotations(hearing: str, exhibit: str) -> DocumentName:
    return DocumentName(hearing, DocumentKind.ANNOTATIONS, exhibit)


def notes(hearing: str, person: str, exhibit: str) -> DocumentName:
    return DocumentName(hearing, DocumentKind.NOTES, exhibit, person)

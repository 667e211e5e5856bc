"""Takes everything out of a document that acts, reaches out or carries other files; pages and http(s) links stay.

Every object is looked at, reachable or not, by decoded names: what hides behind `#53` or in an object nobody refers to
is found all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

KEYS = frozenset({  # wherever they stand
    "/AA", "/AF", "/AlternatePresentations", "/Collection", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/IDS", "/JS",
    "/JavaScript", "/Metadata", "/Movie", "/OPI", "/OpenAction", "/PresSteps", "/Ref", "/Renditions", "/Requirements",
    "/RichMedia", "/RichMediaContent", "/RichMediaSettings", "/SpiderInfo", "/URLS", "/XFA", "/3D", "/3DD", "/3DA",
    "/3DI", "/3DV",
})  # fmt: skip
QUIET = frozenset({"/Metadata", "/OpenAction", "/Ref", "/OPI", "/IDS", "/Requirements", "/SpiderInfo"})
OF_STREAMS = ("/F", "/FFilter", "/FDecodeParms")  # the content would come from another file
ACTIONS = frozenset({  # values of /S
    "/GoTo3DView", "/GoToDp", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition",
    "/ResetForm", "/RichMediaExecute", "/SetState", "/Sound", "/SubmitForm", "/Thread", "/NOP", "/Hide",
})  # fmt: skip
KINDS = frozenset({  # values of /Subtype or /Type of what is nothing but that
    "/3D", "/3DNode", "/EmbeddedFile", "/FileAttachment", "/Filespec", "/F", "/Movie", "/RichMedia", "/Rendition",
    "/Screen", "/Sound", "/MediaClip", "/PS", "/Metadata",
})  # fmt: skip
LINKS = ("http://", "https://")
NAMED = "/Named"
MOVES = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})


class Stripping:
    """One document's; `found` says whether anything was taken out that could have acted."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.found = False
        self._pdf = pdf

    def run(self) -> None:
        self._catalog(self._pdf.Root)
        for thing in self._pdf.objects:
            for part in _parts(thing):
                self._clean(part)

    def _catalog(self, root: Any) -> None:
        """/URI here is no action but a base for all links of the document; an action at the opening is told."""
        if "/URI" in root:
            del root["/URI"]
            self.found = True
        if isinstance(root.get("/OpenAction"), pikepdf.Dictionary):
            self.found = True

    def _clean(self, part: Any) -> None:
        if isinstance(part, pikepdf.Array):
            self._clean_array(part)
            return
        if _is_bad(part):
            self._empty(part)
            return
        for key in [key for key, value in part.items() if key in KEYS or _is_bad(value)]:
            del part[key]
            self.found = self.found or key not in QUIET
        if isinstance(part, pikepdf.Stream):
            self._clean_stream(part)

    def _clean_array(self, array: Any) -> None:
        for place in reversed(range(len(array))):
            if _is_bad(array[place]):
                del array[place]
                self.found = True

    def _clean_stream(self, stream: Any) -> None:
        for key in OF_STREAMS:
            if key in stream:
                del stream[key]
                self.found = True

    def _empty(self, part: Any) -> None:
        """It may be referred to from where nobody looks: nothing of it is left but its place."""
        self.found = self.found or _kind(part, "/Type") != "/Metadata"
        if isinstance(part, pikepdf.Stream):
            part.write(b"")
        for key in list(part.keys()):
            if key != "/Length":
                del part[key]


def _parts(thing: Any) -> Iterator[Any]:
    """An object and all that lies directly in it (what is referred to comes by itself)."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            inner = [value for _, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting += [each for each in inner if isinstance(each, pikepdf.Object) and not each.is_indirect]
        yield part


def _is_bad(part: Any) -> bool:
    """A dictionary or stream that is an action not allowed, or media, or a file."""
    if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if _kind(part, "/Subtype") in KINDS or _kind(part, "/Type") in KINDS:
        return True
    action = _kind(part, "/S")
    if action == "/URI":
        return not _is_link(part.get("/URI"))
    if action == NAMED:
        return _kind(part, "/N") not in MOVES
    return action in ACTIONS or ("/JS" in part and action == "")


def _kind(part: Any, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _is_link(value: Any) -> bool:
    return isinstance(value, pikepdf.String) and bytes(value).lower().startswith(tuple(map(str.encode, LINKS)))

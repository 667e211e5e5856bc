"""The words on the pages of a PDF as Chromium writes it, in the order of painting. It reads no other program's PDF."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

OBJECT = re.compile(rb"(?s)(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj")
TREE = b"<</Type /Pages"
STREAM = re.compile(rb"(?s)stream\r?\n(.*)\nendstream")
CODES = re.compile(rb"beginbf(char|range)\n(.*?)\nendbf", re.S)
PAINTED = re.compile(rb"/F(\d+) [\d.]+ Tf|ActualText <(\w+)>|<(\w+)> Tj|(EMC)")


def pages(path: Path) -> list[str]:
    """The text of each page; code points that only look alike are written as they stand in the font."""
    objects = {int(number): body for number, body in OBJECT.findall(path.read_bytes())}
    fonts = {number: _letters(objects, body) for number, body in objects.items() if b"/ToUnicode" in body}
    root = next(body for body in objects.values() if body.startswith(TREE) and b"/Parent" not in body)
    return ["".join(_painted(_content(objects, page), fonts)) for page in _leaves(objects, root)]


def colours(path: Path) -> set[bytes]:
    """Every colour that something is filled with."""
    objects = {int(number): body for number, body in OBJECT.findall(path.read_bytes())}
    contents = (_content(objects, body) for body in objects.values() if body.startswith(b"<</Type /Page\n"))
    return {colour for content in contents for colour in re.findall(rb"(\S+ \S+ \S+) rg", content)}


def _leaves(objects: dict[int, bytes], node: bytes) -> Iterator[bytes]:
    """The pages below a node of the page tree, in their order."""
    if not node.startswith(TREE):
        yield node
        return
    for kid in re.findall(rb"(\d+) 0 R", node.split(b"/Kids")[1].split(b"]")[0]):
        yield from _leaves(objects, objects[int(kid)])


def _content(objects: dict[int, bytes], page: bytes) -> bytes:
    return _unpacked(objects, page, rb"/Contents (\d+) 0 R")


def _unpacked(objects: dict[int, bytes], owner: bytes, name: bytes) -> bytes:
    reference, stream = re.search(name, owner), None
    if reference:
        stream = STREAM.search(objects[int(reference[1])])
    assert stream, f"no {name!r} in {owner[:80]!r}"
    return zlib.decompress(stream[1])


def _letters(objects: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    """What each code of a font stands for."""
    letters: dict[bytes, str] = {}
    for kind, table in CODES.findall(_unpacked(objects, font, rb"/ToUnicode (\d+) 0 R")):
        for row in table.split(b"\n"):
            codes = re.findall(rb"<(\w+)>", row)
            if kind == b"char":
                letters[codes[0]] = bytes.fromhex(codes[1].decode()).decode("utf-16-be")
            else:
                letters |= _span(*codes)
    return letters


def _span(first: bytes, last: bytes, letter: bytes) -> dict[bytes, str]:
    start = int(first, 16)
    codes = range(start, int(last, 16) + 1)
    return {f"{code:0{len(first)}X}".encode(): chr(int(letter, 16) + code - start) for code in codes}


def _painted(content: bytes, fonts: dict[int, dict[bytes, str]]) -> Iterator[str]:
    letters: dict[bytes, str] = {}
    is_replaced = False
    for font, actual, shown, end in PAINTED.findall(content):
        if font:
            letters = fonts[int(font)]
        elif actual:
            yield bytes.fromhex(actual.decode()).decode("utf-16").removeprefix("\ufeff")
            is_replaced = True
        elif end:
            is_replaced = False
        elif not is_replaced:
            size = len(next(iter(letters)))
            yield "".join(letters[shown[place : place + size]] for place in range(0, len(shown), size))

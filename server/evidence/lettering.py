"""Words on paper: lines broken to a width, and the subset of one TrueType font that draws them. Writes no PDF.

Widths are in thousandths of the font size, as PDF counts them.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

ASCENT, DESCENT = 880, -120  # the em box of Chinese type; the font's own hhea values hold 1.44 em
NEVER_FIRST = frozenset("，。、；：？！）】》」』〕〉”’…—·%,.;:?!)]}")
NEVER_LAST = frozenset("（【《「『〔〈“‘([{")
KEPT_TABLES = {"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"}
TAB = "    "


@dataclass(frozen=True, slots=True)
class Lettering:
    """A subset of the font: its file, its name with the tag of the subset, character -> glyph, glyph -> width."""

    file: bytes
    name: str
    box: tuple[int, int, int, int]
    glyphs: dict[str, int]
    widths: dict[int, int]

    def advance(self, char: str) -> int:
        return self.widths[self.glyphs[char]]

    def encoded(self, text: str) -> str:
        """The text as a hexadecimal string of glyph numbers, for Identity-H."""
        return "<" + "".join(f"{self.glyphs[char]:04X}" for char in text) + ">"

    def width(self, text: str) -> int:
        return sum(map(self.advance, text))


def lettering(font: Path, texts: Iterable[str]) -> tuple[Lettering, dict[str, str]]:
    """The subset for these texts, and each text as it can be drawn with it."""
    with TTFont(font, lazy=True, recalcTimestamp=False) as opened:
        cmap: dict[int, str] = opened.getBestCmap() or {}
        drawn = {text: printable(text, cmap) for text in texts}
        wanted = sorted({char for text in drawn.values() for char in text if char != "\n"} | {" "})
        return _subset(opened, wanted), drawn


def _subset(font: Any, wanted: Sequence[str]) -> Lettering:
    """Leaves of the opened font only what these characters need."""
    _cut(font, wanted)
    order, cmap, per_em = font.getReverseGlyphMap(), font.getBestCmap(), font["head"].unitsPerEm
    glyphs = {char: order[cmap[ord(char)]] for char in wanted}
    advances: dict[str, tuple[int, int]] = font["hmtx"].metrics
    widths = {order[name]: round(advance * 1000 / per_em) for name, (advance, _) in advances.items()}
    return Lettering(_file(font), _name(wanted), _box(font["head"], per_em), glyphs, widths)


def _cut(font: Any, wanted: Iterable[str]) -> None:
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[], recalc_timestamp=False, glyph_names=False
    )
    options.drop_tables = sorted({*font.keys()} - KEPT_TABLES)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in wanted])
    cutter.subset(font)


def _file(font: TTFont) -> bytes:
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _name(wanted: Iterable[str]) -> str:
    """Six capitals before the name mark a subset; equal subsets have equal names (ISO 32000, 9.6.4)."""
    digest = hashlib.sha256("".join(wanted).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6]) + "+NotoSerifSC-Regular"


def _box(head: Any, per_em: int) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(value * 1000 / per_em) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
    return x0, y0, x1, y1


def printable(text: str, cmap: dict[int, str]) -> str:
    """The text as the font can draw it: what it lacks is written out by its number, what nobody sees is left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    return "".join(_printable(char, cmap) for char in plain)


def _printable(char: str, cmap: dict[int, str]) -> str:
    if char == "\n" or ord(char) in cmap:
        return char
    unseen = unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Mn"}
    return "" if unseen else f"〔U+{ord(char):04X}〕"


def lines(text: str, letters: Lettering, most: float) -> list[str]:
    """Broken so that no line is wider than `most`, unless one character is."""
    return [line for paragraph in text.split("\n") for line in _broken(paragraph, letters, most)]


def _broken(paragraph: str, letters: Lettering, most: float) -> Iterator[str]:
    rest = paragraph
    while True:
        fits = _fitting(rest, letters, most)
        if fits >= len(rest):
            yield rest
            return
        at = _break(rest, fits)
        yield rest[:at].rstrip(" ")
        rest = rest[at:].lstrip(" ")


def _fitting(text: str, letters: Lettering, most: float) -> int:
    """How many characters fit, at least one."""
    width = 0
    for count, char in enumerate(text):
        width += letters.advance(char)
        if width > most and char != " ":
            return max(count, 1)
    return len(text)


def _break(text: str, fits: int) -> int:
    """The last place at or before `fits` where a line may end; in the middle of a word when there is none."""
    return next((at for at in range(fits, 0, -1) if _may_break(text[at - 1], text[at])), fits)


def _may_break(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in NEVER_LAST or after == " ":
        return False
    return before == " " or before == "-" or not (_in_word(before) and _in_word(after))


def _in_word(char: str) -> bool:
    """Letters and digits of scripts that are written with spaces between words."""
    return (char.isalnum() and ord(char) < 0x1100) or char in "'_/@#&+-="


def unicode_map(letters: Lettering) -> bytes:
    """The ToUnicode CMap: so that the words can be found, copied and read aloud."""
    pairs = sorted((glyph, char) for char, glyph in letters.glyphs.items())
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    mapped = "".join(
        f"{len(block)} beginbfchar\n"
        + "".join(f"<{glyph:04X}> <{_utf16(char)}>\n" for glyph, char in block)
        + "endbfchar\n"
        for block in blocks
    )
    return (_CMAP_HEAD + mapped + _CMAP_END).encode("ascii")


def _utf16(char: str) -> str:
    return char.encode("utf-16-be").hex().upper()


_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_END = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"

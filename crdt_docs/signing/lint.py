"""What may not be frozen: characters that nobody sees or that mean something else than they show, and ids that lie.

A rare character never blocks because no font has it. Reads canonical blocks; changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

IN_LABEL = -1  # the place of what is not in a turn's text but in its printed label or id

BIDI = frozenset((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
# what is drawn as nothing although it is no format character: fillers, the grapheme joiner, the Mongolian separator
BLANK = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2065, 0x3164, 0xFFA0))
# format characters that are drawn: Arabic, Syriac, Kaithi signs and the controls of Egyptian quadrats
DRAWN = frozenset((*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD))
LINES = frozenset((0x2028, 0x2029))
TAGS = range(0xE0000, 0xE0080)
VARIATIONS = (range(0x180B, 0x180E), range(0x180F, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Ideographs and pictographs are added each year: one newer than our tables is a rare name, not a mistake.
GROWING = (range(0x1F000, 0x1FB00), range(0x20000, 0x3FFFE))
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")

# most texts hold nothing else, and none of it is ever found
_PLAIN = re.compile(r"[ -~\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]*")
_BY_CATEGORY = {"Cc": "control", "Co": "private_use", "Cs": "unassigned", "Cf": "zero_width", "Cn": "unassigned"}
WARNINGS = frozenset(("variation", "mixed_scripts"))
CODES = WARNINGS | {"bidi", "tag", "replacement", "empty_id", "duplicate_id", *_BY_CATEGORY.values()}


@dataclass(frozen=True, slots=True)
class Finding:
    """`at`: offset in code points of the turn's text, IN_LABEL for label and id; `code_point` 0 where it is the id."""

    code: str
    blocks: bool
    turn: str
    at: int
    code_point: int


def lint(blocks: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings in the order of the text; a text may be frozen when none of them blocks."""
    seen: set[str] = set()
    return tuple(finding for block in blocks for finding in _of_block(block, seen))


def _of_block(block: Mapping[str, Any], seen: set[str]) -> Iterator[Finding]:
    turn = str(block["id"])
    if not turn or turn in seen:
        yield Finding("duplicate_id" if turn else "empty_id", True, turn, IN_LABEL, 0)
    seen.add(turn)
    for _, character, code in _of_text(str(block["role"])):
        yield _finding(code, turn, IN_LABEL, character)
    for at, character, code in _of_text("".join(run["text"] for run in block["runs"])):
        yield _finding(code, turn, at, character)


def _finding(code: str, turn: str, at: int, character: str) -> Finding:
    return Finding(code, code not in WARNINGS, turn, at, ord(character))


def _of_text(text: str) -> Iterator[tuple[int, str, str]]:
    """Place, character and code of what is found."""
    if _PLAIN.fullmatch(text):
        return
    script: str | None = None
    for at, character in enumerate(text):
        code = code_of(character)
        if code:
            yield at, character, code
        mark = unicodedata.category(character)[0] == "M"
        own = script_of(character)
        if own and script and own != script:
            yield at, character, "mixed_scripts"
        script = own or (script if mark or code else None)


def code_of(character: str) -> str | None:
    """Why the character may not stand in a text, or is to be looked at; None for all others."""
    point = ord(character)
    if 0x20 <= point < 0x7F:
        return None
    for code, points in _SETS:
        if point in points:
            return code
    code = _BY_CATEGORY.get(unicodedata.category(character))
    return None if point in DRAWN or (code == "unassigned" and _may_be_new(point)) else code


def _may_be_new(point: int) -> bool:
    """The last two of each plane are no characters for ever."""
    return point & 0xFFFE != 0xFFFE and any(point in points for points in GROWING)


_SETS = (
    ("bidi", BIDI),
    ("tag", TAGS),
    ("zero_width", BLANK),
    ("control", LINES),
    ("replacement", frozenset((0xFFFC, 0xFFFD))),
    *(("variation", points) for points in VARIATIONS),
)


def script_of(character: str) -> str | None:
    """LATIN, CYRILLIC or GREEK, whose letters look alike; None for a character of no such script."""
    if not character.isalpha() or "\u3400" <= character <= "\u9fff":
        return None
    name = unicodedata.name(character, "")
    return next((script for script in SCRIPTS if script in name.split(" ", 2)), None)

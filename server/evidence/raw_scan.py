"""Looks at a file's bytes before any library does: opening alone can be the attack. Parses no document."""

from __future__ import annotations

import re

from server.evidence import limits
from server.evidence.decoding import size_within
from server.evidence.verdicts import Refused

HEADER_WITHIN = 1_024
MOST_FILTERS = 8  # lists of them that are tried
DICTIONARY_WITHIN = 8 * 1_024  # bytes before the word `stream`
_STREAM = re.compile(rb"stream[ \t]*(?:\r\n|\n|\r)")
_NUMBERED = re.compile(rb"[0-9]\s+[0-9]+\s+$")  # before the word `obj`, where it begins an object
NUMBERS_WITHIN = 32
_CLOSED = re.compile(rb">>(?:\s|%[^\r\n]*[\r\n])*$")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def _spelled(name: bytes) -> bytes:
    """A pattern for a name whose letters may be escaped."""
    return b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in name)


_STRUCTURE = re.compile(b"/(?:" + _spelled(b"ObjStm") + b"|" + _spelled(b"XRef") + b")(?![0-9A-Za-z])")
_FILTERS = re.compile(rb"/Filter(?![0-9A-Za-z])\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)?")
_NAME = re.compile(rb"/[^\s/<>\[\]()]+")
_END = b"%%EOF"
PADDING = b"\0\t\n\f\r \x1a"


def header_at(content: bytes) -> int:
    """Where the PDF begins; raises Refused for what is empty or none."""
    if not content:
        raise Refused("empty")
    found = content[: HEADER_WITHIN + 5].find(b"%PDF-")
    if found < 0:
        raise Refused("not_a_pdf")
    return found


def has_trailing_data(content: bytes) -> bool:
    """Whether something other than padding follows the last end mark."""
    end = content.rfind(_END)
    return end >= 0 and bool(content[end + len(_END) :].strip(PADDING))


def check_structure(content: bytes) -> None:
    """Inflates each stream of objects or cross-references within bounds; raises Refused.

    A dictionary can lie about where it begins (in a string, by its length): a stream that may be one is measured too,
    within the bounds of any stream.
    """
    total = 0
    for found in _STREAM.finditer(content):
        if content.endswith(b"end", 0, found.start()):
            continue
        before, own = _dictionary(content, found.start())
        if _STRUCTURE.search(own):
            filters = own if b"/Filter" in own else before
            total += _size(content, found.end(), filters, limits.STRUCTURE_BYTES)
            if total > limits.DECODED_BYTES:
                raise Refused("resource_limit")
        elif _STRUCTURE.search(before) or (own is before and _CLOSED.search(before)):
            _size(content, found.end(), before, limits.DECODED_BYTES)


def _dictionary(content: bytes, stream: int) -> tuple[bytes, bytes]:
    """What stands before the word, and of that what stands after the last beginning of an object, if there is one."""
    before = content[max(0, stream - DICTIONARY_WITHIN) : stream]
    at = before.rfind(b"obj")
    while at >= 0:
        if _NUMBERED.search(before[max(0, at - NUMBERS_WITHIN) : at]):
            return before, before[at + 3 :]
        at = before.rfind(b"obj", 0, at)
    return before, before


def _size(content: bytes, start: int, dictionary: bytes, most: int) -> int:
    """Bytes of the stream at `start`, by whichever of the filters that it may have makes it largest. Raises Refused
    beyond `most`."""
    end = content.find(b"endstream", start)
    raw = content[start : end if end >= 0 else len(content)]
    return max(size_within(raw, filters, most) for filters in _filters(dictionary))


def _filters(dictionary: bytes) -> set[tuple[str, ...]]:
    """Each list of filters that it names, the last ones; one that is elsewhere (`7 0 R`, or too far before the stream)
    is taken for Flate."""
    dictionary = _ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), dictionary)
    named = [found[1] or b"/FlateDecode" for found in _FILTERS.finditer(dictionary)][-MOST_FILTERS:]
    return {tuple(name.decode("latin-1") for name in _NAME.findall(names)) for names in named or [b"/FlateDecode"]}

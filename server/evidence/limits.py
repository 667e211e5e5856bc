"""How large an exhibit may be, and how much a child may use up on it: numbers only."""

from dataclasses import dataclass

UPLOAD_BYTES = 100 * 1024 * 1024
PAGES = 5_000
PAGE_UNITS = 14_400.0  # of a page's longer side
USER_UNIT = 100.0
IMAGE_PIXELS = 200_000_000
DECODED_BYTES = 400 * 1024 * 1024  # one stream, and all but the images together
STRUCTURE_BYTES = 100 * 1024 * 1024  # one object stream or cross-reference stream
FILTERS = 8  # of one stream

MEMORY_BYTES = 1_500_000_000
FILE_BYTES = 1_000_000_000  # one file that a child writes
SECONDS = 8.0  # of the processor, at least
SECONDS_PER_BYTE = 1 / (3 * 1024 * 1024)
MOST_SECONDS = 45.0
START_SECONDS = 60.0  # until a child is ready; a busy machine is nobody's fault

PAGE_CHARACTERS = 100_000  # of a glyph table
EXHIBITS = 500  # of one hearing


@dataclass(frozen=True, slots=True)
class Share:
    """So many exhibits, files (refused ones too) and bytes of all files."""

    exhibits: int
    files: int
    size: int


HEARINGS = Share(EXHIBITS, 2 * EXHIBITS, 20 * 1024**3)
CLERKS = Share(400, 800, 16 * 1024**3)  # each clerk's
PERSONS = Share(100, 200, 4 * 1024**3)  # anybody else's


def seconds_for(size: int) -> float:
    """Processor time for a file of so many bytes."""
    return min(MOST_SECONDS, SECONDS + size * SECONDS_PER_BYTE)

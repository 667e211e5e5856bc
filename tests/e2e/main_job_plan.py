"""The sample transcript as work for two clerks: its turns with the hearing's people, and who types which part of them.

Pure: a file's text in, lists out. One clerk lays the empty turns of a section out; both then type in it at once, so
that every word's place is given by its neighbours and by nothing that a race could decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from crdt_docs.transcript import Turn, parse_sample

SAMPLE = Path(__file__).resolve().parents[1] / "fixtures" / "sample_transcript.txt"
SHARED_EVERY, SHARED_LENGTH = 9, 12  # every ninth turn of at least so many characters is typed by both clerks at once

Typing = dict[str, Any]  # a turn for main_job_clerk.mjs: id, text, and side, start or after


def sections(people: Mapping[str, str]) -> list[list[Turn]]:
    """The whole text, a section from each heading on; `people`: printed label -> person id."""
    cut: list[list[Turn]] = [[]]
    for turn in parse_sample(SAMPLE.read_text("utf-8")):
        if turn.kind == "heading":
            cut.append([])
        cut[-1].append(replace(turn, speaker=people.get(turn.role, "")))
    return cut


@dataclass(frozen=True, slots=True)
class Section:
    """One section ready to be typed: what is laid out empty, and what each clerk types in it."""

    laid_out: list[Typing]
    first: list[Typing]
    second: list[Typing]


def alternating(turns: Sequence[Turn]) -> Section:
    """The clerks take turns; some turns both type at once, one from the start, one from a sign in the middle on."""
    section = Section([], [], [])
    for n, turn in enumerate(turns):
        if n % SHARED_EVERY == SHARED_EVERY - 1 and len(turn.text) >= SHARED_LENGTH:
            middle = len(turn.text) // 2
            section.laid_out.append(_empty(turn) | {"start": turn.text[middle]})
            section.first.append({"id": turn.id, "text": turn.text[:middle], "side": "start"})
            section.second.append({"id": turn.id, "text": turn.text[middle + 1 :], "side": "end"})
            continue
        section.laid_out.append(_empty(turn))
        (section.second if n % 2 else section.first).append({"id": turn.id, "text": turn.text})
    return section


def alone(turns: Sequence[Turn]) -> Section:
    """One clerk lays out and types everything."""
    return Section([_empty(turn) for turn in turns], [{"id": turn.id, "text": turn.text} for turn in turns], [])


def behind(turns: Sequence[Turn]) -> list[Typing]:
    """Every turn but the first is made by whoever types it, behind the one before: what an offline clerk does."""
    return [_empty(turn) | {"text": turn.text, "after": before.id} for before, turn in pairwise(turns)]


def _empty(turn: Turn) -> Typing:
    return {name: value for name, value in asdict(turn).items() if name != "text"}

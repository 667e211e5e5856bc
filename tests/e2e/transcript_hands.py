"""Turns of a transcript as what a clerk's hands do in the editor: by keys, or by an input method. Pure.

Speakers are set by "原：" and by Ctrl and a figure in turn, kinds by the keyboard in the menu of the turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from crdt_docs.transcript import Turn

Step = dict[str, Any]  # for `hands` of page_browser.mjs: a key, words typed, or letters and the words taken for them

PHRASE = 5  # characters that are composed at once
SYLLABLES = ("shen", "pan", "yuan", "gao", "zheng", "jie", "kuan", "liang", "he", "qing", "xu", "ming")
EVERY_LETTER = 25  # every so many phrases each letter is seen, in the others some and then all of them
HAN = re.compile("[\u4e00-\u9fff]+")
MENU_PLACES = {"heading": 2, "note": 3}  # Tab presses from the open menu's button to its item


def _key(key: str, times: int = 1) -> list[Step]:
    return [{"key": key}] * times


class Hands:
    """One clerk; knows the kind of the turn that was left, which the next one begins with."""

    def __init__(self, figures: Mapping[str, int], *, composes: bool) -> None:
        self._figures = figures
        self._composes = composes
        self._syllables = cycle(SYLLABLES)
        self._phrases = 0
        self._speeches = 0
        self._kind = "speech"

    def after(self, kind: str) -> None:
        """The caret has been put at the end of a turn of this kind."""
        self._kind = kind

    def turns(self, turns: Sequence[Turn]) -> list[Step]:
        """Each in a turn of its own behind the one with the caret."""
        return [step for turn in turns for step in self.turn(turn)]

    def turn(self, turn: Turn) -> list[Step]:
        steps = _key("Enter")
        kind = "speech" if self._kind in ("heading", "procedure") else self._kind
        self._kind = turn.kind
        if turn.kind == "speech":
            steps += self._speaker(turn.role)
        elif turn.kind != kind:
            steps += [*_key("Shift+Tab"), *_key("Enter"), *_key("Tab", MENU_PLACES[turn.kind]), *_key("Enter")]
        return [*steps, *self.words(turn.text)]

    def _speaker(self, label: str) -> list[Step]:
        self._speeches += 1
        if self._speeches % 2:
            return _key(f"Control+{self._figures[label]}")
        return [*self.words(label), {"type": "："}]

    def words(self, text: str) -> list[Step]:
        return list(self._composed(text)) if self._composes else [{"type": text}]

    def _composed(self, text: str) -> Iterator[Step]:
        place = 0
        for found in HAN.finditer(text):
            if found.start() > place:
                yield {"type": text[place : found.start()]}
            for start in range(found.start(), found.end(), PHRASE):
                phrase = text[start : min(start + PHRASE, found.end())]
                yield {"letters": self._letters(len(phrase)), "taken": phrase}
            place = found.end()
        if place < len(text):
            yield {"type": text[place:]}

    def _letters(self, characters: int) -> list[str]:
        """As an input method shows them: growing, syllables apart."""
        self._phrases += 1
        whole = "'".join(next(self._syllables) for _ in range(characters))
        ends = range(1, len(whole) + 1) if self._phrases % EVERY_LETTER == 0 else (len(whole) // 2, len(whole))
        return [whole[:end] for end in dict.fromkeys(ends)]

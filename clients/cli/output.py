"""Where words and JSON go: results to standard output, failures to standard error; colour only on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clients.cli.outcomes import Failure, Words

if TYPE_CHECKING:
    from rich.console import Console


class Output:
    """One command's voice. With `as_json` standard output carries JSON alone, one value a line."""

    def __init__(self, lang: str, as_json: bool) -> None:
        self.lang = lang
        self.as_json = as_json

    @property
    def is_terminal(self) -> bool:
        return sys.stdout.isatty()

    def json(self, value: object) -> None:
        self.line(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def line(self, text: str) -> None:
        print(text, flush=True)

    def say(self, words: Words, **values: object) -> None:
        self.line(words.say(self.lang, **values))

    def wipe(self) -> None:
        """Clears a terminal's screen and what can be scrolled back to, where the terminal follows."""
        print("\x1b[H\x1b[2J\x1b[3J", end="", flush=True)

    def aside(self, words: Words, **values: object) -> None:
        """For a person at the keyboard; never part of the result."""
        print(words.say(self.lang, **values), file=sys.stderr, flush=True)

    def table(self, heads: Sequence[Words], rows: Sequence[Sequence[str]]) -> None:
        """A drawn table on a terminal, tab-separated lines anywhere else."""
        if not self.is_terminal:
            for row in rows:
                self.line("\t".join(row))
            return
        from rich import box
        from rich.table import Table

        table = Table(*(head.say(self.lang) for head in heads), box=box.SIMPLE_HEAD)
        for row in rows:
            table.add_row(*row)
        console().print(table)

    def failure(self, failure: Failure) -> None:
        """Code and sentence; as JSON `{"code", "title", "title_zh", "title_en"}`."""
        words = failure.words
        if self.as_json:
            told: dict[str, Any] = {"code": failure.code, "title": words.say(self.lang)}
            text = json.dumps({**told, "title_zh": words.zh, "title_en": words.en}, ensure_ascii=False)
        else:
            text = f"yunting: {failure.code}: {words.say(self.lang)}"
        print(text, file=sys.stderr, flush=True)


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True, color_system="auto" if sys.stdout.isatty() else None)

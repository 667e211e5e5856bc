"""How a command can end: the documented exit statuses and the one failure type that carries one; prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses, also listed at the end of `yunting --help`."""

    OK = 0
    OTHER = 1
    USAGE = 2
    REFUSED = 3
    NO_CONNECTION = 4
    NOT_SAVED = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages; `{name}` places are filled by `say`."""

    zh: str
    en: str

    def say(self, lang: str, **values: object) -> str:
        text = self.en if lang == "en" else self.zh
        return text.format(**values) if values else text

    def fill(self, **values: object) -> Words:
        return Words(self.zh.format(**values), self.en.format(**values))


class Failure(Exception):
    """A command that ends without success: status for the shell, code for scripts, words for people."""

    def __init__(self, status: Exit, code: str, words: Words) -> None:
        super().__init__(f"{code}: {words.en}")
        self.status = status
        self.code = code
        self.words = words

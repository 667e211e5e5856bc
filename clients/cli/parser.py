"""What may be typed: every command and option with its help in the reader's language; carries nothing out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from clients.cli import helps
from clients.cli.outcomes import Words

COMMANDS = ("open", "recess", "resume", "close", "isolate", "release")
KINDS = ("speech", "heading", "note")


def language(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """`--lang` wins, then the locale when it is English, else Chinese. Wanted before anything is parsed."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "zh"


class _Builder:
    """argparse with one language chosen, and the global options accepted before and after the command."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._shared = argparse.ArgumentParser(add_help=False)
        self.add_global(self._shared, argparse.SUPPRESS)
        self.parser = argparse.ArgumentParser(
            prog="yunting",
            description=self(helps.PROGRAM),
            epilog=self(helps.EXIT_STATUSES),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.add_global(self.parser, None)
        self._commands = self.parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def __call__(self, words: Words) -> str:
        return words.say(self.lang)

    def add_global(self, parser: argparse.ArgumentParser, missing: object) -> None:
        def default(value: object) -> object:
            return argparse.SUPPRESS if missing is argparse.SUPPRESS else value

        add = parser.add_argument
        add("--url", metavar="URL", default=default(None), help=self(helps.URL))
        add("--token", metavar="TOKEN", default=default(None), help=self(helps.TOKEN))
        add("--profile", metavar="NAME", default=default("default"), help=self(helps.PROFILE))
        add("--json", action="store_true", default=default(False), help=self(helps.JSON))
        add("--lang", choices=("zh", "en"), default=default(self.lang), help=self(helps.LANG))

    def command(self, name: str, words: Words) -> argparse.ArgumentParser:
        return self._commands.add_parser(name, help=self(words), description=self(words), parents=[self._shared])


def build(lang: str) -> argparse.ArgumentParser:
    builder = _Builder(lang)
    for name, (words, arguments) in _COMMANDS.items():
        arguments(builder, builder.command(name, words))
    return builder.parser


def _no_arguments(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    """The command stands alone."""


def _login(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("link", metavar="LINK", help=builder(helps.LINK))


def _hearing(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    from clients.cli.completion import hearings

    found = parser.add_argument("hearing", metavar="HEARING", help=builder(helps.HEARING))
    found.completer = hearings  # type: ignore[attr-defined]


def _watch(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--last", type=_count, metavar="N", help=builder(helps.LAST))
    parser.add_argument("--after", type=_count, metavar="SEQ", help=builder(helps.WATCH_AFTER))


def _append(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("text", metavar="TEXT", nargs="?", default="-", help=builder(helps.TEXT))
    parser.add_argument("--speaker", metavar="ID", help=builder(helps.SPEAKER))
    parser.add_argument("--role", metavar="LABEL", help=builder(helps.ROLE))
    parser.add_argument("--kind", choices=KINDS, help=builder(helps.KIND))
    parser.add_argument("--patience", type=_seconds, default=60.0, metavar="SECONDS", help=builder(helps.PATIENCE))


def _control(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("action", metavar="|".join(COMMANDS), choices=COMMANDS, help=builder(helps.ACTION))
    parser.add_argument("--person", metavar="ID", help=builder(helps.PERSON))
    parser.add_argument("--reason", metavar="TEXT", help=builder(helps.REASON))
    parser.add_argument("--until", metavar="TIME", help=builder(helps.UNTIL))


def _tail(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--after", type=_count, default=0, metavar="SEQ", help=builder(helps.TAIL_AFTER))
    parser.add_argument("--follow", "-f", action="store_true", help=builder(helps.FOLLOW))


def _completion(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh"), help=builder(helps.SHELL))


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


_COMMANDS: dict[str, tuple[Words, Callable[[_Builder, argparse.ArgumentParser], None]]] = {
    "login": (helps.LOGIN, _login),
    "logout": (helps.LOGOUT, _no_arguments),
    "hearings": (helps.HEARINGS, _no_arguments),
    "watch": (helps.WATCH, _watch),
    "append": (helps.APPEND, _append),
    "control": (helps.CONTROL, _control),
    "tail": (helps.TAIL, _tail),
    "completion": (helps.COMPLETION, _completion),
}

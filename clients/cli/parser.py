"""What may be typed: every command and option with its help in the reader's language; carries nothing out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clients.cli import helps, recording_words
from clients.cli.outcomes import Words

COMMANDS = (
    "open",
    "recess",
    "resume",
    "close",
    "isolate",
    "release",
    "open_waiting",
    "announce",
    "end_announcement",
    "summon",
    "dismiss",
    "mute",
    "unmute",
    "lock_all",
    "floor",
    "spotlight",
    "raise_hand",
    "lower_hand",
    "close_gallery",
    "open_gallery",
    "remove",
    "consult",
    "end_consult",
    "mark_incident",
    "line",
    "start_signing",
    "reopen",
    "request_correction",
    "decide_correction",
    "object",
    "record_refusal",
    "confirm_refusal",
    "mark_unreachable",
)
KINDS = ("speech", "heading", "note")
_Arguments = Callable[["_Builder", argparse.ArgumentParser], None]


def language(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """`--lang` wins, then the locale when it is English, else Chinese. Wanted before anything is parsed."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "zh"


class _AnyOrder(argparse.ArgumentParser):
    """A positional that may be left out is found behind the options too: `append HEARING --speaker 审 TEXT`.

    Before Python 3.13 argparse gives it its default as soon as an option stands between it and the one before it.
    """

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, rest = super().parse_known_args(args, namespace)
        optional = [each for each in self._actions if each.nargs == "?" and not each.option_strings]
        if len(optional) == len(rest) == 1 and not rest[0].startswith("-"):
            [left_out] = optional
            if getattr(found, left_out.dest) == left_out.default:
                setattr(found, left_out.dest, rest.pop())
        return found, rest


class _Builder:
    """argparse with one language chosen, and the global options accepted before and after the command."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._shared = _AnyOrder(add_help=False)
        self.add_global(self._shared, argparse.SUPPRESS)
        self.parser = argparse.ArgumentParser(
            prog="yunting",
            description=self(helps.PROGRAM),
            epilog=self(helps.EXIT_STATUSES),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.add_global(self.parser, None)
        self._commands = self.parser.add_subparsers(
            dest="command", required=True, metavar="COMMAND", parser_class=_AnyOrder
        )

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

    def actions(self, parser: argparse.ArgumentParser, table: Mapping[str, tuple[Words, _Arguments]]) -> None:
        """Commands of a command; `action` says which."""
        found = parser.add_subparsers(dest="action", required=True, metavar="|".join(table))
        for name, (words, arguments) in table.items():
            told = self(words)
            arguments(self, found.add_parser(name, help=told, description=told, parents=[self._shared]))

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


def _sign(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--key", metavar="FILE", required=True, help=builder(helps.KEY))
    parser.add_argument("--code", metavar="CODE", help=builder(helps.CODE))
    parser.add_argument("--reservation", metavar="TEXT", help=builder(helps.RESERVATION))
    parser.add_argument("--handwriting", metavar="PNG", help=builder(helps.HANDWRITING))
    parser.add_argument("--text", metavar="FILE", help=builder(helps.TEXT_TO))
    parser.add_argument("--pdf", metavar="FILE", help=builder(helps.PDF_TO))
    parser.add_argument("--court-key", metavar="KEY", help=builder(helps.SERVER_KEY))
    parser.add_argument("--output", "-o", metavar="FILE", help=builder(helps.RECEIPT_TO))


def _verify(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=builder(helps.BUNDLE))
    parser.add_argument("--court-key", metavar="KEY", help=builder(helps.COURT_KEY))
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help=builder(helps.RECEIPT))
    parser.add_argument("--recording", metavar="PATH", help=builder(recording_words.CHECKED))


def _export(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--output", "-o", metavar="FILE", help=builder(helps.BUNDLE_TO))


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
    kinds = ("planned", "technical", "bench", "mediation")
    parser.add_argument("--kind", choices=kinds, help=builder(helps.RECESS_KIND))
    parser.add_argument("--turn", metavar="ID", help=builder(helps.TURN))
    parser.add_argument("--of", metavar="SEQ", help=builder(helps.OF))
    parser.add_argument("--decision", choices=("granted", "denied"), help=builder(helps.DECISION))
    codes = ("disagrees", "absent", "no_reason", "other")
    parser.add_argument("--code", choices=codes, help=builder(helps.REFUSAL_CODE))
    parser.add_argument("--text", metavar="TEXT", help=builder(helps.LINE_TEXT))


def _line(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("text", metavar="TEXT", help=builder(helps.LINE_TEXT))
    parser.add_argument("--person", metavar="ID", help=builder(helps.LINE_PERSON))


def _tail(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--after", type=_count, default=0, metavar="SEQ", help=builder(helps.TAIL_AFTER))
    parser.add_argument("--follow", "-f", action="store_true", help=builder(helps.FOLLOW))


def _exhibit_id(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    from clients.cli.completion import exhibits

    _hearing(builder, parser)
    found = parser.add_argument("exhibit", metavar="EXHIBIT", help=builder(helps.EXHIBIT_ID))
    found.completer = exhibits  # type: ignore[attr-defined]


def _output(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _exhibit_id(builder, parser)
    parser.add_argument("--output", "-o", metavar="FILE", help=builder(helps.OUTPUT))


def _upload(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("file", metavar="FILE", help=builder(helps.FILE))
    parser.add_argument("--title", metavar="TEXT", help=builder(helps.EXHIBIT_TITLE))
    parser.add_argument("--purpose", metavar="TEXT", help=builder(helps.PURPOSE))
    parser.add_argument("--offered-by", metavar="ID", help=builder(helps.OFFERED_BY))


def _download(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _output(builder, parser)
    parser.add_argument("--original", action="store_true", help=builder(helps.ORIGINAL))


def _withdraw(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _exhibit_id(builder, parser)
    parser.add_argument("--reason", metavar="TEXT", required=True, help=builder(helps.WITHDRAW_REASON))


def _exhibit(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    builder.actions(parser, _EXHIBIT)


def _recording(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    builder.actions(parser, _RECORDING)


def _all_recorded(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _hearing(builder, parser)
    parser.add_argument("--output", "-o", metavar="FILE", help=builder(recording_words.TO))


def _clip(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    _all_recorded(builder, parser)
    parser.add_argument("of", type=_count, metavar="SEQ", help=builder(recording_words.OF))
    parser.add_argument("--before", type=_count, default=30, metavar="SECONDS", help=builder(recording_words.BEFORE))
    parser.add_argument("--after", type=_count, default=30, metavar="SECONDS", help=builder(recording_words.AFTER))


def _annotate(builder: _Builder, parser: argparse.ArgumentParser) -> None:
    builder.actions(parser, _ANNOTATE)


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


_EXHIBIT: dict[str, tuple[Words, _Arguments]] = {
    "list": (helps.EXHIBIT_LIST, _hearing),
    "upload": (helps.EXHIBIT_UPLOAD, _upload),
    "download": (helps.EXHIBIT_DOWNLOAD, _download),
    "withdraw": (helps.EXHIBIT_WITHDRAW, _withdraw),
}
_RECORDING: dict[str, tuple[Words, _Arguments]] = {
    "list": (recording_words.LIST, _hearing),
    "download": (recording_words.DOWNLOAD, _all_recorded),
    "clip": (recording_words.CLIP, _clip),
}
_ANNOTATE: dict[str, tuple[Words, _Arguments]] = {
    "list": (helps.ANNOTATE_LIST, _exhibit_id),
    "export": (helps.ANNOTATE_EXPORT, _output),
}
_COMMANDS: dict[str, tuple[Words, _Arguments]] = {
    "login": (helps.LOGIN, _login),
    "logout": (helps.LOGOUT, _no_arguments),
    "hearings": (helps.HEARINGS, _no_arguments),
    "watch": (helps.WATCH, _watch),
    "append": (helps.APPEND, _append),
    "control": (helps.CONTROL, _control),
    "line": (helps.LINE, _line),
    "sign": (helps.SIGN, _sign),
    "export": (helps.EXPORT, _export),
    "verify": (helps.VERIFY, _verify),
    "tail": (helps.TAIL, _tail),
    "exhibit": (helps.EXHIBIT, _exhibit),
    "recording": (recording_words.RECORDING, _recording),
    "annotate": (helps.ANNOTATE, _annotate),
    "completion": (helps.COMPLETION, _completion),
}

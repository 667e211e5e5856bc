"""`yunting`: reads the command line, runs one command, and ends with its documented exit status.

What a command needs is imported when it runs, so that help and completion answer at once.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from clients.cli import completion, parser, sentences
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output

Command = Callable[[argparse.Namespace, Output], Exit]
_ONE_ANSWER, _STAYING = "clients.cli.commands", "clients.cli.following"
_WHERE = {
    "login": _ONE_ANSWER,
    "logout": _ONE_ANSWER,
    "hearings": _ONE_ANSWER,
    "control": _ONE_ANSWER,
    "line": _ONE_ANSWER,
    "sign": "clients.cli.signing",
    "export": "clients.cli.signing",
    "verify": "clients.cli.verifying",
    "tail": _ONE_ANSWER,
    "watch": _STAYING,
    "append": _STAYING,
    "exhibit": "clients.cli.exhibits",
    "recording": "clients.cli.recording",
    "annotate": "clients.cli.annotations",
}


def main(arguments: Sequence[str] | None = None) -> int:
    typed = sys.argv[1:] if arguments is None else list(arguments)
    grammar = parser.build(parser.language(typed, os.environ))
    completion.offer(grammar)
    options = grammar.parse_args(typed)
    out = Output(options.lang, options.json)
    _speak_utf8()
    try:
        return _run(options, out)
    except Failure as failure:
        out.failure(failure)
        return failure.status
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        return _interrupted(options, out)


def _speak_utf8() -> None:
    """Whatever the locale: the words are Chinese, JSON is UTF-8."""
    for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _run(options: argparse.Namespace, out: Output) -> int:
    if options.command == "completion":
        out.line(completion.script(options.shell))
        return Exit.OK
    where = _STAYING if options.command == "tail" and options.follow else _WHERE[options.command]
    command: Command = getattr(import_module(where), options.command)
    return command(options, out)


def _interrupted(options: argparse.Namespace, out: Output) -> Exit:
    """Ctrl-C is how watching ends; elsewhere it leaves the work undone."""
    if options.command == "watch" or (options.command == "tail" and options.follow):
        return Exit.OK
    out.failure(Failure(Exit.INTERRUPTED, "interrupted", sentences.INTERRUPTED))
    return Exit.INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())

"""Shell completion: the script for the shell, and the answers while a person types. Quiet when the server is away."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clients.cli.api import Api


def script(shell: str) -> str:
    """What `eval "$(yunting completion bash)"` evaluates."""
    from argcomplete.shell_integration import shellcode

    return shellcode(["yunting"], shell=shell)


def offer(parser: argparse.ArgumentParser) -> None:
    """Answers the shell and ends, when it is the shell that asks; else does nothing."""
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)


def hearings(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The ids of the person's hearings."""
    return _asked(parsed_args, lambda api: [one["id"] for one in api.get("/api/hearings")["hearings"]])


def exhibits(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The ids of the hearing's exhibits."""
    from clients.cli.api import hearing_path

    path = hearing_path(parsed_args.hearing, "/exhibits")
    return _asked(parsed_args, lambda api: [one["id"] for one in api.get(path)["exhibits"]])


def _asked(options: argparse.Namespace, ask: Callable[[Api], list[str]]) -> list[str]:
    """Without login or connection the shell is told why, and offered nothing."""
    from argcomplete.io import warn

    from clients.cli.api import Api
    from clients.cli.outcomes import Failure
    from clients.cli.profiles import login

    try:
        found = login(options.url, options.token, options.profile, os.environ)
        with Api(found, options.lang, seconds=1.5) as api:
            return ask(api)
    except Failure as failure:
        warn(failure.words.say(options.lang))
        return []

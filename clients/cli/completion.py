"""Shell completion: the script for the shell, and the answers while a person types. Quiet when the server is away."""

from __future__ import annotations

import argparse
import os


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
    """The ids of the person's hearings; without login or connection the shell is told why, and offered none."""
    from argcomplete.io import warn

    from clients.cli.api import Api
    from clients.cli.outcomes import Failure
    from clients.cli.profiles import login

    try:
        found = login(parsed_args.url, parsed_args.token, parsed_args.profile, os.environ)
        with Api(found, parsed_args.lang, seconds=1.5) as api:
            return [one["id"] for one in api.get("/api/hearings")["hearings"]]
    except Failure as failure:
        warn(failure.words.say(parsed_args.lang))
        return []

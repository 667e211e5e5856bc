"""Owns which steps each command needs, and that only one set-up works on a checkout at a time."""

import fcntl
import os
from collections.abc import Callable, Sequence

from setup import debian, environment, fonts, node, page
from setup.paths import BENCH, INTEROP, ROOT, WEB


def for_run() -> None:
    environment.make()
    environment.install("requirements.lock")
    node.provide()
    fonts.provide()
    page.build()


def for_check() -> None:
    for_run()
    environment.install("requirements-dev.lock")
    node.install(WEB)
    node.install(INTEROP)


def for_test() -> None:
    for_check()
    debian.need(debian.TEST_PACKAGES)


def for_bench() -> None:
    for_run()
    node.install(BENCH)


COMMANDS: dict[str, Callable[[], None]] = {"run": for_run, "check": for_check, "test": for_test, "bench": for_bench}


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: bootstrap.py {'|'.join(COMMANDS)}")
        return 2
    checkout = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(checkout, fcntl.LOCK_EX)
    COMMANDS[arguments[0]]()
    return 0

"""How far a transfer has come, on the terminal's error stream; silent for scripts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clients.cli.outcomes import Words
from clients.cli.output import Output

if TYPE_CHECKING:
    from rich.progress import Progress

Moved = Callable[[int], None]  # how much of the whole is done


@contextmanager
def progress(out: Output) -> Iterator[Callable[[Words, int], Moved]]:
    """Gives `bar(words, whole)`, each a line of its own; what it returns is told how far it is."""
    if out.as_json or not sys.stderr.isatty():
        yield lambda _words, _whole: lambda _done: None
        return
    with _drawn() as drawn:

        def bar(words: Words, whole: int) -> Moved:
            task = drawn.add_task(words.say(out.lang), total=whole or None)
            return lambda done: drawn.update(task, completed=done)

        yield bar


def _drawn() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=Console(stderr=True))

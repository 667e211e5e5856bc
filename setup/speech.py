"""Owns what the set-up says to the person who started it, in Chinese and in English. Never decides anything."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, STDOUT


def say(chinese: str, english: str) -> None:
    print(f"{chinese}  {english}", file=sys.stderr, flush=True)


def fail(chinese: str, english: str) -> SystemExit:
    """The end of the set-up, to be raised: one sentence in each language, exit status 1."""
    say(chinese, english)
    return SystemExit(1)


def run(
    command: Sequence[str | Path],
    chinese: str,
    english: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Runs a command silently; when it fails, shows all it printed and ends the set-up with the sentence given."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT, cwd=cwd, env=env)
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
        raise fail(chinese, english)

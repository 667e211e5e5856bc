"""Owns `make check`: every formatter, linter, type checker and import rule, each named with its result.

Never changes a file.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from setup.paths import BIN, INTEROP, ROOT, WEB

PYRIGHT = INTEROP / "node_modules" / "pyright" / "index.js"
TSC = WEB / "node_modules" / "typescript" / "bin" / "tsc"

CHECKS: dict[str, Sequence[str | Path]] = {
    "format (ruff)": [BIN / "ruff", "format", "--check", "."],
    "lint (ruff)": [BIN / "ruff", "check", "."],
    "types (pyright)": [BIN / "node", PYRIGHT],
    "imports (import-linter)": [BIN / "lint-imports"],
    "page types (tsc)": [BIN / "node", TSC, "--noEmit", "-p", WEB],
}


def passes(name: str, command: Sequence[str | Path]) -> bool:
    """Runs one check and says how it went; what it printed is shown only when it failed."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"check: {name}: {verdict} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


def main() -> int:
    results = [passes(name, command) for name, command in CHECKS.items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

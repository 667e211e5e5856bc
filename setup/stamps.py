"""Owns the knowledge of what is already done: one stamp a step, holding a digest of all that the step was made from.

A stamp is written last and in one move, so an interrupted step counts as not done.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SKIPPED = {"node_modules", "dist", "__pycache__"}


def digest(*parts: str | Path) -> str:
    """SHA-256 over strings and files (a folder: each file in it with its name)."""
    total = hashlib.sha256()
    for part in parts:
        for name, content in _contents(part):
            total.update(f"{len(name)}:{len(content)}:{name}".encode() + content)
    return total.hexdigest()


def _contents(part: str | Path) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, str):
        yield part, b""
    elif part.is_dir():
        yield from ((str(file.relative_to(part)), file.read_bytes()) for file in files(part))
    else:
        yield part.name, part.read_bytes()


def files(folder: Path) -> Iterator[Path]:
    """Source files below a folder in a fixed order, without what tools have put there."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        yield from (Path(where, name) for name in sorted(names) if not name.startswith("."))


def is_done(stamp: Path, wanted: str, products: Iterable[Path] = ()) -> bool:
    """Whether the step was finished with this digest and its products are still there."""
    try:
        return stamp.read_text() == wanted and all(product.exists() for product in products)
    except FileNotFoundError:
        return False


def mark(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = stamp.with_name(stamp.name + ".new")
    fresh.write_text(value)
    fresh.replace(stamp)

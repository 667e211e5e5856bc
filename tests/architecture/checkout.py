"""What the architecture tests look at: the checkout's own files and the functions in them. Never runs any of it."""

import ast
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "node_modules", "dist", "var", "__pycache__"}
CODE = {".py", ".ts", ".tsx", ".css", ".mjs", ".js"}
PACKAGES = ("crdt_docs", "server", "media", "clients/cli", "setup", "bench", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> list[Path]:
    """All files of the checkout that git knows or would take; without git, all that no command has made."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
        return [path for name in listed if name and (path := ROOT / name).is_file()]
    return list(_walk())


def _walk() -> Iterator[Path]:
    for where, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE]
        yield from (Path(where, name) for name in names)


def code() -> list[Path]:
    """Source files that people write (no locks, no fixtures)."""
    return [path for path in files() if path.suffix in CODE and "fixtures" not in path.parts]


def python(package: str = "") -> list[Path]:
    return [path for path in code() if path.suffix == ".py" and path.is_relative_to(ROOT / package)]


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file that is UTF-8 text, with its text."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8", "replace")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(module: ast.Module) -> list[Function]:
    return [node for node in ast.walk(module) if isinstance(node, Function)]


def body_length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: what has to be understood."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def median_length(modules: Iterable[ast.Module]) -> float:
    lengths = [body_length(function) for module in modules for function in functions(module)]
    return statistics.median(lengths) if lengths else 0


def strings(node: ast.AST) -> Iterator[str]:
    """Every string constant below a node."""
    yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))

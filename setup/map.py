"""Owns the map in ARCHITECTURE.md: each module with the first sentence of its docstring. Run `python -m setup.map`.

Never touches the text around the tables.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from setup.paths import ROOT
from setup.stamps import files

PLAN = ROOT / "ARCHITECTURE.md"
PARTS = {
    "documents": "crdt_docs",
    "server": "server",
    "media": "media",
    "cli": "clients/cli",
    "setup": "setup",
    "bench": "bench",
}
LONGEST = 130  # characters of a sentence; a longer one is cut at its first pause


def modules(package: str) -> Iterator[Path]:
    """A package's modules, folder by folder, each folder's own docstring first; migrations are not on the map."""
    found = [path for path in files(ROOT / package) if path.suffix == ".py" and "versions" not in path.parts]
    yield from sorted(found, key=lambda path: (path.parent.as_posix(), path.name != "__init__.py", path.name))


def sentence(docstring: str) -> str:
    """The first sentence of a docstring, short enough for a table."""
    words = " ".join(docstring.split("\n\n")[0].split())
    first = re.split(r"(?<!e\.g)\.(?:\s|$)", words)[0].removeprefix("Owns ")
    for pause in ("; ", ": "):
        if len(first) > LONGEST:
            first = first.split(pause)[0]
    return first.replace("|", "\\|")


def table(package: str) -> str:
    rows = ["| module | what it owns |", "|---|---|"]
    for path in modules(package):
        name = path.relative_to(ROOT).as_posix().removesuffix("__init__.py")
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        rows.append(f"| `{name}` | {sentence(docstring)} |")
    return "\n".join(rows)


def drawn(plan: str) -> str:
    """The text with every table made anew."""
    for mark, package in PARTS.items():
        inside = re.compile(f"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
        rows = table(package)
        plan = inside.sub(lambda found, rows=rows: f"{found[1]}{rows}\n{found[2]}", plan)
    return plan


if __name__ == "__main__":
    PLAN.write_text(drawn(PLAN.read_text(encoding="utf-8")), encoding="utf-8")

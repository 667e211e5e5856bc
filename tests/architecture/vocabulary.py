"""What the program can say and be told, taken from its source: settings, messages, codes.

Never starts a server.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.checkout import ROOT, python, strings, tree

CONTROL = [
    *ROOT.glob("server/control*.py"),
    ROOT / "server" / "endpoints" / "control.py",
    ROOT / "server/evidence/views.py",
    ROOT / "server/recording/views.py",
    ROOT / "server/extracts.py",
]
NOTICES = [*ROOT.glob("server/sync/*.py")]
SETTING = re.compile(r"YUNTING_[A-Z][A-Z_]*[A-Z]")
WORD = re.compile(r"[a-z][a-z_]*")


def settings(modules: Iterable[Path]) -> set[str]:
    """Names of environment variables in any string of these modules, help texts included."""
    return {name for path in modules for text in strings(tree(path)) for name in SETTING.findall(text)}


def message_types(module: ast.Module) -> set[str]:
    """Values of "type" in object displays, and strings that a message's "type" is compared with or looked up by."""
    made = {
        value.value
        for node in ast.walk(module)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "type" and isinstance(value, ast.Constant)
    }
    return {text for text in made | _read_types(module) if isinstance(text, str)}


def _read_types(module: ast.Module) -> set[object]:
    """Capitalised words that are compared with something or are the keys of a table: how messages are told apart."""
    compared = (part for node in ast.walk(module) if isinstance(node, ast.Compare) for part in node.comparators)
    keys = (key for node in ast.walk(module) if isinstance(node, ast.Dict) for key in node.keys if key)
    words = {part.value for part in [*compared, *keys] if isinstance(part, ast.Constant)}
    return {word for word in words if isinstance(word, str) and re.fullmatch(r"(?:[A-Z][a-z]+)+", word)}


def closings(module: ast.Module) -> Iterator[tuple[int, str | None]]:
    """(code, reason) wherever a close code stands beside its reason: in a call of `close`, a pair, a table."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call | ast.Tuple):
            yield from _pair(node.args if isinstance(node, ast.Call) else node.elts)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                yield from _pair([part for part in (value, key) if part])


def _pair(parts: list[ast.expr]) -> Iterator[tuple[int, str | None]]:
    values = [part.value if isinstance(part, ast.Constant) else None for part in parts[:2]]
    if values and isinstance(values[0], int) and _is_close_code(values[0]):
        reason = values[1] if len(values) > 1 else None
        yield values[0], reason if isinstance(reason, str) else None


def _is_close_code(number: int) -> bool:
    return 1_000 < number < 1_016 or 4_400 <= number < 4_500


def server_closings() -> set[tuple[int, str]]:
    """Every (code, reason) in the server's source."""
    found = {pair for path in python("server") for pair in closings(tree(path))}
    return {(code, reason) for code, reason in found if reason and WORD.fullmatch(reason)}


def gate_codes() -> set[str]:
    """Codes with which the gate refuses, from the Literal that names them."""
    module = tree(ROOT / "crdt_docs" / "verdicts.py")
    literal = next(node for node in module.body if isinstance(node, ast.Assign) and _names(node) == ["Code"])
    return set(strings(literal))


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def websocket_paths() -> set[str]:
    """Paths that the application compares an upgrade's path with."""
    found = set(strings(tree(ROOT / "server" / "app.py")))
    return {text for text in found if re.fullmatch(r"/[a-z]+/?", text)}


def tables(markdown: str) -> Iterator[list[str]]:
    """The cells of each row of each table."""
    for line in markdown.splitlines():
        if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def section(markdown: str, number: str) -> str:
    """The text under a numbered heading, up to the next one of the same or a higher level."""
    level = "#" * (2 + number.count("."))
    found = re.search(rf"^{level} {re.escape(number)}\.? .*?(?=^#{{2,{len(level)}}} |\Z)", markdown, re.M | re.S)
    assert found is not None, f"no section {number}"
    return found[0]


def quoted(text: str) -> set[str]:
    """Everything in backticks, blocks of code left out."""
    return set(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)))


def first_cells(markdown: str) -> set[str]:
    """What stands in backticks in the first cell of each row."""
    return {name for row in tables(markdown) for name in quoted(row[0])}

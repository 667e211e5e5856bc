"""Files and functions stay small, and each module says what it owns."""

import ast
from pathlib import Path

import pytest

from tests.architecture.checkout import (
    CODE,
    PACKAGES,
    body_length,
    code,
    functions,
    median_length,
    name_of,
    python,
    tree,
)

LONGEST_FILE = 400
LONGEST_MEDIAN = 10


def too_long(path: Path) -> str | None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    return f"{path}: {lines} lines" if lines > LONGEST_FILE else None


def test_no_file_is_longer_than_400_lines() -> None:
    assert [found for path in code() if (found := too_long(path))] == []


@pytest.mark.parametrize("suffix", sorted(CODE))
def test_a_file_of_401_lines_would_be_found(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"long{suffix}"
    path.write_text("\n" * LONGEST_FILE)
    assert too_long(path) is None
    path.write_text("\n" * (LONGEST_FILE + 1))
    assert too_long(path) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_the_median_function_has_at_most_10_lines(package: str) -> None:
    assert median_length(map(tree, python(package))) <= LONGEST_MEDIAN


def test_function_lengths_leave_the_docstring_out() -> None:
    module = ast.parse('def f():\n    """One\n\n    two.\n    """\n    a = 1\n    return a\n')
    assert [body_length(function) for function in functions(module)] == [3]


def test_every_module_opens_with_a_docstring() -> None:
    assert [name_of(path) for path in python() if not ast.get_docstring(tree(path))] == []


def test_a_module_without_a_docstring_would_be_found() -> None:
    assert not ast.get_docstring(ast.parse("x = 1"))

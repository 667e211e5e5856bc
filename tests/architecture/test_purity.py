"""What import rules cannot see: pure packages touch no clock or disk, and the environment is read in one place."""

import ast
import re
import tomllib

import pytest

from tests.architecture.checkout import ROOT, name_of, python, tree

PURE = ("crdt_docs", "server/hearing")
CLOCKS_AND_DISKS = {"now", "utcnow", "today"}
ENVIRONMENT_READERS = {"server/settings.py"}


def impure_calls(module: ast.Module) -> list[str]:
    """Calls that ask a clock or open a file."""
    calls = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    attributes = [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS_AND_DISKS]
    names = [call.id for call in calls if isinstance(call, ast.Name) and call.id in {"open", "input", "print"}]
    return attributes + names


def reads_environment(module: ast.Module) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} for node in ast.walk(module))


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_ask_no_clock_and_open_no_file(package: str) -> None:
    modules = python(package)
    assert modules
    assert {name_of(path): found for path in modules if (found := impure_calls(tree(path)))} == {}


def test_only_settings_reads_the_environment() -> None:
    readers = {name_of(path) for path in python("server") if reads_environment(tree(path))}
    assert readers == ENVIRONMENT_READERS


@pytest.mark.parametrize("line", ["datetime.now(UTC)", "open('x')", "date.today()"])
def test_an_impure_call_would_be_found(line: str) -> None:
    assert impure_calls(ast.parse(line))


def test_a_reader_of_the_environment_would_be_found() -> None:
    assert reads_environment(ast.parse("os.environ['X']"))


def test_make_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == phony


def test_types_are_checked_strictly_where_that_is_promised() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
    assert set(PURE) <= set(settings["strict"])
    page = (ROOT / "clients" / "web" / "tsconfig.json").read_text(encoding="utf-8")
    assert re.search(r'"strict":\s*true', page)

"""Tests do not pretend: what is skipped says that it was not run, and no failure is swallowed."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.checkout import ROOT, name_of, python, tree

NOT_RUN = "not run: "
SILENT = (ast.Pass, ast.Continue)


def skips(module: ast.Module) -> Iterator[str]:
    """The reason of every pytest.skip and skipif, as far as it can be read; a name stands for its own value."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "skip" in node.func.attr:
            spoken = [word.value for word in node.keywords if word.arg == "reason"] or node.args[:1]
            yield _beginning(spoken[0]) if spoken else ""


def _beginning(reason: ast.expr) -> str:
    if isinstance(reason, ast.JoinedStr):
        reason = reason.values[0]
    if isinstance(reason, ast.Name):
        return _constants().get(reason.id, "")
    return str(reason.value) if isinstance(reason, ast.Constant) else ""


@cache
def _constants() -> dict[str, str]:
    """Module-level names of the tests that stand for a text."""
    assigned = (node for path in python("tests") for node in tree(path).body if isinstance(node, ast.Assign))
    return {
        target.id: node.value.value
        for node in assigned
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def swallowed(module: ast.Module) -> Iterator[int]:
    """Lines of handlers that catch everything and do nothing."""
    for node in ast.walk(module):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and isinstance(node.body[0], SILENT):
            yield node.lineno


def _catches_all(caught: ast.expr | None) -> bool:
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def test_what_is_skipped_says_that_it_was_not_run() -> None:
    found = {name_of(path): [reason for reason in skips(tree(path))] for path in python("tests")}
    assert {name: reasons for name, reasons in found.items() if any(not r.startswith(NOT_RUN) for r in reasons)} == {}


def test_no_failure_is_swallowed() -> None:
    assert {name_of(path): lines for path in python() if (lines := list(swallowed(tree(path))))} == {}


def test_a_skip_without_a_word_and_a_swallowed_failure_would_be_found() -> None:
    assert list(skips(ast.parse("pytest.skip('later')"))) == ["later"]
    assert list(skips(ast.parse("pytest.skip(f'not run: {x}')"))) == [NOT_RUN]
    assert list(skips(ast.parse("pytest.mark.skipif(True, reason='not run: no root')"))) == ["not run: no root"]
    assert list(swallowed(ast.parse("try:\n    f()\nexcept Exception:\n    pass\n"))) == [3]
    assert not list(swallowed(ast.parse("try:\n    f()\nexcept KeyError:\n    pass\n")))


def test_every_stage_of_the_tests_is_there() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make test")

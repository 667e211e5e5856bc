"""Modules are named after what they own, by the nouns of the field."""

from pathlib import PurePath

import pytest

from tests.architecture.checkout import ROOT, code, name_of

EMPTY_WORDS = {
    "util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers", "data", "info", "process",
    "common", "misc",
}  # fmt: skip


def empty_words(path: PurePath) -> set[str]:
    """Words in a path that say nothing about what lies there."""
    parts = [part.split(".")[0] for part in path.parts]
    return EMPTY_WORDS & {word.lower() for part in parts for word in part.replace("-", "_").split("_")}


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    assert {name_of(path): found for path in code() if (found := empty_words(path.relative_to(ROOT)))} == {}


@pytest.mark.parametrize("name", ["server/utils.py", "server/room_manager.py", "clients/web/src/info/page.tsx"])
def test_an_empty_name_would_be_found(name: str) -> None:
    assert empty_words(PurePath(name))

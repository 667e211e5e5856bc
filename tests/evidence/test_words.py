"""Everything that intake can say stands in PROTOCOL, and in words for people in both languages."""

import re

import pytest

from server.evidence.verdicts import REFUSALS, WARNINGS
from tests.architecture.checkout import ROOT
from tests.architecture.vocabulary import section

PROTOCOL = section((ROOT / "PROTOCOL.md").read_text("utf-8"), "3.1")


def codes(heading: str) -> set[str]:
    """First cells of the table with this heading."""
    table = re.search(rf"^\| {heading} \|.*?\n\n", PROTOCOL + "\n\n", re.MULTILINE | re.DOTALL)
    assert table is not None
    return set(re.findall(r"^\| `([a-z_]+)` \|", table[0], re.MULTILINE))


def test_every_refusal_and_every_warning_is_described_and_no_other() -> None:
    assert codes("`intake` code") == set(REFUSALS)
    assert codes("warning") == set(WARNINGS)


@pytest.mark.parametrize("table", [REFUSALS, WARNINGS], ids=["refusals", "warnings"])
def test_each_is_a_sentence_in_both_languages(table: dict[str, object]) -> None:
    for sentence in table.values():
        assert re.search("[\u4e00-\u9fff].*。$", sentence.zh) and re.search(r"^[A-Z].*\.$", sentence.en)

"""What blocks a freeze, what is only pointed at, and what never may be in the way."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.signing.lint import IN_LABEL, Finding, lint
from crdt_docs.transcript import blocks
from tests.crdt_docs.signing.digest_cases import AT, sample


def block(text: str, turn: str = "t1", role: str = "审", **runs: Any) -> dict[str, Any]:
    whole = {"id": turn, "kind": "speech", "speaker": "", "role": role, "at": AT, "origin": ""}
    return {**whole, "runs": runs.get("runs", [{"text": text}])}


def codes(text: str) -> list[tuple[str, bool]]:
    return [(finding.code, finding.blocks) for finding in lint([block(text)])]


BLOCKING = {
    "bidi": ("\u202e", "\u2066", "\u200f", "\u061c"),
    "zero_width": ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u2063", "\ufff9"),
    "tag": ("\U000e0001", "\U000e0041", "\U000e007f"),
    "private_use": ("\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"),
    "unassigned": ("\u0378", "\uffff", "\U0002ffff", "\U0003fffe", "\U000e0fff", "\ud800"),
    "replacement": ("\ufffd", "\ufffc"),
    "control": ("\x00", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"),
}


@pytest.mark.parametrize(("code", "signs"), BLOCKING.items(), ids=BLOCKING)
def test_signs_that_hide_or_mislead_block(code: str, signs: tuple[str, ...]) -> None:
    for sign in signs:
        assert lint([block(f"甲{sign}乙")]) == (Finding(code, True, "t1", 1, ord(sign)),), hex(ord(sign))


RARE = (
    "𪩪\U0002a6a5𠮷", "\U000323b0\U000323af\U0002ebf0\U00033479", "你好，世界！“引号”——……《》①②㈠", "\u00a0\u3000 ",
    "e\u0301 ñ ü ö", "😀🇨🇳🧑🏿", "A股 B2B Δ甲",
    "\U0001faea", "مرحبا \u0600", "한국어 日本語 カタカナ ไทย", "±≠√∑µΩ", "龘\u9fff\u4dbf",
)  # fmt: skip


@pytest.mark.parametrize("text", RARE)
def test_rare_names_and_the_signs_of_other_languages_are_not_in_the_way(text: str) -> None:
    assert lint([block(text)]) == ()


@pytest.mark.parametrize("sign", ["\ufe0f", "\U000e0100", "\U000e01ef", "\u180b"])
def test_variations_are_pointed_at(sign: str) -> None:
    assert codes(f"葛{sign}") == [("variation", False)]


def test_emoji_that_are_joined_block_by_their_joiner() -> None:
    """A joiner is invisible wherever it stands; a single emoji never blocks."""
    assert codes("👨\u200d👩") == [("zero_width", True)]
    assert codes("👨👩") == []


@pytest.mark.parametrize(("text", "at"), [("pаypal", 1), ("Αbc", 1), ("甲аb乙", 2), ("x\u0301у", 2), ("аБΩ", 2)])
def test_letters_of_two_scripts_in_one_word_are_pointed_at(text: str, at: int) -> None:
    found = lint([block(text)])
    assert (found[0].code, found[0].blocks, found[0].at) == ("mixed_scripts", False, at)


def test_a_word_in_each_script_is_nothing() -> None:
    assert codes("Москва and Αθήνα, в 3D") == []


def test_an_invisible_sign_does_not_part_a_word() -> None:
    assert codes("a\u200bа") == [("zero_width", True), ("mixed_scripts", False)]


def test_what_is_plain_is_looked_at_sign_by_sign_beside_another_one_and_is_nothing() -> None:
    plain = "".join(
        map(chr, (*range(0x20, 0x7F), *range(0x3000, 0x3040), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F)))
    )
    assert codes(plain) == codes(plain + "é") == []


def test_places_count_code_points_of_the_whole_text() -> None:
    runs = [{"text": "𪩪甲", "bold": True}, {"text": "乙\u202e"}]
    assert lint([block("", runs=runs)]) == (Finding("bidi", True, "t1", 3, 0x202E),)


def test_labels_are_looked_at_too() -> None:
    assert lint([block("好", role="审\u202e")]) == (Finding("bidi", True, "t1", IN_LABEL, 0x202E),)


def test_ids_are_there_and_each_turns_own() -> None:
    found = lint([block("a", ""), block("b", "x"), block("c", "x"), block("d", "")])
    assert [(finding.code, finding.blocks, finding.turn) for finding in found] == [
        ("empty_id", True, ""),
        ("duplicate_id", True, "x"),
        ("empty_id", True, ""),
    ]


def test_the_sample_may_be_frozen() -> None:
    assert lint(blocks(sample())) == ()


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Lo")), max_size=30))
def test_what_is_drawn_never_blocks(text: str) -> None:
    assert [code for code, is_blocking in codes(text) if is_blocking and code != "replacement"] == []


@given(st.text(st.characters(categories=("Cc", "Cf", "Co", "Cs")), min_size=1, max_size=1))
def test_what_is_not_drawn_blocks(sign: str) -> None:
    drawn = {"\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2", "\U000110bd", "\U000110cd"}
    if sign not in drawn and not "\u0600" <= sign <= "\u0605":
        assert codes(f"甲{sign}") and all(is_blocking for _, is_blocking in codes(f"甲{sign}")), unicodedata.name(
            sign, ""
        )

"""The map is drawn from the modules' own first sentences."""

from setup.map import PARTS, PLAN, drawn, sentence


def test_a_sentence_ends_at_its_full_stop_and_loses_its_owns() -> None:
    assert sentence("Owns bytes, e.g. frames.\nNever more.\n\nA second paragraph.") == "bytes, e.g. frames"


def test_a_long_sentence_is_cut_at_its_first_pause() -> None:
    assert sentence(f"Short; {'long ' * 40}") == "Short"


def test_only_what_stands_between_the_marks_is_drawn() -> None:
    plan = "before\n<!-- setup -->\nformer rows\n<!-- /setup -->\nafter\n"
    new = drawn(plan)
    assert new.startswith("before\n<!-- setup -->\n| module |")
    assert new.endswith("<!-- /setup -->\nafter\n")
    assert "`setup/map.py`" in new
    assert "former rows" not in new


def test_every_part_has_its_place_in_the_plan() -> None:
    plan = PLAN.read_text(encoding="utf-8")
    assert [mark for mark in PARTS if f"<!-- {mark} -->" not in plan or f"<!-- /{mark} -->" not in plan] == []

"""Medians, sums, the table and its place in the README."""

from pathlib import Path

from bench import table
from bench.rows import ROWS

TITLES = {"ours": "Ours", "theirs": "Theirs"}


def test_the_middle_of_rounds_is_the_median_of_each_number() -> None:
    rounds = [{"ms": {"p50": 3.0, "p99": 9}, "is_right": True}, {"ms": {"p50": 1.0, "p99": 7}, "is_right": True}]
    rounds.append({"ms": {"p50": 2.0, "p99": 100}, "is_right": False})
    assert table.middle(rounds) == {"ms": {"p50": 2.0, "p99": 9}, "is_right": False}


def test_a_figure_that_a_round_lacks_is_left_out_of_its_median() -> None:
    assert table.middle([{"p50": None}, {"p50": 4.0}, {"p50": 6.0}]) == {"p50": 5.0}
    assert table.middle([{"p50": None}, {"p50": None}]) == {"p50": None}


def test_losses_are_summed_so_that_one_round_without_any_hides_nothing() -> None:
    assert table.total([{"seen": 5, "seen_lost": 0}, {"seen": 7, "seen_lost": 2}]) == {"seen": 12, "seen_lost": 2}


def test_numbers_are_shown_with_no_more_digits_than_they_mean() -> None:
    assert [table.number(value) for value in (None, 0.034, 2.345, 23.45, 1234.5)] == [
        "–",
        "0.03",
        "2.35",
        "23.4",
        "1,234",
    ]


def test_the_table_shows_what_was_not_run_and_what_failed() -> None:
    medians = {"idle": {"ours": {"kb_per_connection": 14.62}}, "flat-out": {"ours": {"error": "gone"}}}
    text = table.markdown(TITLES, medians)
    assert "| kB per idle connection | 14.6 | – |" in text
    assert "| flat out, updates/s | failed | – |" in text
    assert "reconnect" not in text


def test_each_row_has_a_line_in_the_table_and_each_line_a_row() -> None:
    assert {row for _, row, _ in table.LINES} == {row.key for row in ROWS}


def test_the_table_replaces_only_what_stands_between_the_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n")
    assert table.write_into(readme, "new")
    assert readme.read_text() == "before\n<!-- bench -->\nnew\n<!-- /bench -->\nafter\n"


def test_a_file_without_markers_is_left_as_it_is(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no markers\n")
    assert not table.write_into(readme, "new")
    assert readme.read_text() == "no markers\n"

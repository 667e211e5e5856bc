"""The typeface of printed records: two weights and their licence are kept, and a server without it says so."""

from pathlib import Path

import pytest

from server.fonts import FontsMissing, code_points, fonts
from setup.fonts import thin


def package(folder: Path) -> Path:
    for name in ("400Regular", "700Bold", "900Black"):
        (folder / name).mkdir(parents=True)
        (folder / name / f"NotoSerifSC_{name}.ttf").write_bytes(b"font")
    (folder / "LICENSE_FONT").write_text("OFL")
    (folder / "index.js").write_text("")
    return folder


def test_only_the_two_printed_weights_and_the_licence_are_kept(tmp_path: Path) -> None:
    folder = package(tmp_path / "font")
    for _ in range(2):
        thin(folder)
        assert {path.name for path in folder.iterdir()} == {"400Regular", "700Bold", "LICENSE_FONT"}
    assert fonts(folder).bold.read_bytes() == b"font"


def test_missing_fonts_are_named_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match=r"make setup.*make setup"):
        fonts(tmp_path)


def test_the_installed_fonts_print_chinese() -> None:
    assert {ord(each) for each in "庭审笔录謇〔〕2026"} <= code_points(fonts().regular) & code_points(fonts().bold)

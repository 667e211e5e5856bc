"""Where the typeface of printed records lies (Noto Serif SC, SIL Open Font License); installed by the set-up, never
fetched by the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAMILY = "Noto Serif SC"
_PACKAGE = Path(__file__).parent / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"


class FontsMissing(RuntimeError):
    """The typeface is not installed: nothing can be printed, everything else works."""

    code = "fonts_missing"

    def __init__(self) -> None:
        super().__init__("the fonts are not installed: run `make setup`. 缺少打印字体，请运行 make setup。")


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two TrueType files."""

    regular: Path
    bold: Path


def fonts(package: Path = _PACKAGE) -> Fonts:
    """The files; raises FontsMissing."""
    found = Fonts(
        package / "400Regular" / "NotoSerifSC_400Regular.ttf",
        package / "700Bold" / "NotoSerifSC_700Bold.ttf",
    )
    if not (found.regular.is_file() and found.bold.is_file()):
        raise FontsMissing
    return found


@cache
def code_points(font: Path) -> frozenset[int]:
    """What a font can print; read once (0.2 s)."""
    from fontTools.ttLib import TTFont  # only printing needs it

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap() or {})

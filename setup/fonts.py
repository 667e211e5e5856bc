"""Owns the typeface of printed records: brought by npm into server/fonts, thinned to the two weights that are printed.

Needs no root and no font of the machine; a second run finds everything done.
"""

import shutil
from pathlib import Path

from setup import node
from setup.paths import FONTS

PACKAGE = FONTS / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
KEPT = {"400Regular", "700Bold", "LICENSE", "LICENSE_FONT", "package.json"}


def provide() -> None:
    node.install(FONTS)
    thin(PACKAGE)


def thin(package: Path) -> None:
    """Takes away the weights that nobody prints (90 MB); the licences stay."""
    for path in package.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

"""Pictures of every state of the page for docs/screenshots, taken on the walks of the access test when it is asked to:
`PICTURES=1 .venv/bin/python -m pytest tests/e2e/test_page_access.py`. Expects nothing of them."""

import os

from tests.e2e.looks import HEIGHT, WIDTH, dress
from tests.e2e.page import Page
from tests.e2e.states import DARK_ENGLISH, LARGE, PHONE, PHONE_LARGE, State
from tests.harness.node import ROOT

PICTURES = ROOT / "docs" / "screenshots"
ASKED = os.environ.get("PICTURES") == "1"
PHONE_WIDTH = 390
LOOKS: dict[str, dict[str, object]] = {
    PHONE: {"width": PHONE_WIDTH},
    PHONE_LARGE: {"width": PHONE_WIDTH, "text": 200},
    LARGE: {"text": 200},
    DARK_ENGLISH: {"language": "en", "theme": "dark"},
}


def file_names(name: str, state: State) -> list[str]:
    """The plain picture first."""
    return [f"{name}.png", *(f"{name}-{look}.png" for look in state.looks)]


def take_if_asked(page: Page, name: str, state: State) -> None:
    """The page is in its plain look, before and after."""
    if not ASKED:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    for file, look in zip(file_names(name, state), ({}, *(LOOKS[look] for look in state.looks)), strict=True):
        dress(page, **look)  # type: ignore[arg-type]
        page.do("shot", path=str(PICTURES / file))
    dress(page)
    assert page.value("innerWidth") == WIDTH and page.value("innerHeight") == HEIGHT

"""The pictures in docs/screenshots are those of the catalogue: none is missing, none is of a state that is no more."""

import re

from tests.e2e.page_pictures import PICTURES, file_names
from tests.e2e.states import FULL_DISK
from tests.e2e.walks import JOURNEYS
from tests.harness.node import ROOT

LARGEST = 150_000


def expected() -> set[str]:
    catalogues = [*(journey.states for journey in JOURNEYS.values()), FULL_DISK]
    return {file for states in catalogues for name, state in states.items() for file in file_names(name, state)}


def test_every_state_has_its_pictures_and_no_other_lies_there() -> None:
    assert {path.name for path in PICTURES.iterdir()} == expected()


def test_a_picture_is_no_larger_than_a_page_needs() -> None:
    assert {path.name: size for path in PICTURES.iterdir() if (size := path.stat().st_size) > LARGEST} == {}


def test_the_readme_shows_pictures_that_are_there() -> None:
    shown = re.findall(r"docs/screenshots/([\w-]+\.png)", (ROOT / "README.md").read_text("utf-8"))
    assert shown and set(shown) <= expected()

"""A page in all its looks: languages, colours, sizes of text, widths. It says what is wrong in them."""

import json
import os
from itertools import product
from zlib import crc32

from tests.e2e.page import Page
from tests.e2e.states import State

WIDTH, HEIGHT = 1280, 800
WIDTHS = (360, 768, 1280)
FEW_LOOKS = (
    ("zh", "light", 100, WIDTH),
    ("en", "dark", 200, WIDTHS[0]),
)
EVERY_LOOK = tuple(
    (language, theme, text, width)
    for language, theme, (text, width) in product(
        ("zh", "en"), ("light", "dark"), ((100, WIDTH), (200, WIDTH), (200, WIDTHS[0]))
    )
)
IS_LONG_FORM = bool(os.environ.get("EVERY_LOOK"))  # `python -m tests.soak looks`
# the other widths and sizes
FEW_SHAPES = (("en", 200, 768), ("zh", 200, WIDTHS[0]))
EVERY_SHAPE = tuple(product(("zh", "en"), (100, 200), WIDTHS))
SHAPES = EVERY_SHAPE if IS_LONG_FORM else FEW_SHAPES
# where every line of the record is looked at, and the size of everything that is pressed; most lines are alike, so
# elsewhere a few stand for all of them
WHOLE = ("hearings", "judge", "reader", "editor")
ALIKE = [".block:not(:last-child)", ".line:nth-last-child(n+8)"]

# what stands or scrolls further than the screen is wide; boxes that hide what runs over are left to the ellipsis
TOO_WIDE = """(() => {
  const wide = innerWidth + 1
  const isHidden = e => e.closest('.visually-hidden, .skip') || !e.checkVisibility()
  const scrolls = e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)
  const isOff = e => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.right > wide || r.left < -1) }
  const found = [...document.querySelectorAll('body, body *')].filter(e => !isHidden(e) && (scrolls(e) || isOff(e)))
  const root = document.documentElement
  const names = found.map(e => e.className || e.tagName)
  return [...(root.scrollWidth > root.clientWidth ? ['page'] : []), ...names].slice(0, 6)
})()"""


def looks_of(name: str) -> tuple[tuple[str, str, int, int], ...]:
    """In the short form every other state in the one look, the rest in the other; a few in both."""
    if IS_LONG_FORM:
        return EVERY_LOOK
    return FEW_LOOKS if name in WHOLE else (FEW_LOOKS[crc32(name.encode()) % 2],)


def dress(page: Page, *, language: str = "zh", theme: str = "light", text: int = 100, width: int = WIDTH) -> None:
    """Nothing is loaded anew: what is open stays open."""
    page.do("resize", width=width, height=HEIGHT)
    page.choose(language=language, theme=theme, text_size=str(text))


def axe(page: Page, name: str) -> list[str]:
    is_whole = name in WHOLE
    found = page.do("axe", limit=150, also=["target-size"] if is_whole else [], exclude=[] if is_whole else ALIKE)
    return [f"{one['id']}: {one['help']} {one['nodes'][:3]}" for one in found]


def faults(page: Page, name: str, state: State) -> list[str]:
    """Everything that is wrong with a state in any look, each with the look it was found in.

    The two looks of the short form differ in language, theme, size and width; the long form has all of them.
    """
    found = []
    for language, theme, text, width in looks_of(name):
        look = f"{name} {language} {theme} {text} % {width} px"
        dress(page, language=language, theme=theme, text=text, width=width)
        found += [f"{look}: {violation}" for violation in axe(page, name)]
        found += [f"{look}: {state.shows} is not there"] if not is_there(page, state) else []
        found += [f"{look}: too wide: {wide}" for wide in page.value(TOO_WIDE)]
    for language, text, width in SHAPES:
        dress(page, language=language, text=text, width=width)
        found += [f"{name} {language} {text} % {width} px: too wide: {wide}" for wide in page.value(TOO_WIDE)]
    dress(page)
    return found


def is_there(page: Page, state: State) -> bool:
    return page.value(f"!!document.querySelector({json.dumps(state.shows)})")

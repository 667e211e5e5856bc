"""A page in all its looks: languages, colours, sizes of text, widths. It says what is wrong in them."""

import json
from collections.abc import Iterator
from itertools import product

from tests.e2e.page import Page
from tests.e2e.states import State

WIDTH, HEIGHT = 1280, 800
WIDTHS = (360, 768, 1280)
CONTRAST = ["color-contrast"]
LOOKS = (
    ("zh", "light", 100, WIDTH, None),
    ("zh", "dark", 100, WIDTH, CONTRAST),
    ("en", "dark", 200, WIDTHS[0], None),
)
# most lines of the long record are alike: a few stand for all of them, except where the record itself is looked at
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


def dress(page: Page, *, language: str = "zh", theme: str = "light", text: int = 100, width: int = WIDTH) -> None:
    """Nothing is loaded anew: what is open stays open."""
    page.do("resize", width=width, height=HEIGHT)
    page.choose(language=language, theme=theme, text_size=str(text))


def axe(page: Page, is_whole: bool, rules: list[str] | None = None) -> list[str]:
    found = page.do("axe", rules=rules, exclude=[] if is_whole else ALIKE)
    return [f"{one['id']}: {one['help']} {one['nodes'][:3]}" for one in found]


def faults(page: Page, name: str, state: State) -> list[str]:
    """Everything that is wrong with a state in any look, each with the look it was found in.

    Two looks that differ in language, theme, size and width go through every rule; the colours of what is there on a
    wide screen only are looked at in the other theme as well.
    """
    is_whole = name in ("reader", "editor")
    found = []
    for language, theme, text, width, rules in LOOKS:
        dress(page, language=language, theme=theme, text=text, width=width)
        look = f"{name} {language} {theme} {text} % {width} px"
        found += [f"{look}: {violation}" for violation in axe(page, is_whole, rules)]
        found += [f"{look}: {state.shows} is not there"] if not is_there(page, state) else []
    found += [f"{name} {where}" for where in too_wide(page)]
    dress(page)
    return found


def is_there(page: Page, state: State) -> bool:
    return page.value(f"!!document.querySelector({json.dumps(state.shows)})")


def too_wide(page: Page) -> Iterator[str]:
    """In the longer language; the other one at the smallest width, where it may break differently."""
    in_chinese = [("zh", WIDTHS[0], text) for text in (100, 200)]
    for language, width, text in (*product(("en",), WIDTHS, (200, 100)), *in_chinese):
        dress(page, language=language, text=text, width=width)
        if wide := page.value(TOO_WIDE):
            yield f"{language} {width} px {text} %: {wide}"

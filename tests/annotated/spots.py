"""Points on and around the words of a line. It knows no page and no mark."""

from collections.abc import Iterator, Sequence
from itertools import product

from tests.annotated.readers import Point

Quad = Sequence[Sequence[float]]


def between(one: Sequence[float], other: Sequence[float], share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def inside(quad: Quad, steps: int = 24, low: float = 0.0, high: float = 1.0) -> Iterator[Point]:
    """Points all over a quad, along the line from `low` to `high` of it."""
    for along, across in product(range(steps + 1), range(5)):
        share = low + (high - low) * along / steps
        yield between(between(quad[0], quad[1], share), between(quad[2], quad[3], share), across / 4)


def beside(quad: Quad, shares: Sequence[float] = (-1.0, -0.1, 1.1, 2.0)) -> Iterator[Point]:
    """Points on the middles of the lines above and below, one em away, and a tenth of an em outside of each edge."""
    for along, across in product(range(5, 20), shares):
        share = along / 24
        yield between(between(quad[0], quad[1], share), between(quad[2], quad[3], share), across)

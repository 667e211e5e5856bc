"""Plane geometry for what a mark covers: corners are UL UR LL LR in reading direction."""

import math

from tests.evidence.corpus import Point, Quad


def along(quad: Quad) -> Point:
    """Unit vector in reading direction."""
    (x0, y0), (x1, y1) = quad[2], quad[3]
    length = math.hypot(x1 - x0, y1 - y0)
    return (x1 - x0) / length, (y1 - y0) / length


def reach(point: Point, start: Point, direction: Point) -> float:
    """How far a point lies from `start` in a direction."""
    return (point[0] - start[0]) * direction[0] + (point[1] - start[1]) * direction[1]


def holds(quad: Quad, point: Point, slack: float = 0.0) -> bool:
    """Whether a point lies in the quad, a parallelogram."""
    direction = along(quad)
    normal = (-direction[1], direction[0])
    high = reach(quad[0], quad[2], normal)
    wide = reach(quad[3], quad[2], direction)
    inward = reach(point, quad[2], direction), reach(point, quad[2], normal)
    return -slack <= inward[0] <= wide + slack and -slack <= inward[1] <= high + slack


def middle(quad: Quad) -> Point:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4

"""What others show by awareness while they draw: only what a page can draw under its person's name is taken."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.node import NodeClient
from tests.interop.page.test_line_figures import SCRIPT

STROKE = {"page": 0, "kind": "ink", "points": [1, 1, 2.5, 3], "color": "#0b5a5d", "width": 1.5}
USER = {"id": "p-1", "name": "周原"}


@pytest.fixture(scope="module")
def page() -> Iterator[NodeClient]:
    client = NodeClient(SCRIPT).start()
    yield client
    client.stop()


def state(user: object = USER, **values: object) -> dict[str, Any]:
    return {"user": user, "stroke": {**STROKE, **values}}


BROKEN = {
    "nothing": {},
    "no stroke": {"user": USER},
    "stroke ended": {"user": USER, "stroke": None},
    "stroke is a text": {"user": USER, "stroke": "ink"},
    "nobody": {"stroke": STROKE},
    "user is null": state(None),
    "no name": state({"id": "p-1"}),
    "no id": state({"name": "周原"}),
    "name is a number": state({"id": "p-1", "name": 7}),
    "page is no whole number": state(page=0.5),
    "page is a text": state(page="0"),
    "width is missing": state(width=None),
    "width is a text": state(width="1"),
    "colour is an address": state(color="url(https://example.org)"),
    "colour is missing": state(color=None),
    "points are a text": state(points="1,1"),
    "a point is null": state(points=[1, None]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_stroke_that_could_not_be_drawn_is_not_shown(page: NodeClient, name: str) -> None:
    assert page.ask("whole", states=[BROKEN[name], state()]) == [False, True]

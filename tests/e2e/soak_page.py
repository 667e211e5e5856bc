"""The page with a transcript of 3,000 turns: how soon it is open, and how long a key takes, another's and one's own.

`work` is the page's own time until its DOM and layout are done, `frame` until the frame that shows it was made.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.cli.terminal import COMMAND
from tests.e2e.editor_page import EditorPage
from tests.e2e.page import Browser, Page
from tests.harness.figures import keep
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess

TURNS = 3_000
KEYS = 100
SCRIPT = Path(__file__).with_name("page_speed.js").read_text("utf-8")
LAST = "[...document.querySelectorAll('.line')].at(-1).id.slice('turn-'.length)"
ONE_FRAME = 16.0  # ms


def fill(server: ServerProcess, home: Path) -> None:
    """As a clerk does who has them in a file."""
    hearing = server.demo.hearing
    words = "原告称，双方于二〇二三年三月签订买卖合同，约定总价款人民币四十二万元，被告至今尚有余款未付。"
    given = {"HOME": str(home), "YUNTING_URL": server.url, "YUNTING_TOKEN": hearing.clerk.token, "LANG": "C.UTF-8"}
    subprocess.run(
        [str(COMMAND), "append", hearing.id, "-", "--speaker", "原", "--role", "原告"],
        input="".join(f"第{n}条：{words}\n" for n in range(TURNS)),
        text=True,
        env={**os.environ, **given},
        check=True,
        capture_output=True,
    )


def opened(page: Page, server: ServerProcess) -> float:
    """ms from the navigation to the frame with all lines; the median of five."""
    page.enter(server.demo.hearing.id)
    address, times = page.do("url"), []
    for _ in range(5):
        page.go(address)
        page.wait("window.speed.opened")
        times.append(page.value("speed.opened"))
    page.wait_in_step()
    return round(median(times))


def figures(page: Page, kind: str, act: Callable[[int], None]) -> dict[str, float]:
    page.value(f"speed.{kind}.length = 0")
    for n in range(KEYS):
        act(n)
        page.wait(f"speed.{kind}.length > {n}")
    found = page.value(f"speed.{kind}")
    told = {}
    for what in ("work", "frame"):
        times = sorted(one[what] for one in found)
        told[f"{what}_p50_ms"] = round(median(times), 1)
        told[f"{what}_p95_ms"] = round(times[int(0.95 * len(times))], 1)
    return told


@pytest.mark.parametrize("role", ["clerk", "plaintiff"])
def test_three_thousand_turns(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient, tmp_path: Path, role: str
) -> None:
    hearing = fresh_server.demo.hearing
    fill(fresh_server, tmp_path)
    page = browser.log_in(hearing.person(role))
    page.do("before", script=SCRIPT)
    told: dict[str, object] = {"opened_ms": opened(page, fresh_server)}
    where = {"kind": "hocuspocus", "url": fresh_server.url, "document": hearing.transcript}
    node.ask("make", name="other", token=hearing.person("clerk", 1).token, **where)
    node.ask("wait", name="other", what="synced")
    last = page.value(LAST)
    remote = figures(page, "remote", lambda _: node.ask("type", name="other", turn=last, keys="字"))
    told["remote_key"] = remote
    own = None
    if role == "clerk":
        EditorPage(page).caret(last, 0)
        own = told["own_key"] = figures(page, "own", lambda _: page.do("type", text="a"))
    keep(f"page_{role}", told)
    assert told["opened_ms"] < 1_000
    assert remote["work_p50_ms"] <= ONE_FRAME
    assert own is None or own["work_p95_ms"] <= ONE_FRAME

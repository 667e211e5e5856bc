"""Pictures of the page for the README: `python -m tests.e2e.page_pictures` writes docs/screenshots."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import ROOT
from tests.harness.server import ServerProcess

PICTURES = ROOT / "docs" / "screenshots"


def enter(browser: Browser, hearing: DemoHearing, person: Person, **options: Any) -> Page:
    page = browser.log_in(person, **options)
    page.enter(hearing.id)
    page.wait("document.querySelector('.line, .empty, .waiting')")
    return page


def take(page: Page, name: str) -> None:
    """Once nothing moves: the lights are on and no banner about a connection stands."""
    page.do("shot", path=str(PICTURES / f"{name}.png"))


def in_session(browser: Browser, server: ServerProcess) -> None:
    hearing = server.demo.hearing
    others = [enter(browser, hearing, hearing.person(role)) for role in ("clerk", "plaintiff", "agent", "defendant")]
    judge = enter(browser, hearing, hearing.judge)
    judge.wait_in_step()
    take(browser_list(browser, hearing.judge), "hearings")
    take(judge, "courtroom")
    judge.press("休庭")
    judge.do("fill", label="原因", text="核对银行流水")
    take(judge, "confirmation")
    judge.press("取消")
    phone = enter(browser, hearing, hearing.person("agent", 1), width=390, height=780)
    phone.wait_in_step()
    take(phone, "phone")
    isolate_and_recess(server, hearing)
    others[-1].see("您已被隔离")
    take(others[-1], "isolated")
    dark = enter(browser, hearing, hearing.clerk, scheme="dark")
    dark.set_language("en")
    dark.wait_in_step()
    take(dark, "recess-dark-english")


def browser_list(browser: Browser, person: Person) -> Page:
    page = browser.log_in(person, height=520)
    page.wait("document.querySelectorAll('.hearing-row').length === 2")
    return page


def isolate_and_recess(server: ServerProcess, hearing: DemoHearing) -> None:
    token = hearing.judge.token
    defendant = hearing.person("defendant").id
    until = (datetime.now(UTC) + timedelta(minutes=30)).isoformat(timespec="seconds")
    server.command(token, hearing.id, "isolate", person=defendant, reason="画面外有人提示").raise_for_status()
    server.command(token, hearing.id, "recess", reason="核对银行流水", until=until).raise_for_status()


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        server = ServerProcess(Path(data)).start()
        browser = Browser()
        try:
            in_session(browser, server)
        finally:
            browser.stop()
            server.stop()


if __name__ == "__main__":
    main()

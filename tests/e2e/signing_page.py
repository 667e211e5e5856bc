"""People at the signing: a judge who starts it, signers on pages of their own. It expects nothing."""

import json
from dataclasses import dataclass

from crdt_docs.signing.content import Person as SignedPerson
from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.signing.signer import Signer, body

PHONE = {"width": 360, "height": 740}
SIGNED = ".signing .receipt"
PAD = ".pad-canvas"


@dataclass(frozen=True, slots=True)
class SigningRoom:
    """One hearing of one server, and a browser."""

    browser: Browser
    server: ServerProcess
    hearing: DemoHearing

    def enter(self, person: Person, *, intercept: bool = False, **options: object) -> Page:
        page = self.browser.open(**options)
        if intercept:
            page.do("intercept")
        page.go(person.link)
        page.wait("location.pathname === '/hearings'")
        page.enter(self.hearing.id)
        return page

    def command(self, name: str, by: Person | None = None, **fields: object) -> None:
        """From another device: by the judge unless it is another's."""
        token = (by or self.hearing.judge).token
        self.server.command(token, self.hearing.id, name, **fields).raise_for_status()

    def freeze(self, v: int = 1) -> None:
        """The judge starts the signing from another device; it is over when the version is fixed."""
        self.command("start_signing")
        self.wait_stage("SIGNING", v)

    def standing(self, person: Person | None = None) -> dict[str, object]:
        with self.server.http((person or self.hearing.judge).token) as http:
            return http.get(f"/api/hearings/{self.hearing.id}/signing").raise_for_status().json()

    def wait_stage(self, stage: str, v: int = 1) -> None:
        until_blocking(lambda: (self.standing()["stage"], self.standing()["v"]) == (stage, v), limit=60)

    def state_of(self, person: Person) -> str:
        signers = self.standing()["signers"]
        assert isinstance(signers, list)
        return next(each["state"] for each in signers if each["person"] == person.id)

    def sign_elsewhere(self, person: Person) -> None:
        """With a key in a file, over what the server says: as another client does it."""
        signer = Signer(SignedPerson(person.id, person.role, person.name))
        path = f"/api/hearings/{self.hearing.id}/signing"
        with self.server.http(person.token) as http:
            http.post(f"{path}/keys", json={"jwk": signer.jwk}).raise_for_status()
            http.post(f"{path}/code").raise_for_status()
            said = signer.statement(self.hearing.id, self.standing(person))
            given = body(signer.envelope(said), self.last_code(person))
            http.post(f"{path}/signatures", json=given).raise_for_status()

    def last_code(self, person: Person) -> str:
        """Of the messages that would have gone to this person's phone."""
        outbox = self.server.data / "outbox.jsonl"
        lines = outbox.read_text("utf-8").splitlines() if outbox.exists() else []
        codes = [line["code"] for line in map(json.loads, lines) if line["person"] == person.id]
        return codes[-1] if codes else ""


def read_on(page: Page) -> None:
    """From the text to the form, through the check."""
    page.wait_for(".signing .line")
    page.press("读完了，下一步")
    page.see("核对无误，可以签名")
    page.press("下一步：签名")
    page.wait_for(PAD)


def confirm(page: Page) -> None:
    """The question on the screen is answered with yes."""
    page.do("click", selector="dialog[open] [type=submit]")
    page.wait("!document.querySelector('dialog')")


def draw(page: Page) -> None:
    page.do("drag", selector=PAD, right=120)
    page.wait("!document.querySelector('.pad-hint')")


def enter_code(room: SigningRoom, page: Page, person: Person) -> None:
    before = room.last_code(person)
    page.press("发送验证码")
    page.see("验证码已发到您预留的手机")
    until_blocking(lambda: room.last_code(person) not in ("", before))
    page.do("fill", label="验证码", text=room.last_code(person))


def sign(room: SigningRoom, page: Page, person: Person) -> None:
    read_on(page)
    draw(page)
    enter_code(room, page, person)
    page.press("确认签名")
    page.wait_for(SIGNED)

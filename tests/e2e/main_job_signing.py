"""The main job at the end: the transcript is signed by those who were there, and the record checked without a server.

Owns what signers do on their pages and in their terminals; the course of the hearing is the test's.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

from crdt_docs.signing import verify
from tests.cli.terminal import LONG, Terminal
from tests.e2e.exhibit_page import ExhibitPage
from tests.e2e.page import Page
from tests.e2e.signing_page import PHONE, SIGNED, SigningRoom, confirm, sign
from tests.harness.demo import Person
from tests.harness.waiting import until_blocking

CHANGES = 500


class Signing:
    """`computer` and `phone`: the pages of both parties, open since the hearing."""

    def __init__(self, room: SigningRoom, home: Path, computer: ExhibitPage, phone: ExhibitPage, judge: Page) -> None:
        self.room, self.home = room, home
        self.computer, self.phone, self.judge = computer.page, phone.page, judge
        self.people = room.hearing

    def start(self, v: int) -> None:
        """The judge's button; the freeze takes place by itself."""
        self.judge.wait_in_step()
        self.judge.press("其他指令")
        self.judge.press("发起签名")
        self.judge.press("确认发起签名")
        self.room.wait_stage("SIGNING", v)

    def first_version(self) -> None:
        """Two sign; the defendant asks for a correction, which the judge grants."""
        sign(self.room, self.computer, self.people.person("plaintiff"))
        self.sign_in_terminal(self.people.person("agent"))
        self.phone.wait_for(".signing .line")
        self.phone.press("申请补正")
        self.phone.do("choose", label="哪一条", option={"index": 5})
        self.phone.do("fill", label="理由 必填", text="还款应为两笔")
        confirm(self.phone)
        self.judge.press("签名情况")
        self.judge.see("还款应为两笔")
        self.judge.press("准许")
        confirm(self.judge)
        self.phone.see("笔录正在补正（第 2 版）")
        self.room.wait_stage("DRAFT", 2)

    def second_version(self) -> None:
        """Everybody signs anew: five on pages, two in a terminal; the server is killed in between."""
        people = self.people
        for page in (self.computer, self.phone):
            page.see("与第 1 版相比的改动")
        sign(self.room, self.computer, people.person("plaintiff"))
        self.sign_in_terminal(people.person("agent"))
        self.room.server.restart()
        sign(self.room, self.phone, people.person("defendant"))
        witness = self.room.enter(people.person("witness"), **PHONE)
        sign(self.room, witness, people.person("witness"))
        clerk = self.room.enter(people.person("clerk", 1))
        for page, person in ((self.judge, people.judge), (clerk, people.person("clerk", 1))):
            self.sign_as_court(page, person)
        self.sign_in_terminal(people.clerk)
        self.computer.wait_for(SIGNED)

    def sign_as_court(self, page: Page, person: Person) -> None:
        """Behind the board, where the court looks first."""
        if not page.value("!!document.querySelector('.signing')"):
            page.press("签名情况")
        page.wait_for(".signing-views")
        page.press("我的签名", role="radio")
        sign(self.room, page, person)

    def refused(self) -> None:
        """The last one will not sign: the clerk notes it, the judge confirms it, and the signing is settled."""
        person = self.people.person("agent", 1)
        terminal = Terminal(self.home, url=self.room.server.url, token=self.people.clerk.token)
        about = ("--person", person.id, "--code", "disagrees", "--reason", "认为笔录未记全其意见")
        terminal.json("control", self.people.id, "record_refusal", *about)
        self.room.command("confirm_refusal", person=person.id)
        self.room.wait_stage("SETTLED", 2)

    def sign_in_terminal(self, person: Person) -> None:
        """`yunting sign` with a key of one's own; the code is typed as it comes."""
        home = self.home / person.id
        home.mkdir(exist_ok=True)
        sent = self.room.last_code(person)
        terminal = Terminal(home, url=self.room.server.url, token=person.token)
        files = ("--key", str(home / "key.pem"), "-o", str(home / "receipt.json"))
        running = terminal.start("sign", self.people.id, *files)
        try:
            until_blocking(lambda: self.room.last_code(person) not in ("", sent) or running.process.poll() is not None)
            running.type(self.room.last_code(person) + "\n")
            assert running.wait(LONG) == 0, running.noise
        finally:
            running.stop()

    def receipt_of(self, person: Person) -> Path:
        return self.home / person.id / "receipt.json"

    def bundle(self) -> Path:
        terminal = Terminal(self.home, url=self.room.server.url, token=self.people.judge.token)
        made = self.home / "hearing.zip"
        terminal.json("export", self.people.id, "-o", str(made))
        return made

    def court_key(self) -> str:
        return str(self.room.standing()["court_key"])


def verified(bundle: Path, court_key: str, receipt: Path, home: Path) -> dict[str, Any]:
    """By the command, where there is no server and, as root, no network at all."""
    alone = ["unshare", "--net"] if os.geteuid() == 0 else []
    terminal = Terminal(home)
    command = [*alone, "yunting", "verify", str(bundle), "--court-key", court_key, "--receipt", str(receipt), "--json"]
    environment = terminal.environment()
    environment["PATH"] = f"{Path(__file__).resolve().parents[2] / '.venv' / 'bin'}:{environment['PATH']}"
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=LONG, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def every_change_is_reported(bundle: bytes, court_key: str) -> None:
    """One byte at a time, anywhere in the file."""
    chance = random.Random(2617)
    for _ in range(CHANGES):
        at = chance.randrange(len(bundle))
        changed = bytearray(bundle)
        changed[at] ^= chance.randrange(1, 256)
        fault = verify.first_fault(bytes(changed), court_key=court_key)
        assert fault is not None and fault.findings, f"byte {at} changed and nobody noticed"

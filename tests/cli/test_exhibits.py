"""`yunting exhibit` and `yunting annotate` against a real server: what they print and write, and their exit status."""

import asyncio
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from clients.cli import times
from tests.cli.terminal import COMMAND, Terminal
from tests.harness.server import ROOT, ServerProcess
from tests.harness.speakers import CollabSpeaker
from tests.harness.writing import add_annotation, annotations

OPEN = ROOT / "tests" / "fixtures" / "pdf" / "open"
PLAIN, SIGNED, NO_PDF = (OPEN / name for name in ("plain-cjk.pdf", "signed.pdf", "not-a-pdf.pdf"))
BOX = [50.0, 50.0, 90.0, 90.0]


@pytest.fixture
def hearing(server: ServerProcess) -> str:
    return server.demo.hearing.id


@pytest.fixture
def terminal(server: ServerProcess, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, url=server.url, token=server.demo.hearing.person("plaintiff").token)


async def mark(server: ServerProcess, exhibit: str, *marks: dict[str, Any]) -> list[str]:
    """Marks of the defendant; a `reply_to` of a whole number is the mark of that place."""
    defendant = server.demo.hearing.person("defendant")
    document = f"{server.demo.hearing.id}/annotations/{exhibit}"
    speaker = await CollabSpeaker.connect(server.url, document, defendant.token)
    await speaker.in_step()
    made: list[str] = []
    for values in marks:
        named = {"reply_to": made[values["reply_to"]]} if "reply_to" in values else {}
        made.append(add_annotation(speaker.doc, defendant.id, **{**values, **named}))
    await speaker.saved()
    assert set(made) <= set(annotations(speaker.doc))
    await speaker.leave()
    return made


def handed_in(terminal: Terminal, hearing: str, file: Path = PLAIN, *more: str) -> dict[str, Any]:
    return terminal.json("exhibit", "upload", hearing, str(file), *more)


def test_an_upload_ends_when_the_exhibit_has_been_checked(terminal: Terminal, hearing: str) -> None:
    told = handed_in(terminal, hearing, PLAIN, "--title", "借款合同", "--purpose", "证明借款事实")
    assert (told["title"], told["purpose"], told["state"], told["pages"]) == ("借款合同", "证明借款事实", "ready", 3)
    listed = terminal.json("exhibit", "list", hearing)["exhibits"]
    assert told["id"] in {one["id"] for one in listed}
    lines = terminal.run("exhibit", "list", hearing).stdout.splitlines()
    assert next(line.split("\t") for line in lines if told["id"] in line)[2:] == [
        "ready",
        "3",
        "借款合同",
        "证明借款事实",
    ]


def test_what_the_court_should_know_of_a_file_is_said_beside_the_result(terminal: Terminal, hearing: str) -> None:
    done = terminal.run("exhibit", "upload", hearing, str(SIGNED))
    assert done.returncode == 0, done.stderr
    assert "handed in" in done.stdout
    assert "signature" in done.stderr


def test_a_file_that_is_refused_ends_with_3_and_the_reason(terminal: Terminal, hearing: str) -> None:
    done = terminal.run("exhibit", "upload", hearing, str(NO_PDF))
    assert (done.returncode, done.stdout) == (3, "")
    assert "not_a_pdf" in done.stderr


def test_a_file_that_is_not_there_ends_with_2(terminal: Terminal, hearing: str, tmp_path: Path) -> None:
    for missing in (tmp_path / "missing.pdf", tmp_path):
        done = terminal.run("exhibit", "upload", hearing, str(missing))
        assert (done.returncode, done.stdout) == (2, "")
        assert "no_file" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_witness_hands_in_nothing(server: ServerProcess, hearing: str, tmp_path: Path) -> None:
    witness = Terminal(tmp_path, url=server.url, token=server.demo.hearing.person("witness").token)
    done = witness.run("exhibit", "upload", hearing, str(PLAIN))
    assert done.returncode == 3
    assert "role_may_not_hand_in" in done.stderr


def test_an_original_comes_back_byte_for_byte_and_the_shown_copy_is_another(
    terminal: Terminal, hearing: str, tmp_path: Path
) -> None:
    exhibit = handed_in(terminal, hearing)["id"]
    original, shown = tmp_path / "a.pdf", tmp_path / "b.pdf"
    told = terminal.json("exhibit", "download", hearing, exhibit, "--original", "-o", str(original))
    terminal.json("exhibit", "download", hearing, exhibit, "-o", str(shown))
    assert told == {"file": str(original), "size": original.stat().st_size}
    assert original.read_bytes() == PLAIN.read_bytes() != shown.read_bytes()
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_without_a_name_a_file_is_written_here_but_never_over_another(
    terminal: Terminal, hearing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = handed_in(terminal, hearing)["id"]
    monkeypatch.chdir(tmp_path)
    assert terminal.run("exhibit", "download", hearing, exhibit).returncode == 0
    written = (tmp_path / PLAIN.name).read_bytes()
    again = terminal.run("exhibit", "download", hearing, exhibit, "--original")
    assert again.returncode == 2
    assert "file_exists" in again.stderr
    assert (tmp_path / PLAIN.name).read_bytes() == written


def test_a_place_that_cannot_be_written_to_ends_with_1(terminal: Terminal, hearing: str, tmp_path: Path) -> None:
    done = terminal.run("exhibit", "download", hearing, "loan-contract", "-o", str(tmp_path / "no" / "x.pdf"))
    assert done.returncode == 1
    assert "not_written" in done.stderr


async def test_annotations_are_listed_as_threads(server: ServerProcess, terminal: Terminal, hearing: str) -> None:
    exhibit = (await asyncio.to_thread(handed_in, terminal, hearing))["id"]
    made = await mark(
        server,
        exhibit,
        {"kind": "note", "body": "金额\n不符", "page": 1.0, "rect": BOX},
        {"kind": "reply", "body": "请看\x1b[31m附件", "reply_to": 0, "created": "2026-03-02T10:00:00Z"},
        {"kind": "status", "body": "accepted", "reply_to": 0, "created": "2026-03-02T10:00:01Z"},
    )
    (thread,) = (await asyncio.to_thread(terminal.json, "annotate", "list", hearing, exhibit))["threads"]
    defendant = server.demo.hearing.person("defendant")
    assert (thread["mark"]["id"], thread["mark"]["author_name"]) == (made[0], defendant.name)
    assert [reply["id"] for reply in thread["replies"]] == [made[1]]
    assert thread["status"] == "accepted"
    done = await asyncio.to_thread(terminal.run, "annotate", "list", hearing, exhibit)
    mark_row, reply_row, status_row = (line.split("\t") for line in done.stdout.splitlines())
    assert (mark_row[0], mark_row[1], mark_row[2], mark_row[4:]) == (
        "2", "note", defendant.name, ["accepted", "金额 不符"],
    )  # fmt: skip
    assert (reply_row[1], reply_row[-1], status_row[-1]) == ("└ reply", "请看 [31m附件", "accepted")
    assert "received" not in mark_row[3], "made and come within a minute"
    came = times.shown(thread["replies"][0]["received"])
    assert reply_row[3] == f"2026-03-02 18:00:00 +08:00 (received {came})"
    assert "\x1b" not in done.stdout


async def test_an_annotated_copy_is_written_and_a_signed_original_is_spoken_of(
    server: ServerProcess, terminal: Terminal, hearing: str, tmp_path: Path
) -> None:
    exhibit = (await asyncio.to_thread(handed_in, terminal, hearing, SIGNED))["id"]
    made = await mark(server, exhibit, {"kind": "freetext", "body": "原件在此", "page": 0.0, "rect": BOX})
    target = tmp_path / "out.pdf"
    done = await asyncio.to_thread(terminal.run, "annotate", "export", hearing, exhibit, "-o", str(target))
    assert done.returncode == 0, done.stderr
    assert str(target) in done.stdout
    assert "signature" in done.stderr
    with pikepdf.open(target) as pdf:
        assert made[0] in {str(each.get("/NM", "")) for each in pdf.pages[0].obj["/Annots"]}


def test_nothing_marked_is_said_in_words(terminal: Terminal, hearing: str) -> None:
    exhibit = handed_in(terminal, hearing)["id"]
    assert terminal.run("annotate", "list", hearing, exhibit).stdout == "no annotations.\n"
    assert terminal.run("--lang", "zh", "annotate", "list", hearing, exhibit).stdout == "没有批注。\n"


def test_what_is_not_there_ends_with_3(terminal: Terminal, hearing: str, tmp_path: Path) -> None:
    for command in (("exhibit", "download"), ("annotate", "list"), ("annotate", "export")):
        done = terminal.run(*command, hearing, "nothing")
        assert (done.returncode, done.stdout) == (3, "")
        assert "not_found" in done.stderr


def test_bash_completes_actions_and_exhibits(terminal: Terminal, hearing: str) -> None:
    assert set(terminal.completed("yunting exhibit ")) >= {"list", "upload", "download"}
    assert set(terminal.completed("yunting annotate e")) == {"export"}
    assert set(terminal.completed(f"yunting annotate list {hearing} ")) >= {"loan-contract", "transfer-and-chat"}


@pytest.mark.parametrize(
    "command", [("exhibit",), ("annotate",), ("exhibit", "upload", "h"), ("annotate", "list", "h")]
)
def test_half_a_command_ends_with_2(terminal: Terminal, command: tuple[str, ...]) -> None:
    done = terminal.run(*command)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_transfer_on_a_terminal_shows_how_far_it_is(terminal: Terminal, hearing: str) -> None:
    """A pseudo-terminal for standard error: the bar is there for people, and never in the result."""
    master, slave = pty.openpty()
    done = subprocess.run(
        [str(COMMAND), "--lang", "zh", "exhibit", "upload", hearing, str(PLAIN)],
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**terminal.environment(), "TERM": "xterm-256color"},
        timeout=90,
        check=True,
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode("utf-8", "replace")
    os.close(master)
    assert "上传" in shown and "100%" in shown
    assert done.stdout.decode().startswith("已提交")


def test_an_exhibit_is_withdrawn_with_a_reason_and_once(terminal: Terminal, hearing: str) -> None:
    exhibit = handed_in(terminal, hearing, PLAIN, "--title", "收条")
    assert terminal.run("exhibit", "withdraw", hearing, exhibit["id"]).returncode == 2
    done = terminal.run("exhibit", "withdraw", hearing, exhibit["id"], "--reason", "重复提交")
    assert (done.returncode, done.stdout.strip()) == (0, f"withdrawn: exhibit {exhibit['number']} 收条.")
    again = terminal.run("exhibit", "withdraw", hearing, exhibit["id"], "--reason", "重复提交")
    assert again.returncode == 3 and "exhibit_withdrawn" in again.stderr
    lines = terminal.run("exhibit", "list", hearing).stdout.splitlines()
    assert next(line.split("\t") for line in lines if exhibit["id"] in line)[2] == "withdrawn"
    tail = terminal.run("tail", hearing).stdout.splitlines()
    assert [line for line in tail if "exhibit withdrawn" in line]

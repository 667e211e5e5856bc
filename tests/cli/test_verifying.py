"""`yunting verify` without a server: what it prints, in which language, and its exit status."""

import json
from pathlib import Path

import pytest

from crdt_docs.signing import verify
from tests.cli.terminal import Terminal
from tests.crdt_docs.signing import lies
from tests.crdt_docs.signing.sitting import Sitting, signed_twice


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return signed_twice()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def bundle(sitting: Sitting, tmp_path: Path) -> Path:
    file = tmp_path / "hearing.zip"
    file.write_bytes(sitting.bundle())
    return file


@pytest.fixture
def wrong(sitting: Sitting, tmp_path: Path) -> Path:
    file = tmp_path / "wrong.zip"
    file.write_bytes(lies.told(sitting, lies.swapped("exhibits/e1/original", "exhibits/e2/original")))
    return file


def test_a_right_bundle_ends_with_0_and_a_line_for_each_check(
    terminal: Terminal, sitting: Sitting, bundle: Path
) -> None:
    done = terminal.run("verify", str(bundle), "--court-key", sitting.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.partition("[")[2].rstrip("]") for line in lines if line.startswith("✓")] == [
        each.code for each in verify.verify(bundle.read_bytes()).results
    ]
    assert lines[-1] == "the bundle is right in every check."


def test_without_the_courts_key_it_says_what_was_not_checked(terminal: Terminal, bundle: Path) -> None:
    done = terminal.run("verify", str(bundle))
    assert done.returncode == 0
    assert "not checked  the court's key [court_key]" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("1 check(s) could not be made for want of what they need.")


def test_a_wrong_bundle_ends_with_1_and_names_what_is_wrong(terminal: Terminal, wrong: Path) -> None:
    english = terminal.run("verify", str(wrong))
    chinese = terminal.run("--lang", "zh", "verify", str(wrong))
    assert (english.returncode, chinese.returncode) == (1, 1)
    assert "✗ WRONG  exhibits are the originals [exhibits]" in english.stdout
    assert "exhibits/e1/original is not the file that the list names" in english.stdout
    assert english.stdout.splitlines()[-1] == "the bundle is wrong: 1 check(s) failed."
    assert "✗ 有误  证据原件 [exhibits]" in chinese.stdout
    assert chinese.stdout.splitlines()[-1] == "卷宗包有误：1 项核验未通过。"


def test_as_json_every_check_has_code_status_names_and_findings(
    terminal: Terminal, sitting: Sitting, bundle: Path, wrong: Path
) -> None:
    right = terminal.json("verify", str(bundle), "--court-key", sitting.vkey)
    assert (right["hearing"], right["ok"]) == ("h-2024", True)
    assert {check["status"] for check in right["checks"]} == {"ok"}
    done = terminal.run("--json", "verify", str(wrong))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    (failed,) = [check for check in told["checks"] if check["status"] == "failed"]
    assert (told["ok"], failed["code"]) == (False, "exhibits")
    assert {finding["weight"] for finding in failed["findings"]} == {"wrong"}
    assert failed["name_zh"] and failed["name_en"] and failed["findings"][0]["zh"]


def test_the_courts_key_may_stand_in_a_file(terminal: Terminal, sitting: Sitting, bundle: Path) -> None:
    key = terminal.home / "court.key"
    key.write_text(f"{sitting.vkey}\n")
    assert terminal.run("verify", str(bundle), "--court-key", str(key)).returncode == 0


def test_another_courts_key_ends_with_1(terminal: Terminal, sitting: Sitting, bundle: Path) -> None:
    forged = terminal.home / "forged.zip"
    forged.write_bytes(lies.signed_by_a_stranger(sitting, sitting.files()))
    assert terminal.run("verify", str(forged)).returncode == 0
    done = terminal.run("verify", str(forged), "--court-key", sitting.vkey)
    assert done.returncode == 1
    assert "the key inside is not the court's key that was given" in done.stdout


def test_receipts_are_held_against_the_bundle(terminal: Terminal, sitting: Sitting, bundle: Path) -> None:
    kept = []
    for person in ("p-judge", "p-witness"):
        file = terminal.home / f"{person}.json"
        file.write_text(json.dumps(sitting.receipts[person]))
        kept += ["--receipt", str(file)]
    assert terminal.run("verify", str(bundle), *kept).returncode == 0
    shorter = signed_twice()
    del shorter.entries[-6:]
    bundle.write_bytes(shorter.bundle())
    done = terminal.run("verify", str(bundle), *kept)
    assert done.returncode == 1
    assert f"{terminal.home / 'p-judge.json'} proves that the log had" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify", "nowhere.zip"), "file_unreadable"),
        (("verify", "."), "file_unreadable"),
        (("verify", "hearing.zip", "--court-key", "court"), "bad_court_key"),
        (("verify", "hearing.zip", "--receipt", "nowhere.json"), "file_unreadable"),
        (("verify", "hearing.zip", "--receipt", "hearing.zip"), "file_unreadable"),
    ],
)
def test_what_cannot_be_read_ends_with_2(
    terminal: Terminal, bundle: Path, arguments: tuple[str, ...], code: str
) -> None:
    paths = [str(bundle.parent / part) if part.endswith((".zip", ".json")) else part for part in arguments]
    done = terminal.run(*paths)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"yunting: {code}:" in done.stderr


def test_a_file_that_is_no_bundle_ends_with_1(terminal: Terminal) -> None:
    file = terminal.home / "other.zip"
    file.write_bytes(b"PK\x05\x06" + bytes(18))
    done = terminal.run("verify", str(file))
    assert done.returncode == 1
    assert "✗ WRONG  the archive is as it was written [container]" in done.stdout


def test_words_of_a_bundle_never_move_the_cursor(terminal: Terminal, sitting: Sitting) -> None:
    file = terminal.home / "coloured.zip"
    file.write_bytes(lies.repacked(sitting.bundle(), lambda inside: inside.update({"\x1b[2Jmore": b""})))
    done = terminal.run("verify", str(file))
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\ufffd[2Jmore is not in the manifest" in done.stdout

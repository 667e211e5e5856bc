"""The court's key: made once, read by its owner only, the same after every start."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest

from crdt_docs.signing import checkpoint
from server.durable import BadKeyFile
from server.signing import court_key
from server.signing.gateway import Message, Outbox


def test_the_key_is_made_once_and_signs_what_its_line_verifies(tmp_path: Path) -> None:
    made, again = court_key.load(tmp_path), court_key.load(tmp_path)
    assert made.vkey == again.vkey
    assert made.vkey.startswith("yunting/")
    text = checkpoint.note("yunting/h1", 3, bytes(32))
    assert checkpoint.open_note(made.sign_note(text), again.vkey) == text


def test_two_courts_have_two_keys_and_two_names(tmp_path: Path) -> None:
    assert court_key.load(tmp_path / "a").name != court_key.load(tmp_path / "b").name


def test_only_its_owner_reads_the_key(tmp_path: Path) -> None:
    court_key.load(tmp_path)
    path = tmp_path / court_key.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    court_key.load(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [court_key.FILE]


def test_a_key_file_of_another_length_is_no_key(tmp_path: Path) -> None:
    (tmp_path / court_key.FILE).write_bytes(b"short")
    with pytest.raises(BadKeyFile, match=r"court\.key: expected 32 bytes"):
        court_key.load(tmp_path)


def test_the_outbox_is_read_by_its_owner_only_and_the_terminal_is_the_demo_s(tmp_path: Path) -> None:
    terminal = StringIO()
    message = Message("2026-01-01T00:00:00.000Z", "p1", "周启航", "h1", "验证码123456", "123456")
    Outbox(tmp_path).send(message)
    Outbox(tmp_path, terminal).send(message)
    path = tmp_path / "outbox.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    expected = {"at": message.at, "person": "p1", "hearing": "h1", "text": "验证码123456", "code": "123456"}
    assert lines == [expected, expected]
    assert terminal.getvalue().count("123456") == 1 and "周启航" in terminal.getvalue()

"""Credentials: derived from the key file, one use never passes for another, nothing forged passes."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.durable import BadKeyFile
from server.people.credentials import KEY_BYTES, Use, credential, load_key, mac, session_named

KEY = bytes(range(32))


def test_the_key_file_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = load_key(tmp_path / "new")
    assert len(key) == KEY_BYTES and key != bytes(KEY_BYTES)
    assert load_key(tmp_path / "new") == key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_a_key_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    assert load_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_torn_key_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(BadKeyFile, match="32 bytes, found 5"):
        load_key(tmp_path)
    assert (tmp_path / "secret.key").read_bytes() == b"short"


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        keys.append(load_key(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1


def test_the_value_is_the_documented_hmac() -> None:
    # printf 'token\0abc' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f -binary | base64url
    assert mac(KEY, Use.TOKEN, "abc") == _hmac_by_hand(b"token\0abc")
    assert mac(KEY, Use.LINK, "abc") == _hmac_by_hand(b"link\0abc")
    assert mac(KEY, Use.COOKIE, "abc") == _hmac_by_hand(b"cookie\0abc")


def _hmac_by_hand(message: bytes) -> str:
    """RFC 2104 written out, independent of the code under test."""
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    padded = KEY.ljust(64, b"\0")
    inner = sha256(bytes(b ^ 0x36 for b in padded) + message).digest()
    outer = sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()
    return urlsafe_b64encode(outer).decode().rstrip("=")


@pytest.mark.parametrize("use", list(Use))
def test_a_credential_names_its_session_for_its_own_use_and_key_only(use: Use) -> None:
    text = credential(KEY, use, "s1")
    assert session_named(KEY, use, text) == "s1"
    assert session_named(bytes(32), use, text) is None
    assert all(session_named(KEY, other, text) is None for other in Use if other is not use)


@given(st.text(max_size=300))
def test_no_text_passes_that_was_not_made_with_the_key(text: str) -> None:
    assert session_named(KEY, Use.TOKEN, text) is None


@given(st.integers(0, 45), st.characters())
def test_one_changed_character_is_enough(place: int, character: str) -> None:
    text = credential(KEY, Use.TOKEN, "s1")
    changed = text[:place] + character + text[place + 1 :]
    assert (session_named(KEY, Use.TOKEN, changed) is None) == (changed != text)


def test_a_very_long_text_is_not_even_hashed() -> None:
    session = "s" * 300
    assert session_named(KEY, Use.TOKEN, credential(KEY, Use.TOKEN, session)) is None

"""Stored logins: only the owner reads them, and a token goes to no other server."""

import json
import stat
from pathlib import Path

import pytest

from clients.cli import profiles
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login, Profile

ONE = Profile("http://127.0.0.1:1", "token-one", "p-1", "甲", "2026-11-25T00:00:00+08:00")
TWO = Profile("http://127.0.0.1:2", "token-two", "p-2", "乙", "2026-11-25T00:00:00+08:00")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}


def test_what_is_saved_is_loaded_again(environ: dict[str, str]) -> None:
    file = profiles.path(environ)
    profiles.save(file, {"default": ONE, "二": TWO})
    assert profiles.load(file) == {"default": ONE, "二": TWO}


def test_nobody_else_can_read_the_file_even_when_it_was_open_before(environ: dict[str, str]) -> None:
    file = profiles.path(environ)
    file.parent.mkdir(parents=True)
    file.write_text('{"profiles": {}}')
    file.chmod(0o644)
    profiles.save(file, {"default": ONE})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["config.json"]


def test_a_relative_config_home_is_ignored_as_the_standard_says(tmp_path: Path) -> None:
    file = profiles.path({"XDG_CONFIG_HOME": "here", "HOME": str(tmp_path)})
    assert file == tmp_path / ".config" / "yunting" / "config.json"


def test_options_win_over_environment_and_profile(environ: dict[str, str]) -> None:
    profiles.save(profiles.path(environ), {"default": ONE})
    environ |= {"YUNTING_URL": "http://there/", "YUNTING_TOKEN": "t"}
    assert profiles.login(None, None, "default", environ) == Login("http://there", "t")
    assert profiles.login("http://here", "mine", "default", environ) == Login("http://here", "mine")


def test_the_profile_is_used_when_nothing_else_is_given(environ: dict[str, str]) -> None:
    profiles.save(profiles.path(environ), {"default": ONE, "other": TWO})
    assert profiles.login(None, None, "default", environ) == Login(ONE.url, ONE.token)
    assert profiles.login(None, None, "other", environ) == Login(TWO.url, TWO.token)


def test_a_stored_token_is_not_sent_to_another_server(environ: dict[str, str]) -> None:
    profiles.save(profiles.path(environ), {"default": ONE})
    with pytest.raises(Failure) as failure:
        profiles.login("http://elsewhere", None, "default", environ)
    assert (failure.value.status, failure.value.code) == (Exit.USAGE, "other_server")


def test_without_any_login_the_person_is_told_what_to_do(environ: dict[str, str]) -> None:
    with pytest.raises(Failure, match="yunting login"):
        profiles.login(None, None, "default", environ)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"profiles": {"default": {"url": 1}}}', '{"profiles": []}'])
def test_a_broken_file_is_an_error_that_names_it(environ: dict[str, str], content: str) -> None:
    file = profiles.path(environ)
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(Failure, match=r"config\.json"):
        profiles.load(file)


def test_the_file_is_plain_json(environ: dict[str, str]) -> None:
    file = profiles.path(environ)
    profiles.save(file, {"default": ONE})
    assert json.loads(file.read_text("utf-8"))["profiles"]["default"]["name"] == "甲"

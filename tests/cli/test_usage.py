"""What `yunting` says without a server: usage, help, completion, exit statuses 2 and 4."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clients.cli import helps, profiles, sentences
from clients.cli.outcomes import Words
from clients.cli.profiles import Profile
from tests.cli.terminal import COMMAND, Terminal
from tests.harness.server import ROOT

NOBODY = "http://127.0.0.1:1"  # no one listens on port 1


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("control", "h"),
        ("control", "h", "dance"),
        ("--url", NOBODY, "--token", "t", "control", "h", "isolate"),
        ("--url", NOBODY, "--token", "t", "control", "h", "recess", "--until", "soon"),
        ("--url", "there", "--token", "t", "hearings"),
        ("hearings",),
        ("login", "http://127.0.0.1:1/login"),
        ("login", "not a link"),
        ("append", "h", "x", "--kind", "procedure"),
        ("append", "h", "x", "--patience", "-1"),
        ("tail", "h", "--after", "-1"),
        ("completion", "fish"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    done = terminal.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("hearings",),
        ("control", "h", "open"),
        ("tail", "h"),
        ("append", "h", "words", "--patience", "1"),
        ("append", "h", "words", "--speaker", "p-1"),
    ],
)
def test_no_server_ends_with_4_and_a_sentence(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    done = terminal.run("--url", NOBODY, "--token", "t", *arguments)
    assert done.returncode == 4, done.stderr
    assert "no_connection" in done.stderr
    assert "Traceback" not in done.stderr


def test_logout_without_a_server_forgets_the_token_here_and_says_so(terminal: Terminal) -> None:
    file = profiles.path(terminal.environment())
    kept = Profile(NOBODY, "kept", "p-2", "乙", "2026-11-25T00:00:00+08:00")
    profiles.save(file, {"default": replace(kept, token="forgotten"), "other": kept})
    done = terminal.run("logout")
    assert done.returncode == 4
    assert "deleted here" in done.stderr
    assert profiles.load(file) == {"other": kept}


def test_words_that_are_not_utf8_are_refused_before_anything_is_sent(terminal: Terminal) -> None:
    command = [str(COMMAND), "--url", NOBODY, "--token", "t", "append", "h"]
    wrong, how = "好\n".encode("gbk"), {"env": terminal.environment(), "capture_output": True, "timeout": 60}
    piped = subprocess.run(command, input=wrong, **how)
    given = subprocess.run([*map(str.encode, command), wrong], **how)
    for done in (piped, given):
        assert done.returncode == 2, done.stderr
        assert b"not_utf8" in done.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_chinese_is_printed_in_any_locale(terminal: Terminal, locale: str) -> None:
    environment = {**terminal.environment(), "LANG": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([str(COMMAND), "hearings", "--lang", "zh"], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert "尚未登录" in done.stderr.decode()


def test_login_without_a_server_ends_with_4(terminal: Terminal) -> None:
    assert terminal.run("login", f"{NOBODY}/login#secret").returncode == 4


def test_a_failure_as_json_has_code_and_both_sentences(terminal: Terminal) -> None:
    done = terminal.run("--url", NOBODY, "--token", "t", "control", "h", "open", "--json")
    told = json.loads(done.stderr)
    assert (done.returncode, done.stdout, told["code"]) == (4, "", "no_connection")
    assert told["title"] == told["title_en"] != told["title_zh"]


def test_chinese_unless_the_locale_or_the_option_says_english(terminal: Terminal) -> None:
    assert "exit status" in terminal.run("--help").stdout
    assert "退出码" in terminal.run("--lang", "zh", "--help").stdout
    assert "退出码" in terminal.run("--help", "--lang=zh").stdout


def test_help_names_every_exit_status_and_every_command(terminal: Terminal) -> None:
    text = terminal.run("--help").stdout
    for status in ("0 done", "1 another error", "2 usage", "3 refused", "4 no connection", "5 not known to be saved"):
        assert status in text
    for command in ("login", "logout", "hearings", "watch", "append", "control", "tail", "completion"):
        assert command in text


def test_global_options_stand_before_or_after_the_command(terminal: Terminal) -> None:
    before = terminal.run("--url", NOBODY, "--token", "t", "--json", "hearings")
    after = terminal.run("hearings", "--url", NOBODY, "--token", "t", "--json")
    assert before.stderr == after.stderr
    assert json.loads(after.stderr)["code"] == "no_connection"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_completion_script_is_one_the_shell_accepts(terminal: Terminal, shell: str) -> None:
    script = terminal.run("completion", shell).stdout
    assert "yunting" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_bash_completes_commands_and_actions(terminal: Terminal) -> None:
    assert set(terminal.completed("yunting con")) == {"control"}
    assert set(terminal.completed("yunting control h re")) == {
        *("recess", "resume", "release"),
        *("remove", "reopen", "request_correction", "record_refusal"),
    }


def test_help_loads_nothing_that_only_commands_need() -> None:
    code = (
        "import sys\nfrom clients.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines())
    assert "clients.cli.parser" in loaded
    assert not loaded & {"httpx", "rich", "websockets", "pycrdt", "asyncio", "argcomplete", "server", "ssl"}


def test_every_sentence_has_the_same_places_in_both_languages() -> None:
    import string

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    found = [one for module in (sentences, helps) for one in vars(module).values() if isinstance(one, Words)]
    assert len(found) > 60
    for words in found:
        assert words.zh and words.en
        assert places(words.zh) == places(words.en), words

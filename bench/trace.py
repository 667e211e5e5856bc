"""Where the editing trace comes from: a real one when it is there, else one of the same size made from a seed."""

import gzip
import json
import os
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = Path("data") / "trace" / "automerge-paper.json.gz"
INSERTS, DELETES, SEED = 182_315, 77_463, 20_240_912
LETTERS = "etaoin shrdlu"


def find(work: Path) -> tuple[Path, str]:
    """-> the file and what to call it in the results. `YUNTING_TRACE` names a file; a sibling `shared` may hold one."""
    named = os.environ.get("YUNTING_TRACE")
    if named:
        return Path(named).resolve(), Path(named).name
    beside = Path(os.environ.get("YUNTING_SHARED", ROOT.parent / "shared")) / REAL
    if beside.exists():
        return beside, beside.name
    return make(work / "trace.json.gz"), f"made from seed {SEED}"


def make(path: Path, inserts: int = INSERTS, deletes: int = DELETES) -> Path:
    """As many inserts and deletes as the real one: runs of typing and of backspacing at a cursor that may jump."""
    chance = random.Random(SEED)
    text: list[str] = []
    edits: list[list[int | str]] = []
    cursor = 0
    while inserts or deletes:
        if chance.random() < 0.05:
            cursor = chance.randint(0, len(text))
        is_delete = bool(deletes and cursor and (not inserts or chance.random() < 0.3))
        for _ in range(min(chance.randint(1, 12), cursor if is_delete else inserts, deletes if is_delete else inserts)):
            if is_delete:
                cursor, deletes = cursor - 1, deletes - 1
                del text[cursor]
                edits.append([cursor, 1, ""])
            else:
                letter = chance.choice(LETTERS)
                text.insert(cursor, letter)
                edits.append([cursor, 0, letter])
                cursor, inserts = cursor + 1, inserts - 1
        if not inserts and not cursor:
            cursor = len(text)
    trace = {"startContent": "", "endContent": "".join(text), "txns": [{"patches": [edit]} for edit in edits]}
    path.write_bytes(gzip.compress(json.dumps(trace).encode(), mtime=0))
    return path

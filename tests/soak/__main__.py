"""`python -m tests.soak [NAME…]`: the long forms one after the other, figures into bench/results.json.

Names: media, media_hours, recording, kills, kill_points, disk, freezes, churn, gaps, hostile, matrix, editors,
annotations, page, transcript, verify, looks, gate (a part of a name is enough). It stops at no failure: every form is
run and named at the end. Exit status 0 when all passed.
"""

import os
import subprocess
import sys
import time

from tests.harness.server import ROOT

PYTEST = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"]
FORMS: dict[str, list[str]] = {
    "media": [*PYTEST, "tests/soak/soak_media.py"],
    "media_hours": [*PYTEST, "tests/soak/soak_media_hours.py"],
    "recording": [*PYTEST, "tests/soak/soak_recording.py"],
    "kills": [*PYTEST, "tests/soak/soak_kills.py"],
    "kill_points": [*PYTEST, "tests/soak/soak_kill_points.py"],
    "disk": [
        *PYTEST,
        *(f"tests/faults/test_{part}.py" for part in ("disk_full", "order_on_disk", "slow_readers", "sockets")),
    ],
    "freezes": [*PYTEST, "tests/soak/soak_freezes.py"],
    "churn": [*PYTEST, "tests/soak/soak_churn.py"],
    "gaps": [*PYTEST, "tests/soak/soak_gaps.py"],
    "hostile": [*PYTEST, "tests/soak/soak_hostile.py"],
    "matrix": [*PYTEST, "tests/matrix"],
    "editors": [*PYTEST, "tests/soak/soak_editors.py"],
    "annotations": [*PYTEST, "tests/soak/soak_annotations.py"],
    "page": [*PYTEST, "tests/e2e/soak_page.py"],
    "transcript": [*PYTEST, "tests/e2e/test_editor_transcript.py"],
    "verify": [*PYTEST, "tests/soak/soak_verify.py"],
    "looks": [*PYTEST, "tests/e2e/test_page_access.py"],
    "gate": [sys.executable, "-m", "tests.crdt_docs.fuzz", "--updates", "1000000", "--seed", "1"],
}


def run(name: str) -> bool:
    start = time.monotonic()
    print(f"== {name}: {' '.join(FORMS[name][1:])}", flush=True)
    environment = {**os.environ, "YUNTING_FIGURES": "1", "EVERY_LOOK": "1", "WHOLE_TEXT": "1"}
    status = subprocess.run(FORMS[name], cwd=ROOT, env=environment, check=False).returncode
    print(
        f"== {name}: {'passed' if status == 0 else f'FAILED ({status})'} in {time.monotonic() - start:.0f} s",
        flush=True,
    )
    return status == 0


def main(wanted: list[str]) -> int:
    names = [name for name in FORMS if not wanted or any(part in name for part in wanted)]
    passed = {name: run(name) for name in names}
    failed = [name for name, fine in passed.items() if not fine]
    print(f"{len(passed) - len(failed)} passed, {len(failed)} failed", ", ".join(failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

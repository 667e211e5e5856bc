"""What verification costs grows with the hearing and no faster: lines run in each function, whatever else the machine
does."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from crdt_docs.signing.verify import verify
from tests.crdt_docs.signing.sitting import PEOPLE, Sitting

SMALL = 200  # updates; twice as many in the other
MOST = 3.2  # times as many lines; 2 for each update, entry or mark once, a little more for longer numbers, 4 is square
FEW = 100  # lines; below that twice as many mean nothing


def heard(updates: int) -> Sitting:
    """Two versions signed by everybody; an entry of the log for two updates, a mark for ten."""
    sitting = Sitting()
    for v in (1, 2):
        if v == 2:
            sitting.line(sitting.log("Reopened", "p-judge", v=2), "（笔录补正）")
        while len(sitting.transcript.rows) < updates * v / 2:
            written(sitting, len(sitting.transcript.rows))
        sitting.freeze(v, sitting.start_signing(v))
        for person, *_ in PEOPLE:
            if v == 1:
                sitting.bind(person)
            sitting.sign(person, v)
        sitting.log("SigningSettled", "court", v=v)
    return sitting


def written(sitting: Sitting, number: int) -> None:
    sitting.speak("p-clerk", f"t{number}", PEOPLE[number // 10 % len(PEOPLE)][0], "审", "：")
    for nth in range(9):
        sitting.edit("p-clerk", -1, lambda text: text.insert(0, "笔录"))
        if nth % 2:
            sitting.log("Muted", "p-judge", person="p-agent")
    mark = f"{number:08}-1111-4111-8111-111111111111"
    sitting.mark("p-plaintiff", "e1", mark, kind="note", rect=[0, 0, 9, 9], body="见")


def lines_run(sitting: Sitting) -> Counter[str]:
    """By function."""
    lines: Counter[str] = Counter()

    def counted(frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            lines[f"{Path(frame.f_code.co_filename).name}: {frame.f_code.co_qualname}"] += 1
        return counted

    archive, before = sitting.bundle(), sys.gettrace()
    sys.settrace(counted)
    try:
        report = verify(archive, court_key=sitting.vkey, kept=sitting.receipts)
    finally:
        sys.settrace(before)
    assert report.failed == ()
    return lines


def test_a_hearing_twice_as_long_takes_twice_the_steps_in_every_function() -> None:
    small, large = (lines_run(heard(updates)) for updates in (SMALL, 2 * SMALL))
    assert sum(small.values()) > 100 * SMALL
    grown = {name: count / max(small[name], FEW) for name, count in large.items()}
    assert {name: times for name, times in grown.items() if times > MOST} == {}

"""The short path for the commonest update: a known client puts one piece of plain text behind a known unit, deletes nothing.

Answers None whenever anything is unusual; the long path then judges. Both give the same verdict (a property test says so).
"""

from .index import LONGEST_RUN, Log, Run
from .rules import TEXT
from .updates import STRING, Update
from .varint import Malformed, rest_of
from .verdicts import Admitted

LONGEST = 512  # bytes


def keystroke(data: bytes, log: Log, logs: dict[int, Log]) -> Admitted | None:
    """`data` starts with one client, one struct and the id of `log`, whose owner is the writer. Changes the index when admitted."""
    head = log.head
    p = len(head)
    try:
        clock = data[p]
        p += 1
        if clock > 127:
            byte = data[p]
            if 0 < byte < 128:
                clock = clock & 127 | byte << 7
                p += 1
            else:
                clock, p = rest_of(data, p, clock)
        first = p
        info = data[p]
        if clock != log.next or (info != 0x84 and info != 0xC4):
            return None
        p += 1
        if data.startswith(log.id, p):
            left = log
            p += len(log.id)
        else:
            client = data[p]
            p += 1
            if client > 127:
                client, p = rest_of(data, p, client)
            left = logs[client]
        left_clock = data[p]
        p += 1
        if left_clock > 127:
            byte = data[p]
            if 0 < byte < 128:
                left_clock = left_clock & 127 | byte << 7
                p += 1
            else:
                left_clock, p = rest_of(data, p, left_clock)
        if left_clock >= left.next:
            return None
        run = left.runs[-1]
        if left_clock < run.start:
            run = left.find(left_clock)
        place = run.place
        if place is None or place.role != TEXT or place.dead or run.kind == 36:
            return None
        keeper = place.top.keeper
        if keeper is not None and keeper != log.owner:
            return None
        if info == 0xC4:
            client = data[p]
            p += 1
            if client > 127:
                client, p = rest_of(data, p, client)
            right_clock = data[p]
            p += 1
            if right_clock > 127:
                right_clock, p = rest_of(data, p, right_clock)
            right = logs[client]
            if right_clock >= right.next or (right is left and right_clock == left_clock):
                return None
            right_run = right.find(right_clock)
            if right_run.place is not place or right_run.kind == 36:
                return None
        length = data[p]
        p += 1
        end = p + length
        if length > 127 or not length or end + 1 != len(data) or data[end]:
            return None
        text = data[p:end].decode()
    except (IndexError, KeyError, UnicodeDecodeError, Malformed):
        return None
    if length != len(text):
        length = len(text)
        if len(text.encode("utf-16-le")) != 2 * length:
            return None
    following = clock + length
    if following >= 2**31:
        return None
    runs = log.runs
    last = runs[-1]
    if left is log and left_clock == clock - 1 and run.kind == STRING and clock - run.start < LONGEST_RUN:
        last.content += text  # pyright: ignore[reportOperatorIssue]
        last.end = following
    else:
        last = Run(log, clock, following, STRING, place, text, (left.client, left_clock))
        runs.append(last)
        log.starts.append(clock)
        place.runs.append(last)
    log.next = following
    return Admitted(data, Update([(log.client, clock, following, 1, data[first:end])], ()), log.client)

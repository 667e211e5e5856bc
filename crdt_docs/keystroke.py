"""The short path for the commonest update: a known client puts plain text behind a known unit and deletes nothing.

Answers None whenever anything is unusual; the long path then judges. Both give the same verdict (a property test says
so).
"""

from .index import LONGEST_RUN, Log, Run, integrate, were_neighbours
from .rules import TEXT
from .updates import STRING, WIDE, Update
from .varint import Malformed, rest_of
from .verdicts import Admitted

LONGEST = 512  # bytes


def keystroke(data: bytes, log: Log, logs: dict[int, Log]) -> Admitted | None:
    """`data` starts with one client, one struct, the id of `log`, whose owner writes. Changes the index if admitted."""
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
        if place is None or place.role != TEXT or place.dead or run.kind == WIDE:
            return None
        keeper = place.top.keeper
        if keeper is not None and keeper != log.owner:
            return None
        right_client = right_clock = -1
        right_run: Run | None = None
        if info == 0xC4:
            if data.startswith(log.id, p):
                right_client = log.client
                p += len(log.id)
            else:
                right_client = data[p]
                p += 1
                if right_client > 127:
                    right_client, p = rest_of(data, p, right_client)
            right_clock = data[p]
            p += 1
            if right_clock > 127:
                right_clock, p = rest_of(data, p, right_clock)
            right = logs[right_client]
            if right_clock >= right.next:
                return None
            right_run = right.find(right_clock)
            if right_run.place is not place or right_run.kind == WIDE:
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
    after = run.after
    if (
        left_clock == clock - 1
        and left is log
        and after is right_run
        and (after is None or after.start == right_clock)
        and run.kind == STRING
        and clock - run.start < LONGEST_RUN
        and run.right == (right_client, right_clock)
    ):
        run.content += text  # pyright: ignore[reportOperatorIssue]
        run.end = log.next = following
    else:
        if not were_neighbours(run, left_clock, right_run, right_clock, logs):
            return None
        if run.end != left_clock + 1:
            rest = left.split(run, left_clock + 1)
            if right_run is run:
                right_run = rest
        if right_run and right_run.start != right_clock:
            right_run = right_run.log.split(right_run, right_clock)
        made = Run(log, clock, following, STRING, place, text, (left.client, left_clock), (right_client, right_clock))
        integrate(made, run, right_run, logs)
        log.add(made)
    return Admitted(data, Update([(log.client, clock, following, 1, data[first:end])], ()), log.client)

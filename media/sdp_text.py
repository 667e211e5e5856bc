"""Session descriptions as text: what is taken out of an offer, and what an answer says beyond what aiortc writes."""

import ipaddress
import re
from collections.abc import Iterator

from media import limits

MEDIA_LINE = re.compile(r"^m=(\w+) ", re.M)
CANDIDATE = re.compile(r"^a=(candidate:[^\r\n]*)\r?\n", re.M)
NO_CANDIDATES = re.compile(r"^a=(?:candidate:[^\r\n]*|end-of-candidates)\r?\n", re.M)


def kinds(offer: str) -> list[str]:
    """The kind of each media line; ValueError for an offer too long, or with too many lines or lines of other kinds."""
    found = MEDIA_LINE.findall(offer)
    if len(offer) > limits.SDP_BYTES or not 0 < len(found) <= limits.LINES:
        raise ValueError("an offer of this size or number of media lines is not taken")
    if set(found) - {"audio", "video"}:
        raise ValueError("only audio and video lines are taken")
    return found


def parted(offer: str) -> tuple[str, list[str]]:
    """The offer without candidates, and its candidates as they stand, each once."""
    lines = offer.replace("\r\n", "\n").replace("\n", "\r\n")
    return NO_CANDIDATES.sub("", lines), list(dict.fromkeys(CANDIDATE.findall(lines)))


def usable(address: str, private: bool) -> bool:
    """Whether checks may be sent to this address: no name, and none of a private network unless that is set."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.is_multicast or found.is_unspecified or found.is_reserved:
        return False
    return private or not (found.is_private or found.is_loopback or found.is_link_local)


def sections(text: str) -> list[str]:
    """The session's part and one part for each media line."""
    starts = [match.start() for match in re.finditer(r"^m=", text, re.M)]
    return [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]


def completed(answer: str, offer: str, public_address: str) -> str:
    """The answer with Opus repair named, each person's sound and picture in one stream, and the public address."""
    offered = sections(offer)[1:]
    head, *parts = sections(answer)
    counts = {"audio": 0, "video": 0}
    out = [head]
    for part, theirs in zip(parts, offered, strict=True):
        kind = part[2:7]
        if kind == "audio":
            part = _with_opus(part, theirs)
        out.append(_grouped(_reachable(part, public_address), counts[kind]))
        counts[kind] += 1
    return "".join(out)


def _with_opus(part: str, theirs: str) -> str:
    found = re.search(r"^a=rtpmap:(\d+) opus/48000", part, re.M | re.I)
    if found is None:
        return part
    number = found[1]
    lines = [f"a=fmtp:{number} minptime=10;useinbandfec=1"]
    if re.search(rf"^a=rtcp-fb:{number} nack\r?$", theirs, re.M):
        lines.append(f"a=rtcp-fb:{number} nack")
    part = re.sub(rf"^a=fmtp:{number} .*\r\n", "", part, flags=re.M)
    return re.sub(rf"^(a=rtpmap:{number} .*\r\n)", lambda own: own[1] + "".join(f"{line}\r\n" for line in lines), part,
                  flags=re.M)  # fmt: skip


def _grouped(part: str, index: int) -> str:
    """Sound and picture of equal number are one stream to the page, which then keeps lips and voice together."""
    return re.sub(r"^a=msid:\S+ (\S+)", rf"a=msid:slot{index} \1", part, flags=re.M)


def _reachable(part: str, public_address: str) -> str:
    if not public_address:
        return part
    return CANDIDATE.sub(lambda own: own[0] + "".join(_moved(own[1], public_address)), part)


def _moved(candidate: str, public_address: str) -> Iterator[str]:
    """The same port under the address by which a router hands it on, preferred a little less."""
    words = candidate.split()
    if len(words) >= 8 and words[7] == "host" and ":" not in words[4]:
        words[0] += "9"
        words[3], words[4] = str(int(words[3]) - 1), public_address
        yield f"a={' '.join(words[:8])}\r\n"

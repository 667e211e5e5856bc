"""What a socket may be sent and how it ends: codes and reasons of PROTOCOL, on both wires."""

import asyncio
import time

import pytest

from tests.harness import messages as m
from tests.harness.figures import keep
from tests.harness.raw_socket import BINARY, RawSocket, UpgradeRefused, frame, opening
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word

MEBIBYTE = 1 << 20
HALF_OPEN = 1_000
UNAUTHENTICATED = 10.0  # seconds


async def opened(server: ServerProcess, wire: str, role: str = "clerk") -> RawSocket:
    """A bare socket; on /yjs authenticated by its header, on /collab not yet."""
    hearing = server.demo.hearing
    if wire == "collab":
        return await RawSocket.open(server.url, "/collab")
    return await RawSocket.open(server.url, f"/yjs/{hearing.transcript}", token=hearing.person(role).token)


async def alive(server: ServerProcess) -> None:
    """A new client joins and writes."""
    hearing = server.demo.hearing
    clerk = await CollabSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()
    add_turn(clerk.doc, random_word())
    await clerk.saved()
    assert False not in clerk.acks
    await clerk.leave()


@pytest.mark.parametrize("wire", WIRES)
async def test_a_text_frame_closes_4400(shared_server: ServerProcess, wire: str) -> None:
    raw = await opened(shared_server, wire)
    raw.send_text("hello")
    assert (await raw.ended()).code == 4400
    await alive(shared_server)


@pytest.mark.parametrize("wire", WIRES)
async def test_a_frame_over_one_mebibyte_closes_1009(shared_server: ServerProcess, wire: str) -> None:
    raw = await opened(shared_server, wire)
    raw.send(bytes(MEBIBYTE + 1))
    assert (await raw.ended()).code == 1009
    await alive(shared_server)


@pytest.mark.parametrize("wire", WIRES)
async def test_a_message_over_one_mebibyte_in_fragments_closes_1009(shared_server: ServerProcess, wire: str) -> None:
    raw = await opened(shared_server, wire)
    part = bytes(MEBIBYTE // 4)
    raw.write(frame(BINARY, part, final=False))
    for _ in range(4):
        raw.write(frame(0, part, final=False))
    assert (await raw.ended()).code == 1009
    await alive(shared_server)


async def test_an_honest_message_in_fragments_is_taken(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    raw = await RawSocket.open(shared_server.url, "/collab")
    message = m.authentication(hearing.transcript, hearing.clerk.token)
    raw.write(frame(BINARY, message[:9], final=False) + frame(9, b"ping between") + frame(0, message[9:]))
    while (answer := m.read_collab(await raw.message())).kind != m.AUTH:
        pass
    assert (answer.step, answer.text) == (m.AUTHENTICATED, "read-write")
    await raw.close()


@pytest.mark.parametrize("wire", WIRES)
async def test_an_unmasked_frame_ends_the_socket_only(shared_server: ServerProcess, wire: str) -> None:
    raw = await opened(shared_server, wire)
    raw.write(frame(BINARY, b"\x00\x00\x01\x00", masked=False))
    assert (await raw.ended()).code in (1002, 1006)
    await alive(shared_server)


@pytest.mark.parametrize("wire", WIRES)
async def test_reserved_bits_and_opcodes_end_the_socket_only(shared_server: ServerProcess, wire: str) -> None:
    for head in (0xF2, 0x83, 0x8F):
        raw = await opened(shared_server, wire)
        raw.write(bytes((head, 0x80)) + bytes(4))
        assert (await raw.ended()).code in (1002, 1003, 1006)
    await alive(shared_server)


async def test_a_collab_frame_without_a_readable_document_name_closes_4400(shared_server: ServerProcess) -> None:
    for content in (b"", b"\xff", b"\x05abc", b"\x04\xff\xff\xff\xff\x00", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"):
        raw = await opened(shared_server, "collab")
        raw.send(content)
        assert (await raw.ended()).code == 4400, content
    await alive(shared_server)


async def test_a_bad_token_on_yjs_closes_4401_after_the_upgrade(shared_server: ServerProcess) -> None:
    path = f"/yjs/{shared_server.demo.hearing.transcript}"
    for token in ("", "nonsense", shared_server.demo.hearing.clerk.token[:-2] + "xx"):
        raw = await RawSocket.open(shared_server.url, path, token=token)
        assert (await raw.ended()).code == 4401


async def test_a_bad_token_on_collab_is_denied_in_band(shared_server: ServerProcess) -> None:
    speaker = await CollabSpeaker.connect(shared_server.url, shared_server.demo.hearing.transcript, "nonsense")
    await until(lambda: speaker.denied, "PermissionDenied")
    assert not speaker.synced and speaker.closed is None


@pytest.mark.parametrize("document", ["nothing", "nothing/transcript", "../etc/passwd", "x/annotations/y", "a/b/c/d/e"])
async def test_an_unknown_document_is_no_ones(shared_server: ServerProcess, document: str) -> None:
    token = shared_server.demo.hearing.clerk.token
    speaker = await CollabSpeaker.connect(shared_server.url, document, token)
    await until(lambda: speaker.denied or speaker.closed, "PermissionDenied")
    assert not speaker.synced
    try:
        raw = await RawSocket.open(shared_server.url, f"/yjs/{document}", token=token)
    except UpgradeRefused as refused:
        assert refused.status in (403, 404)
    else:
        assert (await raw.ended()).code in (4400, 4403)


async def test_the_yjs_subprotocol_carries_the_token_and_is_answered_without_it(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    headers = [("Sec-WebSocket-Protocol", f"yunting, bearer.{hearing.clerk.token}")]
    speaker = await YjsSpeaker.connect(shared_server.url, hearing.transcript, "", headers=headers)
    await speaker.in_step()
    assert b"yunting" in speaker.raw.head
    assert hearing.clerk.token.encode() not in speaker.raw.head
    await speaker.leave()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_cookie_from_another_origin_is_no_login(shared_server: ServerProcess, origin: str) -> None:
    hearing = shared_server.demo.hearing
    with shared_server.http() as client:
        answer = client.post("/api/login/link", json={"secret": hearing.clerk.link.split("#", 1)[1]})
        assert answer.status_code == 200
        cookie = "; ".join(f"{name}={content}" for name, content in client.cookies.items())
    foreign = [("Cookie", cookie), ("Origin", origin)]
    raw = await RawSocket.open(shared_server.url, f"/yjs/{hearing.transcript}", headers=foreign)
    assert (await raw.ended()).code in (4401, 4403)
    ours = [("Cookie", cookie), ("Origin", shared_server.url)]
    speaker = await YjsSpeaker.connect(shared_server.url, hearing.transcript, "", headers=ours)
    await speaker.in_step()
    await speaker.leave()


async def test_too_many_frames_for_five_seconds_close_4429(shared_server: ServerProcess) -> None:
    raw = await opened(shared_server, "yjs")
    question = frame(BINARY, m.sync(m.STEP2, m.NOTHING))
    end = time.monotonic() + 60
    while raw.closed is None and time.monotonic() < end:
        raw.write(question * 100)
        await asyncio.sleep(0.05)  # 2,000 a second: the rate is what is tested
    assert (await raw.ended()).code == 4429
    await alive(shared_server)


async def test_a_short_burst_is_no_offence(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    speaker = await YjsSpeaker.connect(shared_server.url, hearing.transcript, hearing.clerk.token)
    await speaker.in_step()
    speaker.raw.write(frame(BINARY, m.sync(m.STEP2, m.NOTHING)) * 1_200)
    await speaker.asked_again()
    assert speaker.closed is None
    await speaker.leave()


@pytest.mark.parametrize("wire", ["collab"])
async def test_an_unauthenticated_socket_is_closed_after_ten_seconds(shared_server: ServerProcess, wire: str) -> None:
    start = time.monotonic()
    raw = await opened(shared_server, wire)
    closed = await raw.ended(60)
    assert closed.code == 4401
    assert time.monotonic() - start >= UNAUTHENTICATED - 1


async def half_open(server: ServerProcess, number: int) -> RawSocket:
    """A handshake that stops somewhere: nothing, half a header, a whole one without an end."""
    raw = await RawSocket.connect(server.url, record=False)
    whole = opening("127.0.0.1", "/collab", [])
    raw.write(whole[: (0, 20, len(whole) - 2)[number % 3]])
    return raw


async def test_a_thousand_half_open_handshakes_are_harmless(shared_server: ServerProcess) -> None:
    before = shared_server.resident_bytes
    sockets: list[RawSocket] = []
    for start in range(0, HALF_OPEN, 100):
        sockets += await asyncio.gather(*(half_open(shared_server, n) for n in range(start, start + 100)))
    await alive(shared_server)
    grown = shared_server.resident_bytes - before
    assert grown < 150 * MEBIBYTE
    keep("half_open", {"handshakes": HALF_OPEN, "grown_mib": round(grown / MEBIBYTE, 1)})
    await until(lambda: all(raw.closed for raw in sockets), "half-open handshakes to be ended", 120)
    await alive(shared_server)

"""The contract with aiortc's private parts: fails when one of them moves, so that nobody upgrades by accident."""

import asyncio
import importlib.metadata
import inspect
import threading

import aiortc.rtcdtlstransport
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import pylibsrtp
from aioice.ice import Connection as Ice
from aioice.ice import StunProtocol
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from pylibsrtp._binding import lib

from media import seam


def test_the_seam_was_written_against_what_is_installed() -> None:
    assert {name: importlib.metadata.version(name) for name in seam.VERSIONS} == seam.VERSIONS


def test_aiortc_keeps_its_keys_where_the_seam_takes_them() -> None:
    setup = inspect.getsource(aiortc.rtcdtlstransport.RTCDtlsTransport._setup_srtp)
    assert "self._rx_srtp = Session(rx_policy)" in setup and "self._tx_srtp = Session(tx_policy)" in setup
    assert "tx_policy.allow_repeat_tx = True" in setup, "a repair is the same packet once more"
    assert pylibsrtp.Session()._srtp[0]
    for name in ("srtp_protect", "srtp_protect_rtcp", "srtp_unprotect", "srtp_unprotect_rtcp"):
        assert callable(getattr(lib, name))


def test_aioice_hands_datagrams_to_a_method_that_can_be_stood_in_front_of() -> None:
    assert list(inspect.signature(StunProtocol.datagram_received).parameters) == ["self", "data", "addr"]
    ice = Ice(ice_controlling=False)
    assert ice._protocols == [] and ice._nominated == {}
    assert "self._query_consent_task = asyncio.create_task(self.query_consent())" in inspect.getsource(Ice.connect)
    assert "retransmissions" in inspect.signature(StunProtocol.request).parameters


def test_only_send_and_receive_start_anything() -> None:
    sender, receiver = aiortc.rtcrtpsender.RTCRtpSender, aiortc.rtcrtpreceiver.RTCRtpReceiver
    for kind, start in ((sender, "send"), (receiver, "receive")):
        starting = [
            name
            for name, function in inspect.getmembers(kind, inspect.isfunction)
            if "ensure_future(" in inspect.getsource(function) or "Thread(" in inspect.getsource(function)
        ]
        assert starting == [start]
        assert "if self.__started:" in inspect.getsource(kind.stop)


def test_the_estimator_is_built_by_the_name_that_the_seam_replaces() -> None:
    built = inspect.getsource(aiortc.rtcrtpreceiver.RTCRtpReceiver.__init__)
    assert "self.__remote_bitrate_estimator = RemoteBitrateEstimator()" in built


async def test_a_connection_negotiates_and_carries_without_threads_or_running_senders() -> None:
    threads = set(threading.enumerate())
    client = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    for kind in ("audio", "video", "video"):
        transceiver = client.addTransceiver(kind, "sendonly")
        transceiver.sender.send = seam._register_only
    await client.setLocalDescription(await client.createOffer())
    states: list[str] = []
    came = asyncio.Event()

    def receive(packet: bytes, now: float) -> None:
        came.set()

    own = seam.Connection(seam.Reach(private_candidates=True), receive, receive, states.append)
    answer = await own.answer(client.localDescription.sdp, "recvonly")
    await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    async with asyncio.timeout(60):
        while not own.ready or client.connectionState != "connected":
            await asyncio.sleep(0.01)
    assert [line.kind for line in own.lines] == ["audio", "video", "video"]
    assert [line.theirs[0] for line in own.lines] == [own.sender._ssrc for own in client.getTransceivers()]
    first = client.getTransceivers()[0].sender
    await first.transport._send_rtp(b"\x80\x60" + bytes(6) + first._ssrc.to_bytes(4) + b"sound")
    await asyncio.wait_for(came.wait(), 60)
    assert states == ["connected"]
    assert set(threading.enumerate()) <= threads
    await client.close()
    await own.close()


async def test_an_answer_offers_opus_repair_and_neither_retransmission_streams_nor_other_codecs() -> None:
    client = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    for kind in ("audio", "video", "audio", "video"):
        client.addTransceiver(kind, "recvonly")
    await client.setLocalDescription(await client.createOffer())
    own = seam.Connection(seam.Reach(True, "203.0.113.7"), None, lambda packet, now: None, lambda state: None)
    answer = await own.answer(client.localDescription.sdp, "sendonly")
    assert answer.count("useinbandfec=1") == 2 and "usedtx" not in answer
    assert "rtx" not in answer and "H264" not in answer and "PCMU" not in answer
    assert answer.count("a=msid:slot0 ") == answer.count("a=msid:slot1 ") == 2
    assert " 203.0.113.7 " in answer
    assert answer.count("a=sendonly") == 4
    await own.close()
    await client.close()

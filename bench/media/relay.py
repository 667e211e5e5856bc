"""`python -m bench.media.relay SOCKET`: a room of aiortc's MediaRelay, which decodes and encodes each stream.

It speaks the few lines of the media process's link that load needs: hello, join, offer, and takes apply without effect.
"""

import asyncio
import json
import sys
from typing import Any

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay


class Room:
    """Everybody who publishes is relayed to everybody who subscribes after them."""

    def __init__(self) -> None:
        self.relay = MediaRelay()
        self.tracks: dict[str, list[Any]] = {}
        self.connections: list[RTCPeerConnection] = []

    async def offer(self, peer: str, leg: str, sdp: str) -> str:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.connections.append(connection)
        if leg == "publish":
            connection.on("track", lambda track: self.tracks.setdefault(peer, []).append(track))
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        if leg == "subscribe":
            self._give(peer, connection)
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    def _give(self, peer: str, connection: RTCPeerConnection) -> None:
        others = [track for each, tracks in self.tracks.items() if each != peer for track in tracks]
        waiting = {kind: [track for track in others if track.kind == kind] for kind in ("audio", "video")}
        for transceiver in connection.getTransceivers():
            if waiting[transceiver.kind]:
                transceiver.sender.replaceTrack(self.relay.subscribe(waiting[transceiver.kind].pop(0), buffered=False))
                transceiver.direction = "sendonly"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    room = Room()
    while line := await reader.readline():
        asked = json.loads(line)
        answer: dict[str, Any] = {"id": asked["id"]}
        if asked["op"] == "offer":
            answer["sdp"] = await room.offer(asked["peer"], asked["leg"], asked["sdp"])
        writer.write(json.dumps(answer).encode() + b"\n")
    await asyncio.gather(*(connection.close() for connection in room.connections))


async def main(path: str) -> None:
    server = await asyncio.start_unix_server(serve, path, limit=1 << 20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
